import type { ReleaseWay } from '../../core/institution/directory.ts';
import type { TextKey } from '../text.ts';

/** The text about one way to release a token. */
export interface ReleaseWords {
  readonly way: ReleaseWay;
  readonly title: TextKey;
  readonly body: TextKey;
}

const TITLES: Record<ReleaseWay['by'], TextKey> = {
  'self-service': 'recoveryBySelf',
  phone: 'recoveryByPhone',
  counter: 'recoveryByCounter',
};

/** Texts for the first way to try, and for a later one that is tried if those before do not help. */
const FIRST: Record<ReleaseWay['by'], TextKey> = {
  'self-service': 'recoverySelf',
  phone: 'recoveryPhone',
  counter: 'recoveryCounter',
};
const ELSE: Record<ReleaseWay['by'], TextKey> = {
  'self-service': 'recoverySelf',
  phone: 'recoveryPhoneElse',
  counter: 'recoveryCounterElse',
};

/** The ways to release a token, in the order to try. */
export function releaseWords(ways: readonly ReleaseWay[]): readonly ReleaseWords[] {
  return ways.map((way, at) => ({
    way,
    title: TITLES[way.by],
    body: (at === 0 ? FIRST : ELSE)[way.by],
  }));
}

/** The text about when a token can be issued again after 利用解除, by the number of days. */
export function reissueWords(days: number): TextKey {
  if (days === 0) return 'recoveryReissueNow';
  return days === 1 ? 'recoveryReissueNextDay' : 'recoveryReissue';
}
