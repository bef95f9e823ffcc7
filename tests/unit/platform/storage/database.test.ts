import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { useFakeIndexedDb } from './fake-database.ts';
import { enrol, everything, PIN, SUMMARY, startContext } from './fresh-vault.ts';

type Stores = Readonly<Record<string, IDBObjectStoreParameters & { readonly index?: string }>>;

/** The stores as each released version left them. */
const VERSION_1: Stores = {
  keyring: { keyPath: 'method' },
  tokens: { keyPath: 'id' },
  summaries: { keyPath: 'id', index: 'enrolledAt' },
  pending: {},
  filled: {},
  offsets: {},
  settings: {},
};
const VERSION_2: Stores = {
  ...VERSION_1,
  decisions: { keyPath: 'id', index: 'decidedAt' },
  filledConfirmations: {},
};
const VERSION_3: Stores = { ...VERSION_2, sessions: { keyPath: 'id' }, lock: { keyPath: 'id' } };
const VERSION_5: Stores = { ...VERSION_3, filledScreens: { autoIncrement: true } };
const VERSION_6: Stores = { ...VERSION_5, refusedFills: {} };

const VERSION_7: Stores = { ...VERSION_6, peers: { keyPath: 'id' } };

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Carries a vault of today back into a database of an earlier version. */
async function madeByVersion(version: number, stores: Stores): Promise<IDBFactory> {
  const today = new IDBFactory();
  const context = await startContext(today);
  await enrol(context);
  // what was locked, and is empty now, must not ask for its PIN
  await context.lock.change({ kind: 'none' }, { kind: 'pin', pin: PIN });
  await context.lock.lock();
  const now = await done(today.open('warifu'));
  const disk = new IDBFactory();
  const opening = disk.open('warifu', version);
  opening.onupgradeneeded = () => {
    for (const [name, { index, ...how }] of Object.entries(stores)) {
      const store = opening.result.createObjectStore(name, how);
      if (index) store.createIndex(index, index);
    }
  };
  const earlier = await done(opening);
  for (const name of Object.keys(stores)) {
    const store = now.transaction(name).objectStore(name);
    const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    const target = earlier.transaction(name, 'readwrite').objectStore(name);
    await Promise.all(
      values.map((value, at) => done(target.keyPath ? target.put(value) : target.put(value, keys[at]))),
    );
  }
  earlier.close();
  return disk;
}

beforeEach(() => useFakeIndexedDb(new IDBFactory()));

describe.each([
  { version: 1, stores: VERSION_1 },
  { version: 2, stores: VERSION_2 },
  { version: 3, stores: VERSION_3 },
])('a vault of version $version, whose signing keys cannot be sealed', ({ version, stores }) => {
  test('is empty and open, whatever guarded it, and the token can be set up again', async () => {
    const disk = await madeByVersion(version, stores);
    const context = await startContext(disk);
    expect(await context.vault.list()).toEqual([]);
    expect(await context.vault.selected()).toBeUndefined();
    expect(await context.lock.state()).toMatchObject({ method: 'none', locked: false, wiped: undefined });
    expect(Object.values(await everything(context)).flat()).toEqual([]);

    await enrol(context);
    const pin = { kind: 'pin', pin: PIN } as const;
    expect(await context.lock.change({ kind: 'none' }, pin)).toEqual({ kind: 'done' });
    const next = await startContext(disk);
    expect(await next.lock.unlock(pin)).toEqual({ kind: 'done' });
    expect(await next.vault.list()).toEqual([SUMMARY]);
  });
});

test.each([
  [4, VERSION_3],
  [5, VERSION_5],
  [6, VERSION_6],
  [7, VERSION_7],
])('a vault of version %i is opened as it was left', async (version, stores) => {
  const context = await startContext(await madeByVersion(version, stores));
  expect(await context.lock.unlock({ kind: 'pin', pin: PIN })).toEqual({ kind: 'done' });
  expect(await context.vault.list()).toEqual([SUMMARY]);
});
