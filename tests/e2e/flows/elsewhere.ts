import type { ElementHandle } from 'puppeteer';
import type { Token } from '../pages/token.ts';
import type { Stage } from '../stage.ts';
import { waitIn } from '../wait-in.ts';

/** A token tells of a login that was asked for this long ago: until then a page that loads may still ask to sign it. */
const TOLD_AFTER_MS = 5_000;

/** Looks at the token until it tells of a login elsewhere, under this number. */
export async function hearOfLogin(
  { system, token }: Pick<Stage, 'system' | 'token'>,
  number: string,
): Promise<void> {
  await system.moveClock(system.offset() + TOLD_AFTER_MS);
  // A page behind others asks for nothing.
  await token.page.bringToFront();
  await token.readWord('elsewhereTitle');
  await disownButton(token, number);
}

/** Presses 心当たりがない of the login elsewhere under this number, and agrees to stop the token. */
export async function disownLogin(token: Token, number: string): Promise<void> {
  // By the element and not by its place: what waits no more disappears from above it.
  await (await disownButton(token, number)).evaluate((button) => button.click());
  await token.readWord('notMeLead');
  await token.pressUntil(await token.word('notMeStop'), await token.word('notMeDoneTitle'));
}

/** The button of one login among those that the token tells of: its number is two digits, which codes and seconds have as well. */
async function disownButton(token: Token, number: string) {
  const found = await waitIn(
    token.page,
    (wanted) =>
      [...document.querySelectorAll('.card')]
        .find((card) => [...card.querySelectorAll('dd')].some(({ textContent }) => textContent === wanted))
        ?.querySelector('button'),
    number,
  );
  return found as ElementHandle<HTMLButtonElement>;
}
