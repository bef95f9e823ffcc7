import type { ConfirmationMode } from '../core/api/confirmation.ts';
import { confirmingOf } from '../core/institution/confirming.ts';
import type { Directory, Institution } from '../core/institution/directory.ts';
import type { CodeParameters } from '../core/otp/hotp.ts';
import type { TokenKind } from '../core/otp/kind.ts';
import type { OtpParameters } from '../core/otp/totp.ts';
import type { TokenRow } from './store/schema.ts';

/**
 * Parameters by which a token makes its codes and confirmations. At issue they come from the directory, later from the
 * token's row: an edit of the directory changes tokens that are issued later, and none that exist.
 */
export interface TokenParameters extends OtpParameters {
  readonly kind: TokenKind;
  readonly confirmation: ConfirmationMode;
}

/** The kinds that this version can issue. */
const MADE: readonly TokenKind[] = ['software', 'serial'];

/**
 * What an institution's next token is issued with.
 * @throws Error naming the institution and the kind, if this version cannot issue that kind
 */
export function nextTokenOf(institution: Institution): TokenParameters {
  const { key, tokenKind, otp } = institution;
  const kind = tokenKind ?? 'software';
  if (!MADE.includes(kind)) {
    throw new Error(`institution ${key}: this version cannot issue tokens of kind ${kind}, only ${MADE}`);
  }
  return { kind, ...otp, confirmation: confirmingOf(institution).mode };
}

/** Checks all institutions at the start, before a customer asks for a token. @throws Error as {@link nextTokenOf} */
export function checkTokenKinds({ institutions }: Directory): void {
  for (const institution of institutions) nextTokenOf(institution);
}

type ParameterColumns = Pick<TokenRow, 'kind' | 'algorithm' | 'digits' | 'period'>;

/** How a token's codes are made, by its clock or by its button. */
export const codeParametersOf = ({ algorithm, digits, period }: ParameterColumns): CodeParameters =>
  period === null ? { algorithm, digits, period } : { algorithm, digits, period };

/**
 * How the codes of a token that shows the time are made.
 * @throws Error where they are counted by a button and not by a clock: no token of ours has one
 */
export function otpParametersOf({ kind, algorithm, digits, period }: ParameterColumns): OtpParameters {
  if (period === null) throw new Error(`codes of tokens of kind ${kind} are not made by the clock`);
  return { algorithm, digits, period };
}
