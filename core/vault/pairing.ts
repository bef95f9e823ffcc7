import type { Device } from '../api/bank.ts';
import type { PairingSymbol } from '../pairing/symbols.ts';
import type { TokenSummary } from './token.ts';

/**
 * unknown: the code is wrong, or was used or is over · other: the QR code is not of what the service offers · expired: not
 * done in time · refused: the other side called it off · token: it cannot be paired as it stands, or has as many paired devices as
 * it may have · too-often · unreachable: no answer · unavailable: the service is out of order · untrusted: what came was not
 * signed by the institution's service, or not what was promised · clock · storage: this device could not store it
 */
export type PairingRefusal =
  | 'unknown'
  | 'other'
  | 'expired'
  | 'refused'
  | 'token'
  | 'too-often'
  | 'unreachable'
  | 'unavailable'
  | 'untrusted'
  | 'clock'
  | 'storage';

export type Refused = { readonly kind: 'refused'; readonly reason: PairingRefusal };

/** 連携 on the desktop: it offers itself, and fills from then on what a phone approves. Nothing rejects. */
export interface DesktopPairer {
  /** @param institution key of one of the token's service */
  offer(institution: string, signal: AbortSignal): Promise<OfferedPairing | Refused>;
  /** Takes this device off a token. Where the service does not answer, the phone still lists it, and can remove it. */
  leave(token: TokenSummary): Promise<void>;
}

export interface OfferedPairing {
  readonly kind: 'offered';
  /** To be typed on the phone: eight digits. */
  readonly code: string;
  /** The address that the QR code holds. */
  readonly address: string;
  /** Device time in milliseconds. */
  readonly until: number;
  /** Waits until a phone has taken the code, and each side knows the other's keys. */
  compared(): Promise<ComparedPairing | Refused>;
  /** Called off on this side. */
  leave(): void;
}

export interface ComparedPairing {
  readonly kind: 'compared';
  readonly phone: Device;
  readonly institutionName: string;
  readonly symbols: readonly PairingSymbol[];
  /** Waits until the customer has said on the phone whether the symbols are the same. */
  decided(): Promise<{ readonly kind: 'agreed' } | Refused>;
  /** The customer says that the symbols are the same: waits until they say so on the phone, and stores the token. */
  agree(): Promise<{ readonly kind: 'paired'; readonly token: TokenSummary } | Refused>;
}

/** 連携 on the phone. Nothing rejects. */
export interface PhonePairer {
  /**
   * Takes the code that a desktop shows.
   * @param hash of the keys, where it came from a QR code
   */
  take(
    token: TokenSummary,
    code: { readonly code: string; readonly hash?: string | undefined },
    signal: AbortSignal,
  ): Promise<TakenPairing | Refused>;
  /** The desktops that a token is paired with. */
  desktops(
    token: TokenSummary,
  ): Promise<{ readonly kind: 'known'; readonly desktops: readonly Desktop[] } | Refused>;
  remove(token: TokenSummary, desktop: Desktop): Promise<{ readonly kind: 'removed' } | Refused>;
}

export interface TakenPairing {
  readonly kind: 'taken';
  readonly desktop: Device;
  readonly symbols: readonly PairingSymbol[];
  /** After a lost answer the same can be said again. */
  decide(same: boolean): Promise<{ readonly kind: 'paired' | 'ended' } | Refused>;
}

/** A paired desktop. Times are Unix milliseconds. */
export interface Desktop {
  readonly id: string;
  readonly jkt: string;
  readonly name: string;
  readonly addedAt: number;
  readonly lastSeenAt: number | undefined;
  /** Whether its key is kept here; without it nothing that it asks is shown. */
  readonly isKnown: boolean;
}
