import type { IDBPTransaction, StoreNames } from 'idb';
import { connect, drop } from './connection.ts';
import type { VaultDatabase, VaultSchema } from './database.ts';
import { asVaultError } from './storage-errors.ts';

type Store = StoreNames<VaultSchema>;

/** A transaction on some stores, while it is written in. */
export type Writing<Stores extends readonly Store[]> = IDBPTransaction<VaultSchema, [...Stores], 'readwrite'>;

/**
 * Writes all or nothing. Only a transaction that could not be begun is begun again, on another connection: one that was
 * begun may have been committed whatever is heard of it, and a step claimed, or a try counted, twice is wrong. Rejects
 * with `VaultError`.
 * @param act awaits nothing but the transaction, which the browser ends otherwise
 */
export async function write<T, const Stores extends readonly Store[]>(
  stores: Stores,
  act: (tx: Writing<Stores>) => Promise<T>,
  durability: IDBTransactionDurability = 'default',
): Promise<T> {
  const tx = await begin(stores, durability);
  try {
    const [result] = await Promise.all([wholly(tx, act), tx.done]);
    return result;
  } catch (cause) {
    const error = asVaultError(cause);
    if (error !== cause) drop(tx.db);
    throw error;
  }
}

async function begin<const Stores extends readonly Store[]>(
  stores: Stores,
  durability: IDBTransactionDurability,
): Promise<Writing<Stores>> {
  const on = (db: VaultDatabase) => db.transaction([...stores], 'readwrite', { durability });
  const db = await connect();
  try {
    return on(db);
  } catch {
    drop(db);
  }
  try {
    return on(await connect());
  } catch (cause) {
    throw asVaultError(cause);
  }
}

/** What was thrown on the way undoes what was written before. */
async function wholly<T, Tx extends { abort(): void }>(tx: Tx, act: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await act(tx);
  } catch (cause) {
    try {
      tx.abort();
    } catch {
      // it has ended, with what went wrong
    }
    throw cause;
  }
}
