import { openDB } from 'idb';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { DATABASE_NAME, DATABASE_VERSION } from './database.ts';
import { deleteDatabase } from './delete-database.ts';

/** As long as the longest entry of the keyring, more or less. */
const FILLER_BYTES = 300;

/** More than fit into a page of the file, whose size is 4 or 32 KiB. */
const FILLERS = 120;

const SCRATCH = 'warifu-sweep-';

/** Measured: one fewer leaves the log of a browser's first day as it is. */
const TURNS = 4;

/**
 * Has the browser's files let go of an entry of the keyring that was replaced, for it opens the same vault: a copied profile
 * is read byte by byte. Never rejects: what it is called after is done already (docs/adr/0012-sealed-signing-keys.md).
 */
export async function sweep(randomBytes: RandomBytes): Promise<void> {
  try {
    await overwrite(randomBytes);
    for (let turn = 0; turn < TURNS; turn += 1) await replaceScratch();
  } catch {
    // Another page sweeps, or there is no room: nothing is lost by it.
  }
}

/**
 * Firefox leaves deleted records where they were in a page of its file until others need the room: so others do, next to the
 * keyring's, and are gone again before anybody can see them.
 */
async function overwrite(randomBytes: RandomBytes): Promise<void> {
  const fillers = ['device', 'passkey', 'pin'].map((before) =>
    Array.from({ length: FILLERS }, (_, at) => ({
      method: `${before} ${at}`,
      filler: randomBytes(FILLER_BYTES),
    })),
  );
  const db = await openDB(DATABASE_NAME, DATABASE_VERSION);
  try {
    const tx = db.transaction('keyring', 'readwrite', { durability: 'strict' });
    for (const some of fillers) {
      await Promise.all(some.map((filler) => tx.store.put(filler)));
      await Promise.all(some.map(({ method }) => tx.store.delete(method)));
    }
    await tx.done;
  } finally {
    db.close();
  }
}

/**
 * Chromium keeps everything in its log until it merges its files, which it does around a database that is deleted: so there
 * is always one to delete, with records in the same files as the vault's.
 */
async function replaceScratch(): Promise<void> {
  const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  const made = await openDB(SCRATCH + crypto.randomUUID(), 1, {
    upgrade: (db) => void db.createObjectStore('scratch'),
  });
  made.close();
  await Promise.all(names.filter((name) => name.startsWith(SCRATCH)).map(deleteDatabase));
}
