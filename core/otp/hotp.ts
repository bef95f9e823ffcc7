import { codeOf, factorsOf } from './factor.ts';
import type { OtpKey } from './key.ts';
import type { OtpParameters } from './totp.ts';

/** How codes are made that a button counts (RFC 4226). */
export interface CountedParameters extends Pick<OtpParameters, 'algorithm' | 'digits'> {
  readonly period: null;
}

/** How a token's codes are made, by its clock or by its button. */
export type CodeParameters = OtpParameters | CountedParameters;

/** The greatest count a token may stand at: nobody presses a button so often. */
export const MOST_COUNT = 2_000_000_000;

/**
 * The one-time password of a count.
 * @returns exactly `digits` decimal digits
 * @throws RangeError when the key is too short
 * @see RFC 4226 §5.3
 */
export function codeOfCount(
  key: OtpKey,
  parameters: Pick<OtpParameters, 'digits'>,
  count: number,
): Promise<string> {
  return codeOf(key, parameters, count);
}

/** Counts in a row: the first of them, not under 0, and the last; none where the last is before the first. */
export interface CountRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Of some counts, or of time steps, which are counts as well, those whose code was presented; each is compared, in constant
 * time.
 */
export function matchingCounts(
  key: OtpKey,
  parameters: Pick<OtpParameters, 'digits'>,
  code: string,
  { from, to }: CountRange,
): Promise<number[]> {
  const counts = Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => from + place);
  return factorsOf(key, parameters, code, counts);
}
