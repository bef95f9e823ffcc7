import type { Institution } from '../core/institution/directory.ts';
import type { TextKey } from './text.ts';

type Family = Institution['family'];

/** The texts that name a family's own screens, papers or procedures, by what they are for. */
export const FAMILY_TEXTS = {
  ending: { ANSER: 'endingBody', SHINKIN: 'endingBodyShinkin' },
  expired: { ANSER: 'expiredBody', SHINKIN: 'expiredBodyShinkin' },
  keyFailed: { ANSER: 'keyFailedBody', SHINKIN: 'keyFailedBodyShinkin' },
  beforeChange: { ANSER: 'cautionBeforeChange', SHINKIN: 'cautionBeforeChangeShinkin' },
  beforeRemoval: { ANSER: 'removeWarning', SHINKIN: 'removeWarningShinkin' },
  readyToRemove: { ANSER: 'removeReleased', SHINKIN: 'removeReleasedShinkin' },
  cannotLogIn: { ANSER: 'wayBackElse', SHINKIN: 'wayBackElseShinkin' },
  suspendSelf: { ANSER: 'recoverySuspendSelf', SHINKIN: 'recoverySuspendStaff' },
  endSelf: { ANSER: 'recoverySelf', SHINKIN: 'recoverySelfShinkin' },
  endSelfPage: { ANSER: 'recoverySelfOpen', SHINKIN: 'recoverySelfOpenShinkin' },
  endByPhone: { ANSER: 'recoveryPhone', SHINKIN: 'recoveryPhoneShinkin' },
  endByPhoneElse: { ANSER: 'recoveryPhoneElse', SHINKIN: 'recoveryPhoneElseShinkin' },
  endAtCounter: { ANSER: 'recoveryCounter', SHINKIN: 'recoveryCounterShinkin' },
  endAtCounterElse: { ANSER: 'recoveryCounterElse', SHINKIN: 'recoveryCounterElseShinkin' },
  afterEnd: { ANSER: 'recoveryAfter', SHINKIN: 'recoveryAfterShinkin' },
  againNow: { ANSER: 'recoveryReissueNow', SHINKIN: 'recoveryReissueNowShinkin' },
  againNextDay: { ANSER: 'recoveryReissueNextDay', SHINKIN: 'recoveryReissueNextDayShinkin' },
  againLater: { ANSER: 'recoveryReissue', SHINKIN: 'recoveryReissueShinkin' },
} as const satisfies Record<string, Record<Family, TextKey>>;

export type FamilyText = keyof typeof FAMILY_TEXTS;

/** The text of an institution's family; of one that is no longer in the directory, that of the first. */
export const familyText = (what: FamilyText, institution: { readonly family: Family } | undefined): TextKey =>
  FAMILY_TEXTS[what][institution?.family ?? 'ANSER'];
