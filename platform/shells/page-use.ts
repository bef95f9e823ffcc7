import type { Clock } from '../../core/clock.ts';
import type { SessionKeeper } from '../storage/session.ts';

const LOOK_EVERY_MS = 15_000;

/** Locks the vault of an unused page. A web page knows only its own use and gets no report of the screen lock. */
export function noteUse(session: SessionKeeper, clock: Clock): void {
  const used = () => void session.use({ seenAt: clock() });
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, used, { passive: true });
  const look = () => void session.open();
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', look);
}
