/** Why a name cannot be taken. invisible: control, bidi, zero-width and other characters that show nothing, lone surrogates. */
export type TextProblem = 'empty' | 'too-long' | 'invisible' | 'character';

export type CheckedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: TextProblem };

/** Characters that show nothing, or change how others show. */
export const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * 異体字: a variation selector that stands where Unicode has one, right behind a kanji, tells which shape of it is meant: those
 * of the Ideographic Variation Database, and the three standardised ones.
 */
const VARIANT =
  /(\p{Unified_Ideograph}|[\uf900-\ufaff\u{2f800}-\u{2fa1f}])[\u{e0100}-\u{e01ef}\ufe00-\ufe02]/gu;

/**
 * What names in transfers are written with: every kanji of Unicode (JIS X 0213 is among them) and the marks that stand for
 * one, the kana of JIS X 0213, and the letters, digits and symbols of the zengin format and of company names.
 */
const WRITABLE =
  /^(?:[\p{Unified_Ideograph}々〆〇〻]|[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff]|[かきくけこカキクケコセツトㇷ]\u309a|[ー・A-Za-z0-9 ().,/「」¥&'-])+$/u;

/** Dashes people type for the zengin hyphen. */
const DASHES = /[\u2010-\u2015\u2212]/g;

/** Dots and apostrophes other keyboards write for the two that names have. */
const DOTS = /[\u00b7\u2022\u2027\u22c5]/g;
const APOSTROPHES = /[\u2018\u2019\u02bc]/g;

const withoutVariants = (text: string) => text.replace(VARIANT, '$1');

/**
 * The one form of a name: half-width kana and full-width letters, digits and symbols become the ordinary ones (NFKC), 異体字
 * the kanji they are variants of, runs of spaces one space. What may not be in a name stays in it.
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
 * Brings a name to the form that is signed and shown. Anything else that could make one name look like another is refused,
 * not removed.
 * @param most the longest it may be then, in characters
 */
export function checkText(typed: string, most: number): CheckedText {
  if (INVISIBLE.test(withoutVariants(typed))) return refused('invisible');
  const text = oneForm(typed);
  if (text === '') return refused('empty');
  if ([...text].length > most) return refused('too-long');
  return WRITABLE.test(text) ? { kind: 'text', text } : refused('character');
}

const refused = (reason: TextProblem): CheckedText => ({ kind: 'refused', reason });
