import type { ConfirmationMode } from '../core/api/confirmation.ts';
import { confirmingOf } from '../core/institution/confirming.ts';
import type { Institution } from '../core/institution/directory.ts';
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

/** What an institution's next token is issued with. */
export const nextTokenOf = (institution: Institution): TokenParameters => ({
  kind: institution.tokenKind ?? 'software',
  ...institution.otp,
  confirmation: confirmingOf(institution).mode,
});

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
