import type { Clock } from '../../core/clock.ts';
import type { SessionKeeper } from '../storage/session.ts';

const LOOK_EVERY_MS = 15_000;

/** Has a page that nobody uses lock itself. A web page hears of no screen lock: its own use is all it knows. */
export function noteUse(session: SessionKeeper, clock: Clock): void {
  const used = () => void session.use({ seenAt: clock() });
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, used, { passive: true });
  const look = () => void session.open();
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', look);
}
