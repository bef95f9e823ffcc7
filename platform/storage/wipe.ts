import type { Wiped } from '../../core/vault/lock.ts';
import { read } from './read.ts';
import { type Writing, write } from './write.ts';

const SECRETS = [
  'keyring',
  'tokens',
  'summaries',
  'pending',
  'filled',
  'settings',
  'decisions',
  'filledConfirmations',
  'refusedFills',
  'peers',
  'signatures',
  'sessions',
] as const;

const EVERYTHING = [...SECRETS, 'lock'] as const;

/** Deletes every token and remembers their institutions, in one transaction. */
export async function wipeVault(deviceMs: number): Promise<void> {
  const wipe = async (tx: Writing<typeof EVERYTHING>) => {
    const tokens = await tx.objectStore('summaries').getAll();
    const institutions = [...new Set(tokens.map(({ institution }) => institution))];
    await Promise.all([
      ...SECRETS.map((store) => tx.objectStore(store).clear()),
      tokens.length > 0 && tx.objectStore('lock').put({ id: 'wiped', at: deviceMs, institutions }),
    ]);
  };
  await write(EVERYTHING, wipe, 'strict');
}

/** The last wipe; undefined if there was none or there are tokens again. */
export async function lastWipe(): Promise<Wiped | undefined> {
  const [record, tokens] = await read(['lock', 'summaries'], (tx) =>
    Promise.all([tx.objectStore('lock').get('wiped'), tx.objectStore('summaries').count()]),
  );
  if (record?.id !== 'wiped' || tokens > 0) return undefined;
  return { at: record.at, institutions: record.institutions };
}
