import type { Wiped } from '../../core/ports.ts';
import { database } from './database.ts';

const SECRETS = [
  'keyring',
  'tokens',
  'summaries',
  'pending',
  'filled',
  'settings',
  'decisions',
  'filledConfirmations',
  'sessions',
] as const;

const EVERYTHING = [...SECRETS, 'lock'] as const;

/** Lets go of every token, and remembers of which institutions they were: all or nothing. */
export async function wipeVault(deviceMs: number): Promise<void> {
  const db = await database();
  const tx = db.transaction(EVERYTHING, 'readwrite', { durability: 'strict' });
  const tokens = await tx.objectStore('summaries').getAll();
  const institutions = [...new Set(tokens.map(({ institution }) => institution))];
  await Promise.all([
    ...SECRETS.map((store) => tx.objectStore(store).clear()),
    tokens.length > 0 && tx.objectStore('lock').put({ id: 'wiped', at: deviceMs, institutions }),
    tx.done,
  ]);
}

/** The last wiping; undefined where there was none, or there are tokens again. */
export async function lastWipe(): Promise<Wiped | undefined> {
  const db = await database();
  const [record, tokens] = await Promise.all([db.get('lock', 'wiped'), db.count('summaries')]);
  if (record?.id !== 'wiped' || tokens > 0) return undefined;
  return { at: record.at, institutions: record.institutions };
}
