import type { Clock } from '../../core/clock.ts';
import { LOOK_EVERY_MINUTES, onPresence, type Presence } from '../../core/vault/lock.ts';
import { browser } from '../../platform/browser.ts';
import { readUse } from '../../platform/storage/extension-session.ts';
import type { SessionKeeper } from '../../platform/storage/session.ts';

/** Alarm that wakes the worker to check whether the user is still there. */
export const LOOK_ALARM = 'auto-lock';

/** The shortest interval that the browser accepts. */
const LEAST_DETECTION_SECONDS = 15;

/** Needed only because browsers report the screen lock after an interval was set; Firefox does not report it. */
const NO_MINUTES = 24 * 60;

/** Locks the token after minutes without use, and together with the screen where the browser tells of that. It keeps no state in the worker. */
export function createAutoLock(session: SessionKeeper, clock: Clock) {
  const seconds = (autoLock: number | 'browser') =>
    Math.max(LEAST_DETECTION_SECONDS, (autoLock === 'browser' ? NO_MINUTES : autoLock) * 60);

  /** Handles a report that the user is active, idle, or has locked the screen. */
  async function hear(presence: Presence): Promise<void> {
    const use = await readUse();
    if (use === undefined) return;
    const after = onPresence(use, presence, clock());
    if (after === 'lock') await session.forget();
    else if (after !== use) await session.use({ seenAt: after.seenAt });
  }

  return {
    hear,
    /** Checks itself, as the worker may have been dead when the browser reported. */
    async look(): Promise<void> {
      const use = await readUse();
      if (use) await hear(await browser.idle.queryState(seconds(use.autoLock)));
    },
    /** Called when the token was unlocked or locked, or its time to lock was changed. */
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
