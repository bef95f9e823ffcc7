import type { PageState } from '../core/autofill/bank-page.ts';
import type { Check } from '../core/autofill/checks.ts';
import type { FillRefusal, FillReport } from '../core/messages/fill.ts';
import type { Tone } from './notice.tsx';
import type { TextKey } from './text.ts';

/**
 * Actions that help: fill asks for the code · choose shows the tokens · add starts another 初期設定 · allow asks for the
 * permission · reload loads the page again · cancel calls off what another device was asked
 */
export type PageAction = 'fill' | 'choose' | 'add' | 'allow' | 'reload' | 'cancel';

/** The popup's words about the bank's page, and the one button that helps. */
export interface PageWords {
  readonly tone: Tone;
  readonly title: TextKey;
  /** The part of the page that the title is about, inserted into the title. */
  readonly about?: TextKey;
  /** What to do; absent if there is nothing to do. */
  readonly next?: TextKey;
  readonly action?: PageAction;
}

const REFUSED: Record<FillRefusal, PageWords> = {
  'sender-extension': { tone: 'warn', title: 'refusedSender', next: 'refusedSenderNext' },
  'sender-origin': { tone: 'warn', title: 'refusedSender', next: 'refusedSenderNext' },
  'sender-frame': { tone: 'warn', title: 'refusedFrame', next: 'refusedSenderNext' },
  'sender-document': { tone: 'warn', title: 'refusedDocument', next: 'refusedDocumentNext', action: 'fill' },
  'institution-unknown': { tone: 'warn', title: 'refusedInstitution', next: 'refusedInstitutionNext' },
  'screen-unknown': { tone: 'info', title: 'pageUnknownScreen', next: 'pageTypeYourself' },
  locked: { tone: 'info', title: 'refusedLocked', next: 'refusedLockedNext', action: 'fill' },
  'no-token': { tone: 'info', title: 'refusedNoToken', next: 'refusedNoTokenNext', action: 'add' },
  unheard: { tone: 'warn', title: 'refusedUnheard', next: 'refusedUnheardNext', action: 'fill' },
  'several-tokens': { tone: 'info', title: 'refusedSeveral', next: 'refusedSeveralNext', action: 'choose' },
  'on-request': { tone: 'info', title: 'refusedOnRequest', next: 'refusedOnRequestNext', action: 'fill' },
  'form-method': { tone: 'info', title: 'refusedFormMethod', next: 'refusedFormMethodNext', action: 'fill' },
  'already-filled': { tone: 'info', title: 'refusedAgain', next: 'refusedAgainNext', action: 'fill' },
  'token-expired': { tone: 'warn', title: 'refusedExpired', next: 'refusedExpiredNext' },
  'token-over': { tone: 'warn', title: 'refusedOver', next: 'refusedOverNext' },
  clock: { tone: 'warn', title: 'refusedClock', next: 'refusedClockNext', action: 'fill' },
  'confirmation-missing': {
    tone: 'info',
    title: 'refusedUnconfirmed',
    next: 'refusedUnconfirmedNext',
    action: 'fill',
  },
  'confirmation-differs': { tone: 'danger', title: 'refusedDiffers', next: 'refusedDiffersNext' },
  vault: { tone: 'warn', title: 'refusedVault', next: 'refusedVaultNext', action: 'fill' },
  'field-changed': { tone: 'warn', title: 'refusedField', next: 'refusedFieldNext', action: 'fill' },
  'signature-first': {
    tone: 'info',
    title: 'refusedSignatureFirst',
    next: 'refusedSignatureFirstNext',
    action: 'fill',
  },
  'signature-only': { tone: 'warn', title: 'refusedSignatureOnly', next: 'refusedSenderNext' },
  'code-only': { tone: 'info', title: 'unsignedCodeOnly', next: 'unsignedCodeOnlyNext' },
  'signs-elsewhere': { tone: 'info', title: 'unsignedElsewhere', next: 'unsignedElsewhereNext' },
  'challenge-unknown': {
    tone: 'warn',
    title: 'unsignedUnknown',
    next: 'unsignedUnknownNext',
    action: 'fill',
  },
  'page-left': { tone: 'warn', title: 'unsignedDocument', next: 'unsignedNext', action: 'fill' },
  'sign-repeated': { tone: 'warn', title: 'unsignedRepeated', next: 'unsignedRepeatedNext' },
  'sign-foreign': { tone: 'danger', title: 'unsignedForeign', next: 'refusedSenderNext' },
  'sign-gone': { tone: 'warn', title: 'unsignedGone', next: 'unsignedGoneNext' },
  'sign-unreachable': {
    tone: 'warn',
    title: 'unsignedUnreachable',
    next: 'unsignedUnreachableNext',
    action: 'fill',
  },
  'sign-untrusted': { tone: 'danger', title: 'unsignedUntrusted', next: 'approvalUntrustedNext' },
  'approval-expired': {
    tone: 'warn',
    title: 'approvalExpired',
    next: 'approvalExpiredNext',
    action: 'fill',
  },
  'approval-refused': { tone: 'info', title: 'approvalRefused', next: 'approvalRefusedNext', action: 'fill' },
  'approval-not-me': { tone: 'danger', title: 'approvalNotMe', next: 'approvalNotMeNext' },
  'approval-withdrawn': {
    tone: 'info',
    title: 'approvalWithdrawn',
    next: 'approvalWithdrawnNext',
    action: 'fill',
  },
  'approval-superseded': {
    tone: 'info',
    title: 'approvalSuperseded',
    next: 'approvalSupersededNext',
    action: 'fill',
  },
  'approval-limited': {
    tone: 'warn',
    title: 'approvalLimited',
    next: 'approvalLimitedNext',
    action: 'fill',
  },
  'approval-unreachable': {
    tone: 'warn',
    title: 'approvalUnreachable',
    next: 'approvalUnreachableNext',
    action: 'fill',
  },
  'approval-unpaired': { tone: 'warn', title: 'approvalUnpaired', next: 'approvalUnpairedNext' },
  'approval-untrusted': { tone: 'danger', title: 'approvalUntrusted', next: 'approvalUntrustedNext' },
};

/** Where a signature was refused, in place of the sentences that speak of filling. */
const UNSIGNED: Partial<Record<FillRefusal, PageWords>> = {
  'sender-extension': { tone: 'warn', title: 'unsignedSender', next: 'refusedSenderNext' },
  'sender-origin': { tone: 'warn', title: 'unsignedSender', next: 'refusedSenderNext' },
  'sender-frame': { tone: 'warn', title: 'unsignedFrame', next: 'refusedSenderNext' },
  'sender-document': { tone: 'warn', title: 'unsignedDocument', next: 'unsignedNext', action: 'fill' },
  'institution-unknown': { tone: 'warn', title: 'unsignedInstitution', next: 'refusedInstitutionNext' },
  'screen-unknown': { tone: 'info', title: 'unsignedCodeOnly', next: 'unsignedCodeOnlyNext' },
  locked: { tone: 'info', title: 'unsignedLocked', next: 'unsignedLockedNext', action: 'fill' },
  'no-token': { tone: 'info', title: 'unsignedNoToken', next: 'refusedNoTokenNext', action: 'add' },
  unheard: { tone: 'warn', title: 'unsignedUnreachable', next: 'unsignedUnreachableNext', action: 'fill' },
  'several-tokens': { tone: 'info', title: 'unsignedSeveral', next: 'unsignedSeveralNext', action: 'choose' },
  'on-request': { tone: 'info', title: 'unsignedOnRequest', next: 'unsignedOnRequestNext', action: 'fill' },
  'token-expired': { tone: 'warn', title: 'unsignedExpired', next: 'refusedExpiredNext' },
  'token-over': { tone: 'warn', title: 'unsignedOver', next: 'refusedOverNext' },
  clock: { tone: 'warn', title: 'unsignedClock', next: 'unsignedClockNext', action: 'fill' },
  vault: { tone: 'warn', title: 'unsignedVault', next: 'unsignedNext', action: 'fill' },
};

type Unrecognised = Extract<FillReport, { kind: 'unrecognised' }>;
type Reason = Unrecognised['reason'];

/** Texts if no check refused it. */
const UNRECOGNISED: Record<Reason, TextKey> = {
  screen: 'pageUnknownScreen',
  heading: 'pageUnknownHeading',
  field: 'pageUnknownField',
  'several-fields': 'pageUnknownSeveral',
};

/** Names of the parts that checks are about. */
const ABOUT: Record<Reason, TextKey> = {
  screen: 'aboutScreen',
  heading: 'aboutHeading',
  field: 'aboutField',
  'several-fields': 'aboutField',
};

const CHECKED: Record<Check, PageWords> = {
  translated: { tone: 'info', title: 'checkTranslated', next: 'checkTranslatedNext' },
  disabled: { tone: 'info', title: 'checkDisabled', next: 'checkDisabledNext' },
  'too-small': { tone: 'info', title: 'checkTooSmall', next: 'checkTooSmallNext' },
  outside: { tone: 'info', title: 'checkOutside', next: 'checkOutsideNext' },
  clipped: { tone: 'info', title: 'checkClipped', next: 'checkTooSmallNext' },
  faded: { tone: 'info', title: 'checkFaded', next: 'checkLooksNext' },
  filtered: { tone: 'info', title: 'checkFiltered', next: 'checkLooksNext' },
  covered: { tone: 'info', title: 'checkCovered', next: 'checkCoveredNext' },
  'other-name': { tone: 'warn', title: 'checkOtherName', next: 'pageTypeYourself' },
  'off-origin': { tone: 'warn', title: 'checkOffOrigin', next: 'refusedSenderNext' },
  get: { tone: 'warn', title: 'checkGet', next: 'refusedSenderNext' },
};

const NOT_PERMITTED: Record<Extract<PageState, { kind: 'not-permitted' }>['of'], TextKey> = {
  page: 'accessPage',
  service: 'accessService',
  both: 'accessBoth',
};

function unrecognisedWords({ reason, check }: Unrecognised): PageWords {
  if (check) return { ...CHECKED[check], about: ABOUT[reason] };
  return { tone: 'info', title: UNRECOGNISED[reason], next: 'pageTypeYourself' };
}

export function pageWords(page: PageState): PageWords {
  switch (page.kind) {
    case 'asking':
      return { tone: 'info', title: 'pageAsking', action: 'fill' };
    case 'filled':
      return { tone: 'done', title: page.again ? 'pageFilledAgain' : 'pageFilled', next: 'pageFilledNext' };
    case 'waiting':
      return { tone: 'info', title: 'pageWaiting' };
    case 'approving':
      return { tone: 'info', title: 'pageApproving', next: 'pageApprovingNext', action: 'cancel' };
    case 'typed':
      return { tone: 'info', title: 'pageTyped', next: 'pageTypedNext', action: 'fill' };
    case 'signing':
      return { tone: 'info', title: 'pageSigning' };
    case 'signed':
      return { tone: 'done', title: 'pageSigned', next: 'pageSignedNext' };
    case 'unsigned':
      return UNSIGNED[page.reason] ?? REFUSED[page.reason];
    case 'unrecognised':
      return unrecognisedWords(page);
    case 'refused':
      return REFUSED[page.reason];
    case 'not-permitted':
      return { tone: 'warn', title: NOT_PERMITTED[page.of], next: 'accessNext', action: 'allow' };
    case 'not-injected':
      return { tone: 'info', title: 'pageNotInjected', next: 'pageNotInjectedNext', action: 'reload' };
  }
}

/** Whether コピー is the primary button: not beside another one, not on a suspicious page, and not where no code is asked. */
export function invitesCopy(page: PageState): boolean {
  const { action, tone } = pageWords(page);
  const asksForNone = page.kind === 'signing' || page.kind === 'signed';
  return !action && tone !== 'warn' && tone !== 'danger' && !asksForNone;
}

/** Whole seconds until the next code is filled, or another device is waited for no longer, by the device's clock; 0 then. */
export function waitSeconds(page: PageState, deviceMs: number): number {
  return 'until' in page ? Math.max(0, Math.ceil((page.until - deviceMs) / 1000)) : 0;
}
