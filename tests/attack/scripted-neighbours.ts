import { expect, test } from 'vitest';
import type { BrowserKind } from '../e2e/test-browser.ts';
import type { Arena } from './arena.ts';
import { COVERED, NAMED_DIFFERENTLY, pagesOf, REFUSED, SEEN } from './neighbour-tables.ts';
import { neighbourPage } from './neighbours.ts';

/** Only the whole extension sees what a page's scripts do, and into closed shadow trees. */
export function neighboursWithScripts(onArena: () => Arena, kind: BrowserKind): void {
  test.each(pagesOf(REFUSED[kind], 'with scripts'))('stays empty: %s', async (_what, [check, parts]) => {
    await onArena().open(neighbourPage(parts));
    expect(await onArena().outcome()).toMatch(RegExp(`^unrecognised: (screen|heading|field) ${check}$`));
    await onArena().expectNothing();
  });

  test.each(pagesOf(COVERED[kind], 'with scripts'))(
    'stays empty, as it is covered: %s',
    async (_what, parts) => {
      await onArena().open(neighbourPage(parts));
      expect(await onArena().outcome()).toMatch(/^unrecognised: (screen|heading|field) covered$/);
      await onArena().expectNothing();
    },
  );

  test.each(pagesOf(NAMED_DIFFERENTLY, 'with scripts'))(
    'stays empty, as it is named otherwise: %s',
    async (_what, parts) => {
      await onArena().open(neighbourPage(parts));
      expect(await onArena().outcome()).toMatch(/^unrecognised: /);
      await onArena().expectNothing();
    },
  );

  test.each(pagesOf(SEEN[kind], 'with scripts'))('is filled: %s', async (_what, parts) => {
    await onArena().open(neighbourPage(parts));
    // A script may change the page after it was first read, as one that scrolls to the field once all is loaded.
    await onArena().until(async () => (await onArena().settled()) === 'filled', 'the code');
  });

  test('is filled only when asked: a form that names no method', async () => {
    await onArena().open(neighbourPage({ form: 'action="/ib/next"' }));
    expect(await onArena().settled()).toBe('refused: form-method');
    await onArena().expectNothing();
    expect(await onArena().outcome()).toBe('filled');
  });
}
