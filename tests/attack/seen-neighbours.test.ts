import { describe, expect, test } from 'vitest';
import { useArena } from './arena.ts';
import { NAMED_BESIDE } from './beside.ts';
import { FILLED_THOUGH_CUT } from './cut.ts';
import { LAID_OUT } from './laid-out.ts';
import { SCALED } from './lengths.ts';
import { SEEN_IN_PARTS, SEEN_IN_PARTS_IN_CHROMIUM } from './letter-parts.ts';
import { READABLE } from './letters.ts';
import { FILLED_UNDER_MASKS } from './masks.ts';
import { FILLED, neighbourPage } from './neighbours.ts';
import { PAINTED_BESIDE } from './painted-beside.ts';
import { WITH_RUBY } from './ruby.ts';
import { FILLED_IN_SLOTS } from './slotted.ts';
import { LARGE_ENOUGH } from './small-letters.ts';
import { FILLED_WITHOUT_BOXES } from './without-boxes.ts';
import { WRITTEN } from './written.ts';

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
const filledIn = { chromium: { ...filled, ...SEEN_IN_PARTS_IN_CHROMIUM }, firefox: filled };

describe.each(['chromium', 'firefox'] as const)('neighbours that a person sees as a whole in %s', (kind) => {
  const onArena = useArena(kind);

  test.each(Object.entries(filledIn[kind]))('is filled: %s', async (_what, parts) => {
    await onArena().open(neighbourPage(parts));
    expect(await onArena().settled()).toBe('filled');
  });

  test('is filled only when asked: a form that names no method', async () => {
    await onArena().open(neighbourPage({ form: 'action="/ib/next"' }));
    expect(await onArena().settled()).toBe('refused: form-method');
    await onArena().expectNothing();
    expect(await onArena().outcome()).toBe('filled');
  });
});
