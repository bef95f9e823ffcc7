import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useStage } from '../e2e/stage.ts';
import { Arena } from './arena.ts';
import { NAMED_BESIDE, NAMED_OTHERWISE } from './beside.ts';
import { EMPTY_AS_CUT, FILLED_THOUGH_CUT } from './cut.ts';
import { LENGTHENED, SCALED } from './lengths.ts';
import { SEEN_IN_PARTS, SEEN_IN_PARTS_IN_CHROMIUM, UNSEEN_IN_PARTS } from './letter-parts.ts';
import { READABLE, UNREADABLE } from './letters.ts';
import { EMPTY_UNDER_MASKS, FILLED_UNDER_MASKS } from './masks.ts';
import { EMPTY, FILLED, neighbourPage } from './neighbours.ts';
import { PAINTED_BESIDE } from './painted-beside.ts';
import { PAINTED_OVER, PAINTED_OVER_IN_CHROMIUM } from './painted-over.ts';
import { EMPTY_IN_SLOTS, FILLED_IN_SLOTS } from './slotted.ts';
import { LARGE_ENOUGH, TOO_SMALL } from './small-letters.ts';
import { EMPTY_WITHOUT_BOXES, FILLED_WITHOUT_BOXES } from './without-boxes.ts';
import { WRITTEN, WRITTEN_OTHERWISE } from './written.ts';

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
  ...FILLED_IN_SLOTS,
};
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
const covered = { ...PAINTED_OVER, ...LENGTHENED };
const filledIn = { chromium: { ...filled, ...SEEN_IN_PARTS_IN_CHROMIUM }, firefox: filled };
const coveredIn = { chromium: { ...covered, ...PAINTED_OVER_IN_CHROMIUM }, firefox: covered };

describe.each(['chromium', 'firefox'] as const)('neighbours of the pages of the world in %s', (kind) => {
  const onStage = useStage(kind, 'once', { confirmation: 'code' });
  let arena: Arena;

  beforeAll(async () => {
    arena = await Arena.on(onStage());
  });
  afterAll(() => arena?.attacker.close());
  beforeEach(() => arena.begin());

  test.each(Object.entries(filledIn[kind]))('is filled: %s', async (_what, parts) => {
    await arena.open(neighbourPage(parts));
    expect(await arena.settled()).toBe('filled');
  });

  test.each(Object.entries(empty))('stays empty: %s', async (_what, [check, parts]) => {
    await arena.open(neighbourPage(parts));
    expect(await arena.outcome()).toMatch(RegExp(`^unrecognised: (screen|heading|field) ${check}$`));
    await arena.expectNothing();
  });

  test.each(Object.entries(coveredIn[kind]))('stays empty, as it is covered: %s', async (_what, parts) => {
    await arena.open(neighbourPage(parts));
    expect(await arena.outcome()).toMatch(/^unrecognised: (screen|heading|field) covered$/);
    await arena.expectNothing();
  });

  test.each(Object.entries(WRITTEN_OTHERWISE))(
    'stays empty, as it is named otherwise: %s',
    async (_what, parts) => {
      await arena.open(neighbourPage(parts));
      expect(await arena.outcome()).toMatch(/^unrecognised: /);
      await arena.expectNothing();
    },
  );

  test('is filled only when asked: a form that names no method', async () => {
    await arena.open(neighbourPage({ form: 'action="/ib/next"' }));
    expect(await arena.settled()).toBe('refused: form-method');
    await arena.expectNothing();
    expect(await arena.outcome()).toBe('filled');
  });
});
