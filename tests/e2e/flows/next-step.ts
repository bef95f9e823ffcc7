import type { Stage } from '../stage.ts';

/** Moves the servers to a step whose code was not filled yet; the token follows when it has measured the clock. */
export async function nextStep({
  bank,
  token,
  system,
}: Pick<Stage, 'bank' | 'token' | 'system'>): Promise<void> {
  const minutes = await system.nextStep();
  await token.page.bringToFront();
  await token.checkClock(minutes);
  await bank.page.bringToFront();
}
