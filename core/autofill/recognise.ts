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
  /** maxlength, of all its boxes together; -1 where there is none. */
  readonly maxLength: number;
  /** How many boxes of one digit it is split into; undefined where it is one input. */
  readonly boxes?: number | undefined;
}

export interface Unrecognised {
  readonly kind: 'unrecognised';
  /** The first thing that did not fit: no known 画面ID or heading, no heading for it, no such field, several. */
  readonly reason: 'screen' | 'heading' | 'field' | 'several-fields';
}

export type Recognition<Field extends FieldFacts = FieldFacts> =
  | { readonly kind: 'recognised'; readonly screen: string; readonly field: Field }
  | Unrecognised;

/** The shortest code there is, in digits; and how many boxes a code of any length is split into. */
const SHORTEST_CODE = 6;
const SPLITS: readonly unknown[] = [undefined, SHORTEST_CODE, 8];

/**
 * Recognises a screen only if everything fits: the 画面ID where the rule knows one, and none of another rule where it
 * does not; and the heading.
 */
export function recogniseScreen(
  { idText, headings }: Pick<PageFacts, 'idText' | 'headings'>,
  screens: readonly ScreenRule[],
): ScreenRule | Unrecognised {
  const [printed = '', ...others] = printedScreenIds(idText);
  const known = screens.some(({ ids }) => ids.includes(printed));
  const shown = headings.map(plain);
  const screen = screens.find(
    (rule) =>
      (known ? rule.ids.includes(printed) : !rule.ids[0]) &&
      rule.headings.some((heading) => shown.includes(heading)),
  );
  return others[0] || !screen ? unrecognised(known ? 'heading' : 'screen') : screen;
}

/** Finds the one field with the right label. Anything less, or more, is not recognised, and nothing is filled. */
function recogniseField<Field extends FieldFacts>(
  { id, labels }: ScreenRule,
  fields: readonly Field[],
): Recognition<Field> {
  const [field, ...rivals] = fields.filter(
    ({ label, maxLength, boxes }) =>
      labels.includes(labelName(label)) &&
      SPLITS.includes(boxes) &&
      (maxLength === -1 || maxLength >= SHORTEST_CODE),
  );
  if (!field) return unrecognised('field');
  return rivals[0] ? unrecognised('several-fields') : { kind: 'recognised', screen: id, field };
}

/** Recognises a screen and its field. */
export function recognise<Field extends FieldFacts>(
  facts: PageFacts<Field>,
  screens: readonly ScreenRule[],
): Recognition<Field> {
  const screen = recogniseScreen(facts, screens);
  return 'kind' in screen ? screen : recogniseField(screen, facts.fields);
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
