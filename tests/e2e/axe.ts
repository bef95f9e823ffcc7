import axe from 'axe-core';
import type { Page } from 'puppeteer';

/** What axe finds on a page by all of its rules, best practices among them: the rule and where, one a line. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const judge: typeof axe = Reflect.get(globalThis, 'axe');
    const { violations, incomplete } = await judge.run(document, {
      resultTypes: ['violations', 'incomplete'],
    });
    // Text in the colour of its background axe leaves undecided: it may be hidden on purpose. None of ours is.
    const invisible = incomplete.flatMap(({ id, nodes }) => {
      const same = nodes.filter(({ any }) => any.some(({ data }) => data?.messageKey === 'equalRatio'));
      return same.length === 0 ? [] : [{ id, nodes: same }];
    });
    return [...violations, ...invisible].flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
    );
  });
}
