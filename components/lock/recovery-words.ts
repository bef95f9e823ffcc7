import type { ReleaseWay } from '../../core/institution/directory.ts';
import type { RecoveryGuide } from '../../core/institution/guide.ts';
import { type FamilyText, familyText } from '../family-words.ts';
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
const FIRST: Record<ReleaseWay['by'], FamilyText> = {
  'self-service': 'endSelf',
  phone: 'endByPhone',
  counter: 'endAtCounter',
};
const ELSE: Record<ReleaseWay['by'], FamilyText> = {
  'self-service': 'endSelf',
  phone: 'endByPhoneElse',
  counter: 'endAtCounterElse',
};

type Guide = Pick<RecoveryGuide, 'family' | 'release' | 'reissueAfterDays'>;

/** The ways to end a token's use, in the order to try. */
export function releaseWords(guide: Guide): readonly ReleaseWords[] {
  return guide.release.map((way, at) => ({
    way,
    title: TITLES[way.by],
    body: familyText((at === 0 ? FIRST : ELSE)[way.by], guide),
  }));
}

/** The text about when there can be a token again after that. */
export function reissueWords(guide: Guide): TextKey {
  const { reissueAfterDays: days } = guide;
  return familyText(days === 0 ? 'againNow' : days === 1 ? 'againNextDay' : 'againLater', guide);
}
