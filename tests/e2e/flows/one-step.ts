import { remainingMs } from '../../../core/otp/totp.ts';
import { SENPOKU } from '../../institutions.ts';

/** Longer than a page takes to be shown twice, on a machine that has other work. */
const ENOUGH_MS = 8_000;

/** Waits out the end of a step, where the clock was not moved: what follows has the same code from beginning to end. */
export async function inOneStep(): Promise<void> {
  const left = remainingMs(Date.now(), SENPOKU.otp);
  if (left < ENOUGH_MS) await new Promise((resolve) => setTimeout(resolve, left));
}
