import type { Clock } from '../../core/clock.ts';
import { LOOK_EVERY_MINUTES, onPresence, type Presence } from '../../core/vault/lock.ts';
import { browser } from '../../platform/browser.ts';
import { readUse } from '../../platform/storage/extension-session.ts';
import type { SessionKeeper } from '../../platform/storage/session.ts';

/** Wakes the worker to look whether the user is still there. */
export const LOOK_ALARM = 'auto-lock';

/** The least the browser takes. */
const LEAST_DETECTION_SECONDS = 15;

/** Asked for only to hear of the screen lock. */
const NO_MINUTES = 24 * 60;

/** Locks the token by itself: after minutes without use, and with the screen. Nothing here is kept in the worker. */
export function createAutoLock(session: SessionKeeper, clock: Clock) {
  const seconds = (autoLock: number | 'browser') =>
    Math.max(LEAST_DETECTION_SECONDS, (autoLock === 'browser' ? NO_MINUTES : autoLock) * 60);

  /** Takes in that the user is there, away, or has locked the screen. */
  async function hear(presence: Presence): Promise<void> {
    const use = await readUse();
    if (use === undefined) return;
    const after = onPresence(use, presence, clock());
    if (after === 'lock') await session.forget();
    else if (after !== use) await session.use({ seenAt: after.seenAt });
  }

  return {
    hear,
    /** Looks by itself, for the worker may have been dead when the browser told. */
    async look(): Promise<void> {
      const use = await readUse();
      if (use) await hear(await browser.idle.queryState(seconds(use.autoLock)));
    },
    /** The token was unlocked, locked, or is to lock itself after another time. */
    async follow(): Promise<void> {
      const use = await readUse();
      if (use === undefined) {
        await browser.alarms.clear(LOOK_ALARM);
        return;
      }
      browser.idle.setDetectionInterval(seconds(use.autoLock));
      if ((await browser.alarms.get(LOOK_ALARM)) === undefined) {
        browser.alarms.create(LOOK_ALARM, { periodInMinutes: LOOK_EVERY_MINUTES });
      }
    },
  };
}
