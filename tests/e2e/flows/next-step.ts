import type { Stage } from '../stage.ts';

/** A step whose code was not filled yet, for the servers and, once it has measured, for the token. */
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
