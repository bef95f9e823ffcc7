import { groupedCode } from '../../core/pairing/link.ts';
import type { PairingSymbol } from '../../core/pairing/symbols.ts';
import type {
  ComparedPairing,
  OfferedPairing,
  PairingRefusal,
  Refused,
  TakenPairing,
} from '../../core/vault/pairing.ts';
import type { TextKey } from '../text.ts';

/** 連携 on the desktop. */
export type DesktopPhase =
  /** Of several token services the customer chooses one. */
  | { readonly kind: 'choosing' }
  | { readonly kind: 'offering' }
  | { readonly kind: 'offered'; readonly offered: OfferedPairing }
  /** `agreed`: said to be the same here, and waiting for the phone. */
  | { readonly kind: 'compared'; readonly compared: ComparedPairing; readonly agreed: boolean }
  | { readonly kind: 'ended'; readonly reason: PairingRefusal };

export type DesktopEvent =
  | { readonly kind: 'begun' }
  | OfferedPairing
  | ComparedPairing
  | { readonly kind: 'agreed' }
  | Refused;

export function reduceDesktop(phase: DesktopPhase, event: DesktopEvent): DesktopPhase {
  switch (event.kind) {
    case 'begun':
      return { kind: 'offering' };
    case 'offered':
      return { kind: 'offered', offered: event };
    case 'compared':
      return { kind: 'compared', compared: event, agreed: false };
    case 'agreed':
      return phase.kind === 'compared' ? { ...phase, agreed: true } : phase;
    case 'refused':
      return { kind: 'ended', reason: event.reason };
  }
}

/** 連携 on the phone. */
export type PhonePhase =
  | { readonly kind: 'typing'; readonly problem?: TextKey }
  | { readonly kind: 'scanning' }
  | { readonly kind: 'taking' }
  | {
      readonly kind: 'compared';
      readonly taken: TakenPairing;
      readonly sending: boolean;
      /** Why what the customer said did not arrive; it can be said again. */
      readonly problem?: PairingRefusal;
    }
  | { readonly kind: 'paired'; readonly desktop: string }
  | { readonly kind: 'ended'; readonly reason: PairingRefusal };

export type PhoneEvent =
  | { readonly kind: 'scan' }
  | { readonly kind: 'type'; readonly problem?: TextKey }
  | { readonly kind: 'taking' }
  | TakenPairing
  | { readonly kind: 'deciding' }
  | { readonly kind: 'paired' | 'ended' }
  | Refused;

/** After these the same can be said once more. */
const AGAIN: readonly PairingRefusal[] = ['unreachable', 'unavailable', 'clock'];

export function reducePhone(phase: PhonePhase, event: PhoneEvent): PhonePhase {
  switch (event.kind) {
    case 'scan':
      return { kind: 'scanning' };
    case 'type':
      return { kind: 'typing', ...(event.problem && { problem: event.problem }) };
    case 'taking':
      return { kind: 'taking' };
    case 'taken':
      return { kind: 'compared', taken: event, sending: false };
    case 'deciding':
      return phase.kind === 'compared' ? { kind: 'compared', taken: phase.taken, sending: true } : phase;
    case 'paired':
      return phase.kind === 'compared' ? { kind: 'paired', desktop: phase.taken.desktop.name } : phase;
    case 'ended':
      return { kind: 'ended', reason: 'refused' };
    case 'refused':
      return phase.kind === 'compared' && AGAIN.includes(event.reason)
        ? { ...phase, sending: false, problem: event.reason }
        : { kind: 'ended', reason: event.reason };
  }
}

/** A code as typed: full-width digits and what is put between them are taken as well. @returns undefined if it is none */
export function typedCode(typed: string): string | undefined {
  const code = typed.normalize('NFKC').replace(/[\s\-‐-―ー−]/g, '');
  return /^[0-9]{8}$/.test(code) ? code : undefined;
}

/** `1234 5678`, as it is read out and typed. */
export const spacedCode = (code: string): string => groupedCode(code).replace('-', ' ');

interface EndTexts {
  readonly title: TextKey;
  readonly body: TextKey;
}

/** What to tell the customer of each end. */
export const END_TEXTS: Record<PairingRefusal, EndTexts> = {
  unknown: { title: 'pairFailed', body: 'pairUnknown' },
  other: { title: 'pairFailed', body: 'pairOther' },
  expired: { title: 'pairFailed', body: 'pairExpired' },
  refused: { title: 'pairEnded', body: 'pairRefused' },
  token: { title: 'pairFailed', body: 'pairNotNow' },
  'too-often': { title: 'pairFailed', body: 'pairTooOften' },
  unreachable: { title: 'pairFailed', body: 'pairUnreachable' },
  unavailable: { title: 'pairFailed', body: 'pairUnavailable' },
  untrusted: { title: 'pairFailed', body: 'pairUntrusted' },
  clock: { title: 'pairFailed', body: 'pairClock' },
  storage: { title: 'pairFailed', body: 'pairStorage' },
};

/** The names of symbols in the customer's language, to be read out. */
export const namesOf = (symbols: readonly PairingSymbol[], language: string): string[] =>
  symbols.map(({ ja, en }) => (language === 'ja' ? ja : en));
