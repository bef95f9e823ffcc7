import type { BrowserKind } from '../e2e/test-browser.ts';
import { NAMED_BESIDE, NAMED_OTHERWISE } from './beside.ts';
import { EMPTY_AS_CUT, EMPTY_AS_CUT_IN_FIREFOX, FILLED_THOUGH_CUT } from './cut.ts';
import { LAID_OUT, LAID_OUT_OTHERWISE } from './laid-out.ts';
import { LENGTHENED, SCALED } from './lengths.ts';
import { SEEN_IN_PARTS, SEEN_IN_PARTS_IN_CHROMIUM, UNSEEN_IN_PARTS } from './letter-parts.ts';
import { READABLE, UNREADABLE } from './letters.ts';
import { EMPTY_UNDER_MASKS, FILLED_UNDER_MASKS } from './masks.ts';
import { EMPTY, FILLED, neighbourPage, type Parts } from './neighbours.ts';
import { PAINTED_BESIDE } from './painted-beside.ts';
import { PAINTED_OVER, PAINTED_OVER_IN_CHROMIUM } from './painted-over.ts';
import { NO_READINGS, RUBY_OVER, WITH_RUBY } from './ruby.ts';
import { EMPTY_IN_SLOTS, FILLED_IN_SLOTS, NAMED_OTHERWISE_IN_SLOTS } from './slotted.ts';
import { LARGE_ENOUGH, TOO_SMALL } from './small-letters.ts';
import { EMPTY_WITHOUT_BOXES, FILLED_WITHOUT_BOXES } from './without-boxes.ts';
import { WRITTEN, WRITTEN_OTHERWISE } from './written.ts';

type Pages = Readonly<Record<string, Parts>>;

const refused = {
  ...EMPTY,
  ...UNREADABLE,
  ...EMPTY_WITHOUT_BOXES,
  ...EMPTY_UNDER_MASKS,
  ...EMPTY_AS_CUT,
  ...TOO_SMALL,
  ...UNSEEN_IN_PARTS,
  ...NAMED_OTHERWISE,
  ...EMPTY_IN_SLOTS,
};
const covered = { ...PAINTED_OVER, ...LENGTHENED, ...RUBY_OVER };
const filled = {
  ...FILLED,
  ...READABLE,
  ...PAINTED_BESIDE,
  ...FILLED_WITHOUT_BOXES,
  ...FILLED_UNDER_MASKS,
  ...FILLED_THOUGH_CUT,
  ...LARGE_ENOUGH,
  ...SCALED,
  ...SEEN_IN_PARTS,
  ...NAMED_BESIDE,
  ...WRITTEN,
  ...LAID_OUT,
  ...FILLED_IN_SLOTS,
  ...WITH_RUBY,
};

/** Pages that stay empty, each with the check that refuses it. */
export const REFUSED: Readonly<Record<BrowserKind, Readonly<Record<string, readonly [string, Parts]>>>> = {
  chromium: refused,
  firefox: { ...refused, ...EMPTY_AS_CUT_IN_FIREFOX },
};

/** Pages that stay empty, as something is painted over them. */
export const COVERED: Readonly<Record<BrowserKind, Pages>> = {
  chromium: { ...covered, ...PAINTED_OVER_IN_CHROMIUM },
  firefox: covered,
};

/** Pages that stay empty, as they say something else. */
export const NAMED_DIFFERENTLY: Pages = {
  ...WRITTEN_OTHERWISE,
  ...LAID_OUT_OTHERWISE,
  ...NAMED_OTHERWISE_IN_SLOTS,
  ...NO_READINGS,
};

/** Pages that are filled, as a person sees them as a whole. */
export const SEEN: Readonly<Record<BrowserKind, Pages>> = {
  chromium: { ...filled, ...SEEN_IN_PARTS_IN_CHROMIUM },
  firefox: filled,
};

/** Pages by scripts of their own, or all others. */
export function pagesOf<Row extends Parts | readonly [string, Parts]>(
  table: Readonly<Record<string, Row>>,
  which: 'with scripts' | 'without scripts',
): [what: string, row: Row][] {
  return Object.entries(table).filter(([, row]) => {
    const parts: Parts = Array.isArray(row) ? row[1] : row;
    return neighbourPage(parts).includes('<script') === (which === 'with scripts');
  });
}
