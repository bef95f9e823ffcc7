import type { Traces } from '../../core/vault/storage.ts';
import { lastWipe } from '../storage/wipe.ts';
import { guides } from './guides.ts';
import { localReminder } from './reminder.ts';

/** For the popup, which loads this if it finds no token. */
export async function readTraces(): Promise<Traces> {
  return { wiped: await lastWipe(), remembered: localReminder.remembered(), guides };
}
