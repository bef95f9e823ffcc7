import axe from 'axe-core';
import type { Page } from 'puppeteer';

/** What axe finds on a page by all of its rules, best practices among them: the rule and where, one a line. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const judge: typeof axe = Reflect.get(globalThis, 'axe');
    const { violations } = await judge.run(document);
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}
