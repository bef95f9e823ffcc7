import * as fake from 'fake-indexeddb';

/** Puts a database on the test's table in the place of the browser's; the library of the product wants its classes. */
export function useFakeIndexedDb(disk: IDBFactory): void {
  const { IDBCursor, IDBDatabase, IDBIndex, IDBKeyRange, IDBObjectStore, IDBRequest, IDBTransaction } = fake;
  const classes = {
    IDBCursor,
    IDBDatabase,
    IDBIndex,
    IDBKeyRange,
    IDBObjectStore,
    IDBRequest,
    IDBTransaction,
  };
  Object.assign(globalThis, classes, { indexedDB: disk });
}
