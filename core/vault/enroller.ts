import type { TokenSummary } from './token.ts';

export interface EnrolInput {
  readonly serviceId: string;
  readonly userId: string;
  readonly activationPassword: string;
}

/**
 * unknown-service: no institution has that サービスID · refused: the service did not accept the three values · too-often:
 * too many tries at this issue or from here · unreachable: no answer · unavailable: the service is out of order · untrusted:
 * the institution's service did not sign the answer · clock: the service did not accept the request's time or signature ·
 * storage: this device could not store the token
 */
export type EnrolRefusal =
  | 'unknown-service'
  | 'refused'
  | 'too-often'
  | 'unreachable'
  | 'unavailable'
  | 'untrusted'
  | 'clock'
  | 'storage';

export type EnrolOutcome =
  | { readonly kind: 'enrolled'; readonly token: TokenSummary }
  | { readonly kind: 'refused'; readonly reason: EnrolRefusal };

/** 初期設定. After a lost answer the same input continues where it broke off. */
export interface Enroller {
  enrol(input: EnrolInput, signal: AbortSignal): Promise<EnrolOutcome>;
  /** シリアル番号のトークンを作る: a token of an institution, by its key, that no contract has yet. A lost answer is safe as well. */
  make(institution: string, signal: AbortSignal): Promise<EnrolOutcome>;
}
