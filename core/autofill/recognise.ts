import type { ScreenRule } from './screens.ts';
import { labelName, plain } from './text.ts';

/** What a page says of itself, read off its DOM. */
export interface PageFacts {
  /** All visible text. */
  readonly text: string;
  /** Texts of elements that may be the screen's heading, images by their alternative text. */
  readonly headings: readonly string[];
  readonly fields: readonly FieldFacts[];
}

/** An input a person could type a code into. */
export interface FieldFacts {
  /** The name a person reads for it: its label, or the heading cell of its table row. */
  readonly label: string;
  /** maxlength; -1 where there is none. */
  readonly maxLength: number;
}

export type Recognition =
  | {
      readonly kind: 'recognised';
      readonly screen: string;
      readonly field: number;
      readonly maxLength: number;
    }
  | {
      readonly kind: 'unrecognised';
      /** The first thing that did not fit: no known 画面ID or heading, no heading for it, no such field, several. */
      readonly reason: 'screen' | 'heading' | 'field' | 'several-fields';
    };

/** The shortest code there is, in digits. */
const SHORTEST_CODE = 6;

/**
 * Recognises a screen only if everything fits: the 画面ID where the rule knows one, the heading, and exactly one field
 * with the right label. Anything less is not recognised, and nothing is filled.
 */
export function recognise(page: PageFacts, screens: readonly ScreenRule[]): Recognition {
  const printed = printedScreenId(page.text);
  const headings = new Set(page.headings.map(plain));
  const fitting = screens.filter(({ screenIds }) =>
    printed === undefined ? screenIds.length === 0 : screenIds.length === 0 || screenIds.includes(printed),
  );
  const screen = fitting.find((rule) => rule.headings.some((heading) => headings.has(heading)));
  if (screen === undefined) {
    const known = printed !== undefined && screens.some(({ screenIds }) => screenIds.includes(printed));
    return { kind: 'unrecognised', reason: known ? 'heading' : 'screen' };
  }
  return onlyField(screen, page.fields);
}

function onlyField(screen: ScreenRule, fields: readonly FieldFacts[]): Recognition {
  const [first, ...others] = fields
    .map((field, index) => ({ ...field, index }))
    .filter(({ label }) => screen.labels.includes(labelName(label)))
    .filter(({ maxLength }) => maxLength === -1 || maxLength >= SHORTEST_CODE);
  if (first === undefined) return { kind: 'unrecognised', reason: 'field' };
  if (others.length > 0) return { kind: 'unrecognised', reason: 'several-fields' };
  return { kind: 'recognised', screen: screen.id, field: first.index, maxLength: first.maxLength };
}

/** The 画面ID a page prints, in half-width capitals. */
function printedScreenId(text: string): string | undefined {
  return /画面ID[::]([A-Z0-9]{6})(?![A-Za-z0-9])/.exec(plain(text))?.[1];
}
