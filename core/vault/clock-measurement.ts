import type { ClockOffset } from './clock.ts';

/**
 * The offset from one exchange with the service; half of the round trip counts as the way back.
 * @param sentAt device time before the request
 * @param receivedAt device time after the answer
 * @param serviceNow the service's time in the answer
 */
export function offsetFrom(sentAt: number, receivedAt: number, serviceNow: number): ClockOffset {
  return { offsetMs: Math.round(serviceNow - (sentAt + receivedAt) / 2), measuredAt: receivedAt };
}
