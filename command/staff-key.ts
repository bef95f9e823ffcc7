import { join } from 'node:path';
import { readStaffKey } from '../bank/keys.ts';
import type { Settings } from '../host/settings.ts';
import { CannotTellError } from './errors.ts';

/** The key of an institution's staff. @throws CannotTellError */
export function staffKeyOf(settings: Settings, institution: string): string {
  const key = readStaffKey(settings, institution);
  if (key !== undefined) return key;
  const file = join(settings.dataFolder, 'staff-keys', institution);
  throw new CannotTellError(`the key of the staff of ${institution} is not in ${file}`);
}
