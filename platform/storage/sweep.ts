import { deleteDB, openDB } from 'idb';

const PREFIX = 'warifu-sweep-';

/** Measured: one fewer leaves the log of a browser's first day as it is. */
const TURNS = 4;

/**
 * Has the browser let go of what was deleted or replaced, for a copied profile is read byte by byte. Firefox overwrites
 * it at once. Chromium keeps it in its log until it merges its files, which it does around a database that is deleted:
 * so there is always one to delete, with records in the same files as the vault's. Never rejects: what it is called after
 * is done already (docs/adr/0012-sealed-signing-keys.md).
 */
export async function sweep(): Promise<void> {
  try {
    for (let turn = 0; turn < TURNS; turn += 1) await replaceScratch();
  } catch {
    // A browser that cannot be swept, or another page sweeps.
  }
}

async function replaceScratch(): Promise<void> {
  const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  const made = await openDB(PREFIX + crypto.randomUUID(), 1, {
    upgrade: (db) => void db.createObjectStore('scratch'),
  });
  made.close();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map((name) => deleteDB(name)));
}
