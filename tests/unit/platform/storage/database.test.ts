import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { codeAt } from '../../../../core/otp/totp.ts';
import { useFakeIndexedDb } from './fake-database.ts';
import { enrol, NOW, PIN, SUMMARY, startContext } from './fresh-vault.ts';

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

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Carries a vault of today back into a database of an earlier version. */
async function madeByVersion(version: number, stores: Stores): Promise<IDBFactory> {
  const today = new IDBFactory();
  await enrol(await startContext(today));
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
])('a vault of version $version', ({ version, stores }) => {
  test('opens as before, and can be locked', async () => {
    const disk = await madeByVersion(version, stores);
    const context = await startContext(disk);
    expect(await context.vault.list()).toEqual([SUMMARY]);
    expect(await context.vault.selected()).toBe(SUMMARY.id);
    const before = await codeAt(await context.vault.openKey(SUMMARY.id), SUMMARY.parameters, NOW);
    expect(await context.lock.state()).toMatchObject({ method: 'none', locked: false });

    const pin = { kind: 'pin', pin: PIN } as const;
    expect(await context.lock.change({ kind: 'none' }, pin)).toEqual({ kind: 'done' });
    const next = await startContext(disk);
    expect(await next.lock.unlock(pin)).toEqual({ kind: 'done' });
    expect(await codeAt(await next.vault.openKey(SUMMARY.id), SUMMARY.parameters, NOW)).toBe(before);
  });
});
