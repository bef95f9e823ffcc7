/** The longest 追加文言, in graphemes. */
export const MAX_SUFFIX = 20;

/** Why a 追加文言 is refused. */
export type SuffixProblem = 'too-long' | 'unprintable';

/** Checks a trimmed 追加文言. Control, bidi and zero-width characters are refused, as they could make one token look like another. */
export function suffixProblem(suffix: string): SuffixProblem | undefined {
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u.test(suffix)) return 'unprintable';
  if ([...suffix].length > MAX_SUFFIX) return 'too-long';
  return undefined;
}
