import type { ClockOffset } from '../../core/vault/clock.ts';
import { read } from './read.ts';

/** The last measurement of the clock against an institution's service. */
export function readOffset(institution: string): Promise<ClockOffset | undefined> {
  return read(['offsets'], ({ store }) => store.get(institution));
}
