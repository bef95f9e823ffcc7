import type { ReleaseWay } from '../../core/institution/directory.ts';
import type { TextKey } from '../text.ts';

/** What is said of one way to release a token. */
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

/** Said of the first way to try, and of one that is tried where those before it do not help. */
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

/** When a token can be issued again after 利用解除; takes the days. */
export function reissueWords(days: number): TextKey {
  if (days === 0) return 'recoveryReissueNow';
  return days === 1 ? 'recoveryReissueNextDay' : 'recoveryReissue';
}
