import { clockReplySchema } from '../../core/messages/clock.ts';
import type { ClockOffset } from '../../core/vault/clock.ts';
import { native } from '../native.ts';

/** Asks the background to measure the time of an institution's service. */
export async function askedClock(institution: string): Promise<ClockOffset | undefined> {
  const reply = await native.runtime.sendMessage({ type: 'clock.measure', institution });
  return clockReplySchema(reply) ? reply : undefined;
}
