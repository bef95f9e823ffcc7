import type { EvaluateFunc, Frame, HandleFor, Page } from 'puppeteer';
import { PATIENCE_MS } from './patience.ts';

/**
 * Waits until a function gives something in a page. It looks first, as to set a wait up costs a browser some looks; then it polls by
 * time, as a tab in the background paints no frames.
 */
export async function waitIn<Params extends unknown[], Look extends EvaluateFunc<Params>>(
  page: Page | Frame,
  look: Look,
  ...args: Params
): Promise<HandleFor<Awaited<ReturnType<Look>>>> {
  // The page may be being left.
  const seen = await page.evaluateHandle(look, ...args).catch(() => undefined);
  if (seen?.asElement() || (await seen?.jsonValue().catch(() => undefined)))
    return seen as typeof seen & object;
  return page.waitForFunction(look, { polling: 50, timeout: PATIENCE_MS }, ...args);
}
