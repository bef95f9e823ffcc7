import type { FillRefusal, FillReport } from '../core/ports.ts';
import type { Tone } from './notice.tsx';
import type { TextKey } from './text.ts';

/** What the popup says of the bank's page, and whether the customer can have it filled from here. */
export interface PageWords {
  readonly tone: Tone;
  readonly title: TextKey;
  /** What to do; absent where there is nothing to do. */
  readonly next?: TextKey;
  readonly canFill: boolean;
}

const REFUSED: Record<FillRefusal, Omit<PageWords, 'tone'>> = {
  'sender-extension': { title: 'refusedSender', next: 'refusedSenderNext', canFill: false },
  'sender-origin': { title: 'refusedSender', next: 'refusedSenderNext', canFill: false },
  'sender-frame': { title: 'refusedFrame', next: 'refusedSenderNext', canFill: false },
  'sender-document': { title: 'refusedDocument', next: 'refusedDocumentNext', canFill: true },
  'institution-unknown': { title: 'refusedInstitution', next: 'refusedInstitutionNext', canFill: false },
  'screen-unknown': { title: 'pageUnknownScreen', next: 'pageTypeYourself', canFill: false },
  locked: { title: 'refusedLocked', next: 'refusedLockedNext', canFill: true },
  'no-token': { title: 'refusedNoToken', next: 'refusedNoTokenNext', canFill: false },
  'several-tokens': { title: 'refusedSeveral', next: 'refusedSeveralNext', canFill: true },
  'on-request': { title: 'refusedOnRequest', next: 'refusedOnRequestNext', canFill: true },
  'form-method': { title: 'refusedFormMethod', next: 'refusedFormMethodNext', canFill: true },
  'already-filled': { title: 'refusedAgain', next: 'refusedAgainNext', canFill: true },
  'token-expired': { title: 'refusedExpired', next: 'refusedExpiredNext', canFill: false },
  clock: { title: 'refusedClock', next: 'refusedClockNext', canFill: true },
  'confirmation-missing': { title: 'refusedUnconfirmed', next: 'refusedUnconfirmedNext', canFill: true },
  'confirmation-differs': { title: 'refusedDiffers', next: 'refusedDiffersNext', canFill: false },
  vault: { title: 'refusedVault', next: 'refusedVaultNext', canFill: true },
  'field-changed': { title: 'refusedField', next: 'refusedFieldNext', canFill: true },
};

const UNRECOGNISED: Record<Extract<FillReport, { kind: 'unrecognised' }>['reason'], TextKey> = {
  screen: 'pageUnknownScreen',
  heading: 'pageUnknownHeading',
  field: 'pageUnknownField',
  'several-fields': 'pageUnknownSeveral',
};

/** Refusals that are the customer's choice to make, not something gone wrong. */
const CALM: readonly FillRefusal[] = [
  'several-tokens',
  'no-token',
  'screen-unknown',
  'locked',
  'confirmation-missing',
];

function refusalTone(reason: FillRefusal): Tone {
  if (reason === 'confirmation-differs') return 'danger';
  if (reason === 'on-request' || reason === 'form-method' || reason === 'already-filled') return 'info';
  return CALM.includes(reason) ? 'info' : 'warn';
}

export function pageWords(report: FillReport): PageWords {
  switch (report.kind) {
    case 'asking':
      return { tone: 'info', title: 'pageAsking', canFill: true };
    case 'filled':
      return {
        tone: 'done',
        title: report.again ? 'pageFilledAgain' : 'pageFilled',
        next: 'pageFilledNext',
        canFill: false,
      };
    case 'waiting':
      return { tone: 'info', title: 'pageWaiting', canFill: false };
    case 'typed':
      return { tone: 'info', title: 'pageTyped', next: 'pageTypedNext', canFill: true };
    case 'unrecognised':
      return { tone: 'info', title: UNRECOGNISED[report.reason], next: 'pageTypeYourself', canFill: false };
    case 'refused':
      return { tone: refusalTone(report.reason), ...REFUSED[report.reason] };
  }
}

/** Whether コピー stays the thing to press: not beside a button to fill, nor on a page to be wary of. */
export function invitesCopy(report: FillReport): boolean {
  const { canFill, tone } = pageWords(report);
  return !canFill && tone !== 'warn' && tone !== 'danger';
}

/** Whole seconds until the next code is filled, by the device's clock: 0 once it is time. */
export function waitSeconds(report: FillReport, deviceMs: number): number {
  return report.kind === 'waiting' ? Math.max(0, Math.ceil((report.until - deviceMs) / 1000)) : 0;
}
