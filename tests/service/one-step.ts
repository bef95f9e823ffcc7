import { setTimeout as pause } from 'node:timers/promises';
import { remainingMs } from '../../core/otp/totp.ts';
import { SENPOKU } from '../institutions.ts';

/** More than a page needs to be shown twice, or a code to be presented, on a busy machine. */
const ENOUGH_MS = 12_000;

/** Waits until enough of the current step is left, so that the code stays the same. For tests that do not move the clock. */
export async function inOneStep(): Promise<void> {
  for (;;) {
    const left = remainingMs(Date.now(), SENPOKU.otp);
    if (left >= ENOUGH_MS) return;
    // It may end a millisecond before the clock is there.
    await pause(left);
  }
}
