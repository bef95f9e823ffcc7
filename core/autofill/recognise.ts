import type { ScreenRule } from './screens.ts';
import { labelName, plain } from './text.ts';

/** What a page says of itself, read off its DOM. */
export interface PageFacts<Field extends FieldFacts = FieldFacts> {
  /** Visible text at each 「画面」 and right after it: where a 画面ID is printed. */
  readonly idText: string;
  /** Texts of visible elements that may be the screen's heading, images by their alternative text. */
  readonly headings: readonly string[];
  readonly fields: readonly Field[];
}

/** An input a person could type a code into. */
export interface FieldFacts {
  /** The name a person reads for it: its label, or the heading cells of its table row. */
  readonly label: string;
  /** maxlength; -1 where there is none. */
  readonly maxLength: number;
}

export interface Unrecognised {
  readonly kind: 'unrecognised';
  /** The first thing that did not fit: no known 画面ID or heading, no heading for it, no such field, several. */
  readonly reason: 'screen' | 'heading' | 'field' | 'several-fields';
}

export type Recognition<Field extends FieldFacts = FieldFacts> =
  | { readonly kind: 'recognised'; readonly screen: string; readonly field: Field }
  | Unrecognised;

/** The shortest code there is, in digits. */
const SHORTEST_CODE = 6;

/**
 * Recognises a screen only if everything fits: the 画面ID where the rule knows one, and none of another rule where it
 * does not; the heading; and exactly one field with the right label. Anything less is not recognised, and nothing is
 * filled.
 */
export function recognise<Field extends FieldFacts>(
  { idText, headings, fields }: PageFacts<Field>,
  screens: readonly ScreenRule[],
): Recognition<Field> {
  const [printed = '', ...others] = printedScreenIds(idText);
  const known = screens.some(({ ids }) => ids.includes(printed));
  const shown = headings.map(plain);
  const screen = screens.find(
    (rule) =>
      (known ? rule.ids.includes(printed) : !rule.ids[0]) &&
      rule.headings.some((heading) => shown.includes(heading)),
  );
  if (others[0] || !screen) return unrecognised(known ? 'heading' : 'screen');

  const [field, ...rivals] = fields.filter(
    ({ label, maxLength }) =>
      screen.labels.includes(labelName(label)) && (maxLength === -1 || maxLength >= SHORTEST_CODE),
  );
  if (!field) return unrecognised('field');
  return rivals[0] ? unrecognised('several-fields') : { kind: 'recognised', screen: screen.id, field };
}

const unrecognised = (reason: Unrecognised['reason']): Unrecognised => ({ kind: 'unrecognised', reason });

/** What is said of a page that nothing is known of. */
export const UNKNOWN: Unrecognised = unrecognised('screen');

/** The 画面IDs a page prints, each once, in half-width capitals. */
const printedScreenIds = (text: string): Set<string> =>
  new Set(
    text
      .normalize('NFKC')
      .match(/画面\s*ID[\s:]*[A-Z\d]{6}(?!\w)/g)
      ?.map((match) => match.slice(-6)),
  );
