import type { ClockOffset } from '../../core/vault/clock.ts';
import { write } from './write.ts';

export async function keepOffset(institution: string, offset: ClockOffset): Promise<void> {
  await write(['offsets'], ({ store }) => store.put(offset, institution));
}
