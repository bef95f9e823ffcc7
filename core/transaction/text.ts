/** Why a name cannot be taken. invisible: control, bidi, zero-width and other characters that show nothing, lone surrogates. */
export type TextProblem = 'empty' | 'too-long' | 'invisible' | 'character';

export type CheckedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: TextProblem };

/** Characters that show nothing, or change how others show. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** What names in transfers are written with: Japanese scripts, ASCII letters and digits, and the zengin symbols. */
const WRITABLE = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー・A-Za-z0-9 ().,/「」¥&'-]+$/u;

/** Kanji's building blocks, and old or small kana outside the common blocks: they pass for characters they are not. */
const LOOKALIKES = /[\u2e80-\u2fdf\u{16fe0}-\u{16fff}\u{1b000}-\u{1b16f}]/u;

/** Dashes people type for the zengin hyphen. */
const DASHES = /[\u2010-\u2015\u2212]/g;

/**
 * Brings a name to the one form that is signed and shown: half-width kana and full-width letters, digits and symbols
 * become the ordinary ones (NFKC), runs of spaces one space. Anything that could make one name look like another is
 * refused, not removed.
 * @param most the longest it may be then, in characters
 */
export function checkText(typed: string, most: number): CheckedText {
  if (INVISIBLE.test(typed)) return refused('invisible');
  const text = typed.normalize('NFKC').replace(DASHES, '-').replace(/ +/g, ' ').trim();
  if (text === '') return refused('empty');
  if ([...text].length > most) return refused('too-long');
  return WRITABLE.test(text) && !LOOKALIKES.test(text) ? { kind: 'text', text } : refused('character');
}

const refused = (reason: TextProblem): CheckedText => ({ kind: 'refused', reason });
