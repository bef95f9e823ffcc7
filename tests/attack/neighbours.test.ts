import { describe, expect, test } from 'vitest';
import { useArena } from './arena.ts';
import { NAMED_OTHERWISE } from './beside.ts';
import { EMPTY_AS_CUT, EMPTY_AS_CUT_IN_FIREFOX } from './cut.ts';
import { LAID_OUT_OTHERWISE } from './laid-out.ts';
import { LENGTHENED } from './lengths.ts';
import { UNSEEN_IN_PARTS } from './letter-parts.ts';
import { UNREADABLE } from './letters.ts';
import { EMPTY_UNDER_MASKS } from './masks.ts';
import { EMPTY, neighbourPage } from './neighbours.ts';
import { PAINTED_OVER, PAINTED_OVER_IN_CHROMIUM } from './painted-over.ts';
import { NO_READINGS, RUBY_OVER } from './ruby.ts';
import { EMPTY_IN_SLOTS, NAMED_OTHERWISE_IN_SLOTS } from './slotted.ts';
import { TOO_SMALL } from './small-letters.ts';
import { EMPTY_WITHOUT_BOXES } from './without-boxes.ts';
import { WRITTEN_OTHERWISE } from './written.ts';

const empty = {
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
const emptyIn = { chromium: empty, firefox: { ...empty, ...EMPTY_AS_CUT_IN_FIREFOX } };
const otherwise = {
  ...WRITTEN_OTHERWISE,
  ...LAID_OUT_OTHERWISE,
  ...NAMED_OTHERWISE_IN_SLOTS,
  ...NO_READINGS,
};
const covered = { ...PAINTED_OVER, ...LENGTHENED, ...RUBY_OVER };
const coveredIn = { chromium: { ...covered, ...PAINTED_OVER_IN_CHROMIUM }, firefox: covered };

describe.each(['chromium', 'firefox'] as const)('neighbours that hide something in %s', (kind) => {
  const onArena = useArena(kind);

  test.each(Object.entries(emptyIn[kind]))('stays empty: %s', async (_what, [check, parts]) => {
    await onArena().open(neighbourPage(parts));
    expect(await onArena().outcome()).toMatch(RegExp(`^unrecognised: (screen|heading|field) ${check}$`));
    await onArena().expectNothing();
  });

  test.each(Object.entries(coveredIn[kind]))('stays empty, as it is covered: %s', async (_what, parts) => {
    await onArena().open(neighbourPage(parts));
    expect(await onArena().outcome()).toMatch(/^unrecognised: (screen|heading|field) covered$/);
    await onArena().expectNothing();
  });

  test.each(Object.entries(otherwise))('stays empty, as it is named otherwise: %s', async (_what, parts) => {
    await onArena().open(neighbourPage(parts));
    expect(await onArena().outcome()).toMatch(/^unrecognised: /);
    await onArena().expectNothing();
  });
});
