import type { Stage } from '../stage.ts';

/**
 * Moves the servers to a step whose code was not filled yet; the token follows when it has measured the clock. A page that waits for
 * a code is left first: it would take that step's.
 */
export async function nextStep({
  bank,
  token,
  system,
}: Pick<Stage, 'bank' | 'token' | 'system'>): Promise<void> {
  await bank.leaveCode();
  const minutes = await system.nextStep();
  await token.page.bringToFront();
  await token.checkClock(minutes);
  await bank.page.bringToFront();
}
