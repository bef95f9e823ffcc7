import type { Token } from '../pages/token.ts';

/** Looks at the token until it tells of a login elsewhere, under this number. */
export async function hearOfLogin(token: Token, number: string): Promise<void> {
  // A page behind others asks for nothing.
  await token.page.bringToFront();
  await token.readWord('elsewhereTitle');
  await token.read(number);
}

/** Presses 心当たりがない of a login elsewhere, and agrees to stop the token. */
export async function disownLogin(token: Token): Promise<void> {
  await token.pressUntil(await token.word('confirmNotMe'), await token.word('notMeLead'));
  await token.pressUntil(await token.word('notMeStop'), await token.word('notMeDoneTitle'));
}
