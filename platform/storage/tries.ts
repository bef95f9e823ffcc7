import { mayTry, reduceTries } from '../../core/vault/lock.ts';
import type { Keyring, PinKeyring } from './database.ts';
import { type Writing, write } from './write.ts';

/**
 * Counts a try before it is judged.
 * @returns the number of tries; undefined if no more may be judged
 */
export async function countTry(entry: PinKeyring): Promise<number | undefined> {
  return changeTries(entry, (tried) => (mayTry(tried) ? reduceTries(tried, 'begun') : undefined));
}

export async function forgiveTries(entry: PinKeyring): Promise<void> {
  await changeTries(entry, (tried) => reduceTries(tried, 'opened'));
}

function changeTries(
  entry: PinKeyring,
  change: (tried: number) => number | undefined,
): Promise<number | undefined> {
  const count = async ({ store }: Writing<['keyring']>) => {
    const kept = await store.get('pin');
    const same = isSameEntry(kept, entry) && kept.method === 'pin';
    const tried = same ? change(kept.tried) : undefined;
    if (same && tried !== undefined) await store.put({ ...kept, tried });
    return tried;
  };
  // on disk before anything else, so that the try stays counted whatever ends
  return write(['keyring'], count, 'strict');
}

/** Whether two entries are the same: each has its own nonce. */
export function isSameEntry(kept: Keyring | undefined, entry: Keyring): kept is Keyring {
  return (
    kept?.method === entry.method &&
    kept.wrapped.length === entry.wrapped.length &&
    kept.wrapped.every((byte, at) => byte === entry.wrapped[at])
  );
}
