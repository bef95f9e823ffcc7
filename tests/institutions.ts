import defaults from '../core/institution/default.json' with { type: 'json' };
import { directorySchema, type Institution } from '../core/institution/directory.ts';

export const DEFAULT_DIRECTORY = directorySchema.parse(defaults);

/** An institution of the default directory, on the default ports. */
export function institutionOf(key: string, { institutions } = DEFAULT_DIRECTORY): Institution {
  const found = institutions.find((one) => one.key === key);
  if (found === undefined) throw new Error(`no ${key} in the directory`);
  return found;
}

export const SENPOKU = institutionOf('senpoku');
