import type { IDBPTransaction, StoreNames } from 'idb';
import { connect, drop } from './connection.ts';
import type { VaultDatabase, VaultSchema } from './database.ts';
import { asVaultError } from './storage-errors.ts';

type Store = StoreNames<VaultSchema>;

/** A running read-write transaction on some stores. */
export type Writing<Stores extends readonly Store[]> = IDBPTransaction<VaultSchema, [...Stores], 'readwrite'>;

/**
 * Writes all or nothing. Only a transaction that could not be started is repeated, on another connection. One that was started may
 * have been committed even if it reports an error, and a step must not be claimed, or a try counted, twice. Rejects with
 * `VaultError`.
 * @param act awaits only the transaction, as the browser commits it otherwise
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

/** An error in the act undoes its earlier writes. */
async function wholly<T, Tx extends { abort(): void }>(tx: Tx, act: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await act(tx);
  } catch (cause) {
    try {
      tx.abort();
    } catch {
      // the transaction has ended with the error
    }
    throw cause;
  }
}
