import type { ClockOffset } from '../../core/vault/clock.ts';
import { database, guarded } from './database.ts';

/** The last measurement of the clock against an institution's service. */
export function readOffset(institution: string): Promise<ClockOffset | undefined> {
  return guarded(async () => (await database()).get('offsets', institution));
}

export function keepOffset(institution: string, offset: ClockOffset): Promise<void> {
  return guarded(async () => {
    await (await database()).put('offsets', offset, institution);
  });
}
