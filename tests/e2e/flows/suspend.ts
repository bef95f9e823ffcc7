import type { Token } from '../pages/token.ts';

/** 設定 → 利用停止, from the code. */
export async function openSuspension(token: Token): Promise<void> {
  await token.page.bringToFront();
  await token.pressWord('settings');
  await token.pressWord('suspendTitle');
  await token.see(await token.word('suspendTitle'));
}

/** The tick and 利用停止にする; ends where the code was. */
export async function suspend(token: Token): Promise<void> {
  await token.tick(await token.word('suspendRead'));
  await token.pressWord('suspendDo');
  await token.readWord('suspendedTitle');
}
