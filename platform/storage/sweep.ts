import { openDB } from 'idb';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { DATABASE_NAME, DATABASE_VERSION } from './database.ts';
import { deleteDatabase } from './delete-database.ts';

/** About the length of the longest entry of the keyring. */
const FILLER_BYTES = 300;

/** More records than fit into a page of the file, which has 4 or 32 KiB. */
const FILLERS = 120;

const SCRATCH = 'warifu-sweep-';

/**
 * Measured: with three, the log of a new profile stays as it is; with four, a merged file stood in 4 of 160 profiles on a busy
 * machine, as something was reading it then; with eight, in none of 132.
 */
const TURNS = 8;

/**
 * Removes a replaced entry of the keyring from the browser's files, as it opens the same vault and a thief can read a copied
 * profile byte by byte. Never rejects, as the replacement itself is done (docs/adr/0012-sealed-signing-keys.md).
 */
export async function sweep(randomBytes: RandomBytes): Promise<void> {
  try {
    await overwrite(randomBytes);
    for (let turn = 0; turn < TURNS; turn += 1) await replaceScratch();
  } catch {
    // Another page sweeps, or there is no space. Nothing is lost.
  }
}

/**
 * Firefox leaves deleted records in its file until others need the space. This writes other records next to the keyring's, and
 * deletes them again before anybody can see them.
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
 * Chromium keeps everything in its log until it merges its files, which it does when a database is deleted. So this makes and
 * deletes one, with records in the same files as the vault's.
 */
async function replaceScratch(): Promise<void> {
  const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  const made = await openDB(SCRATCH + crypto.randomUUID(), 1, {
    upgrade: (db) => void db.createObjectStore('scratch'),
  });
  made.close();
  await Promise.all(names.filter((name) => name.startsWith(SCRATCH)).map(deleteDatabase));
}
