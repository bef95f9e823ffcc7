import { type ClockOffset, isCurrent, NOTABLE_OFFSET_MS } from './clock.ts';

/** How long a measurement of a wrong clock is valid where nobody has watched the clock since: it may have been set right. */
const UNWATCHED_LIFETIME_MS = 5_000;

/**
 * The offset from one exchange with the service; half of the round trip counts as the way back.
 * @param sentAt device time before the request
 * @param receivedAt device time after the answer
 * @param serviceNow the service's time in the answer
 */
export function offsetFrom(sentAt: number, receivedAt: number, serviceNow: number): ClockOffset {
  return { offsetMs: Math.round(serviceNow - (sentAt + receivedAt) / 2), measuredAt: receivedAt };
}

/** Whether a measurement is still valid where nobody has watched the clock since. */
export function isCurrentUnwatched(offset: ClockOffset, deviceMs: number): boolean {
  if (!isCurrent(offset, deviceMs)) return false;
  return (
    Math.abs(offset.offsetMs) < NOTABLE_OFFSET_MS || deviceMs - offset.measuredAt <= UNWATCHED_LIFETIME_MS
  );
}
