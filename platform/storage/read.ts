import type { IDBPTransaction, StoreNames } from 'idb';
import { connect, drop, inTime } from './connection.ts';
import type { VaultDatabase, VaultSchema } from './database.ts';
import { asVaultError } from './storage-errors.ts';

type Store = StoreNames<VaultSchema>;
type Reading<Stores extends readonly Store[]> = IDBPTransaction<VaultSchema, [...Stores], 'readonly'>;

/**
 * Reads from the database. A connection can be dead without notice (iOS ends it while the device sleeps) or not answer, so a failed
 * read is repeated once on a new connection. Rejects with `VaultError`.
 */
export async function read<T, const Stores extends readonly Store[]>(
  stores: Stores,
  act: (tx: Reading<Stores>) => Promise<T>,
): Promise<T> {
  const on = async (db: VaultDatabase) => {
    const tx = db.transaction([...stores]);
    // the read itself reports the failure
    tx.done.catch(() => undefined);
    return act(tx);
  };
  const db = await connect();
  try {
    return await inTime(on(db));
  } catch {
    drop(db);
  }
  try {
    return await inTime(on(await connect()));
  } catch (cause) {
    throw asVaultError(cause);
  }
}
