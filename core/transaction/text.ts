/** Why a name is refused. invisible: control, bidi, zero-width and other invisible characters, lone surrogates. */
export type TextProblem = 'empty' | 'too-long' | 'invisible' | 'character';

export type CheckedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: TextProblem };

/** Characters that are invisible, or change how others look. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * 異体字: a variation selector right behind a kanji selects a shape of it. These are the selectors of the Ideographic Variation
 * Database, and the three standardised ones.
 */
const VARIANT =
  /(\p{Unified_Ideograph}|[\uf900-\ufaff\u{2f800}-\u{2fa1f}])[\u{e0100}-\u{e01ef}\ufe00-\ufe02]/gu;

/**
 * Characters of names in transfers: every kanji of Unicode (including JIS X 0213) and the iteration marks, the kana of
 * JIS X 0213, and the letters, digits and symbols of the zengin format and of company names.
 */
const WRITABLE =
  /^(?:[\p{Unified_Ideograph}々〆〇〻]|[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff]|[かきくけこカキクケコセツトㇷ]\u309a|[ー・A-Za-z0-9 ().,/「」¥&'-])+$/u;

/** Dashes people type for the zengin hyphen. */
const DASHES = /[\u2010-\u2015\u2212]/g;

/** Dots and apostrophes of other keyboards, in place of the two that names have. */
const DOTS = /[\u00b7\u2022\u2027\u22c5]/g;
const APOSTROPHES = /[\u2018\u2019\u02bc]/g;

const withoutVariants = (text: string) => text.replace(VARIANT, '$1');

/** Whether there are characters that are invisible, or change how others look, other than the selectors of 異体字. */
export const hidesSomething = (text: string): boolean => INVISIBLE.test(withoutVariants(text));

/**
 * Normalises a name: half-width kana and full-width letters, digits and symbols become the ordinary ones (NFKC), 異体字 become
 * their kanji, and runs of spaces become one space. Characters that are not allowed stay in it.
 */
export const oneForm = (text: string): string =>
  withoutVariants(text)
    .normalize('NFKC')
    .replace(DASHES, '-')
    .replace(DOTS, '・')
    .replace(APOSTROPHES, "'")
    .replace(/ +/g, ' ')
    .trim();

/**
 * Brings a name to the form that is signed and shown. Characters that could make one name look like another are refused and
 * not removed.
 * @param most longest length of the result, in characters
 */
export function checkText(typed: string, most: number): CheckedText {
  if (hidesSomething(typed)) return refused('invisible');
  const text = oneForm(typed);
  if (text === '') return refused('empty');
  if ([...text].length > most) return refused('too-long');
  return WRITABLE.test(text) ? { kind: 'text', text } : refused('character');
}

const refused = (reason: TextProblem): CheckedText => ({ kind: 'refused', reason });
