import type { FieldBeside } from '../family/screen.ts';
import type { Check } from './checks.ts';
import type { ScreenRule } from './screens.ts';
import { headingName, labelName } from './text.ts';
import { type Part, type Unrecognised, unrecognised } from './unrecognised.ts';

/** What the content script reads from a page's DOM. */
export interface PageFacts<Field extends FieldFacts = FieldFacts> {
  /** Visible text at each 「画面」 and right after it, where pages print a 画面ID. */
  readonly idText: string;
  /** Texts of visible elements that may be the screen's heading; of images the alternative text. */
  readonly headings: readonly string[];
  readonly fields: readonly Field[];
  /** What the page asks the token to sign: in the one hidden field for it, which goes to the page's own origin. */
  readonly challenge?: string | undefined;
  /** For each part, the first failed check of something that has our words. */
  readonly failed?: Readonly<Partial<Record<Part, Check | undefined>>>;
}

/** An input into which a person could type a code. */
export interface FieldFacts {
  /** The name that a person reads for it: its label, or the heading cells of its table row. */
  readonly label: string;
  /** maxlength, of all its boxes together; -1 if there is none. */
  readonly maxLength: number;
  /** Number of digits that its boxes take together; undefined for a single input. */
  readonly boxes?: number | undefined;
}

export type Recognition<Field extends FieldFacts = FieldFacts> =
  | {
      readonly kind: 'recognised';
      readonly screen: string;
      readonly field: Field;
      /** Those of the rule's `beside`, in its order, where it has any. */
      readonly beside?: readonly Field[];
    }
  | Unrecognised;

/** Digits of the shortest code, and the numbers of digits that boxes may take together. */
const SHORTEST_CODE = 6;

/** Most characters of what goes into a field: the longest code, and a シリアル番号 that we make. */
export const LENGTHS = { code: 8, serial: 10 } as const;
const SPLITS: readonly unknown[] = [undefined, SHORTEST_CODE, LENGTHS.code];

/**
 * Recognises a screen only if everything fits: the heading, and the 画面ID. If the rule has no 画面ID, the page must not have
 * that of another rule.
 */
export function recogniseScreen(
  { idText, headings, failed }: Pick<PageFacts, 'idText' | 'headings' | 'failed'>,
  screens: readonly ScreenRule[],
): ScreenRule | Unrecognised {
  const [printed = '', ...others] = printedScreenIds(idText);
  const known = screens.some(({ ids }) => ids.includes(printed));
  const shown = headings.map(headingName);
  const screen = screens.find(
    (rule) =>
      (known ? rule.ids.includes(printed) : !rule.ids[0]) &&
      rule.headings.some((heading) => shown.includes(heading)),
  );
  if (screen && !others[0]) return screen;
  const part = known ? 'heading' : 'screen';
  return unrecognised(part, failed?.[part]);
}

/** Finds the one field with the right label of each that a rule has. Anything less, or more, is not recognised, and nothing is filled. */
function recogniseField<Field extends FieldFacts>(
  { id, labels, beside }: ScreenRule,
  { fields, failed }: Pick<PageFacts<Field>, 'fields' | 'failed'>,
): Recognition<Field> {
  const found = [{ gives: 'code', labels } as const, ...beside].map((wanted) =>
    fields.filter((field) => isFor(wanted, field)),
  );
  if (found.some(([field]) => !field)) return unrecognised('field', failed?.field);
  if (found.some(([, rival]) => rival)) return unrecognised('several-fields');
  const [field, ...others] = found.flat();
  if (!field) return unrecognised('field', failed?.field);
  return { kind: 'recognised', screen: id, field, ...(others[0] && { beside: others }) };
}

/** A code stands in one field or in boxes, a シリアル番号 in one field; the shortest has room in it. */
function isFor({ gives, labels }: FieldBeside, { label, maxLength, boxes }: FieldFacts): boolean {
  const isSerial = gives === 'serial';
  return (
    labels.includes(labelName(label)) &&
    (isSerial ? boxes === undefined : SPLITS.includes(boxes)) &&
    (maxLength === -1 || maxLength >= (isSerial ? LENGTHS.serial : SHORTEST_CODE))
  );
}

/** Recognises a screen and its field. */
export function recognise<Field extends FieldFacts>(
  facts: PageFacts<Field>,
  screens: readonly ScreenRule[],
): Recognition<Field> {
  const screen = recogniseScreen(facts, screens);
  return 'kind' in screen ? screen : recogniseField(screen, facts);
}

/** The 画面IDs that a page prints, each once, in half-width capitals. */
const printedScreenIds = (text: string): Set<string> =>
  new Set(
    text
      .normalize('NFKC')
      .match(/画面\s*ID[\s:=\p{Pd}・/→|[\](){}【】「」『』〔〕《》〈〉<>]*[A-Z\d]{6}(?!\w)/gu)
      ?.map((match) => match.slice(-6)),
  );
