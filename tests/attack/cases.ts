import { expect, test } from 'vitest';
import { waitIn } from '../e2e/wait-in.ts';
import type { Arena } from './arena.ts';
import cases from './cases.json' with { type: 'json' };
import { StandIn } from './stand-in.ts';

/** A page of the world, at the bank's address, and which fields are to hold the code. */
interface Case {
  readonly id: string;
  readonly path: string;
  readonly html: string;
  readonly otherPages?: Readonly<Record<string, { readonly html: string } | undefined>>;
  readonly fields: string | readonly string[] | null;
}

/** What a person does on some of them. */
const ACTS: Readonly<Record<string, (arena: Arena) => Promise<unknown>>> = {
  'appears/popover': ({ page }) => page.click('[popovertarget]'),
  'appears/view-transition': ({ page }) => page.click('#b'),
  'prerender/prerendered': ({ page }) => Promise.all([page.waitForNavigation(), page.click('#go')]),
};

export function pagesOfTheWorld(onArena: () => Arena): void {
  async function open({ id, path, html, otherPages = {} }: Case): Promise<void> {
    for (const [at, page] of Object.entries(otherPages))
      if (page) onArena().standIn.put(onArena().bankUrl(at), { html: page.html });
    await onArena().open(html, onArena().bankUrl(path));
    await ACTS[id]?.(onArena());
  }

  const pages: readonly Case[] = cases.pages;
  const inTabs = pages.filter(({ id }) => id.startsWith('background/'));
  const toFill = pages.filter((one) => one.fields !== null && !inTabs.includes(one));

  test.each(toFill)('$id: is filled', async (one) => {
    await open(one);
    await onArena().until(
      async () => /^[0-9]{8}$/.test(await onArena().digitsIn(one.fields ?? '')),
      'the code',
    );
    expect(await onArena().settled()).toBe('filled');
  });

  test.each(pages.filter(({ fields }) => fields === null))('$id: stays empty', async (one) => {
    await open(one);
    expect(await onArena().outcome()).toMatch(/^unrecognised: (screen|heading|field) [a-z-]+$/);
    await onArena().expectNothing();
  });

  test.each(inTabs)('$id: is filled once somebody looks', async ({ otherPages = {} }) => {
    const [[path, page] = []] = Object.entries(otherPages);
    const tab = await StandIn.in(await onArena().stage.browser.newPage());
    const url = onArena().bankUrl(path);
    tab.put(url, { html: page?.html ?? '' });
    await onArena().page.bringToFront();
    await tab.page.goto(url);
    expect(await tab.page.evaluate(() => document.visibilityState)).toBe('hidden');
    expect((await onArena().scripts.ask('page.report')).map(({ kind }) => kind)).toEqual(['unrecognised']);
    expect(await tab.page.$eval('#o', (field) => (field as HTMLInputElement).value)).toBe('');
    await tab.page.bringToFront();
    const filled = () => /^[0-9]{8}$/.test(document.querySelector('input')?.value ?? '');
    await waitIn(tab.page, filled);
    await tab.page.close();
    await onArena().page.bringToFront();
  });
}
