import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { useFakeIndexedDb } from './fake-database.ts';

const NOW = 1_795_249_200_000;
const memory = vi.hoisted(() => ({ kept: {} as Record<string, unknown> }));
const idle = vi.hoisted(() => ({
  state: 'active',
  asked: 0,
  interval: 0,
  alarms: new Map<string, unknown>(),
}));

vi.mock('../../../../platform/native.ts', () => ({
  native: {
    storage: {
      session: {
        get: async (key: string) => structuredClone({ [key]: memory.kept[key] }),
        set: async (items: object) => {
          Object.assign(memory.kept, structuredClone(items));
        },
        remove: async (key: string) => {
          delete memory.kept[key];
        },
      },
    },
  },
}));

vi.mock('../../../../platform/browser.ts', () => ({
  browser: {
    idle: {
      queryState: async (seconds: number) => {
        idle.asked = seconds;
        return idle.state;
      },
      setDetectionInterval: (seconds: number) => {
        idle.interval = seconds;
      },
    },
    alarms: {
      get: async (name: string) => idle.alarms.get(name),
      create: (name: string, info: unknown) => {
        idle.alarms.set(name, info);
      },
      clear: async (name: string) => idle.alarms.delete(name),
    },
  },
}));

useFakeIndexedDb(new IDBFactory());
const { createExtensionSession } = await import('../../../../platform/storage/extension-session.ts');
const { createAutoLock, LOOK_ALARM } = await import('../../../../entrypoints/background/auto-lock.ts');
const { SEALING, vaultOpener, VAULT_KEY_ALGORITHM } = await import('../../../../platform/storage/keyring.ts');
const { sealKey } = await import('../../../../core/vault/seal.ts');
const { connect: database } = await import('../../../../platform/storage/connection.ts');

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
let now: number;
/** A context just started: what it knows is in the browser's memory and on disk. */
const start = () => createExtensionSession(() => now, random);

const vaultKey = await crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, true, ['encrypt', 'unwrapKey']);
const raw = new Uint8Array(await crypto.subtle.exportKey('raw', vaultKey));
const wrapping = await crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, false, ['wrapKey', 'unwrapKey']);
const opener = vaultOpener(wrapping, await sealKey(wrapping, vaultKey, 'raw', 'a test', random), 'a test');

async function opensTheVault(): Promise<boolean> {
  const opened = await start().open();
  if (opened === undefined) return false;
  const key = await opened({ ...SEALING, extractable: true });
  expect(new Uint8Array(await crypto.subtle.exportKey('raw', key))).toEqual(raw);
  return true;
}

beforeEach(async () => {
  await (await database()).clear('sessions');
  memory.kept = {};
  idle.state = 'active';
  idle.alarms.clear();
  now = NOW;
});

describe('the unlocked vault of the extension', () => {
  test('survives the worker, and is gone with the browser', async () => {
    expect(await opensTheVault()).toBe(false);
    await start().keep(opener, 15);
    expect(await opensTheVault()).toBe(true);
    memory.kept = {};
    expect(await opensTheVault()).toBe(false);
  });

  test('is in two halves: neither memory nor disk holds the vault key', async () => {
    await start().keep(opener, 15);
    const [session] = await (await database()).getAll('sessions');
    const inMemory = Buffer.from(JSON.stringify(memory.kept)).toString('hex');
    const { secret } = memory.kept.unlocked as { secret: number[] };
    expect(secret).toHaveLength(32);
    expect(Buffer.from(secret).equals(raw)).toBe(false);
    expect(inMemory).not.toContain(Buffer.from(raw).toString('hex'));
    expect(Buffer.from(session?.wrapped ?? []).toString('hex')).not.toContain(
      Buffer.from(raw).toString('hex'),
    );
    expect(session?.deviceKey.extractable).toBe(false);
    await (await database()).clear('sessions');
    expect(await opensTheVault()).toBe(false);
  });

  test('locked leaves nothing in either place', async () => {
    await start().keep(opener, 15);
    await start().forget();
    expect(memory.kept).toEqual({});
    expect(await (await database()).count('sessions')).toBe(0);
  });

  test('is locked though storage fails, and nobody has to hear of that', async () => {
    await start().keep(opener, 15);
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = () => {
      throw new DOMException('of the test', 'UnknownError');
    };
    idle.state = 'locked';
    await createAutoLock(start(), () => now).look();
    IDBDatabase.prototype.transaction = begin;
    expect(memory.kept).toEqual({});
    expect(await opensTheVault()).toBe(false);
  });

  test('unlocked again is another secret, and what was kept before opens no more', async () => {
    await start().keep(opener, 15);
    const before = structuredClone(memory.kept);
    await start().keep(opener, 15);
    expect(memory.kept).not.toEqual(before);
    memory.kept = before;
    expect(await opensTheVault()).toBe(false);
  });

  test('is over after a sleep of the device, before anybody has looked', async () => {
    await start().keep(opener, 5);
    now += 60 * 60_000;
    expect(await opensTheVault()).toBe(false);
    expect(memory.kept).toEqual({});
  });

  test('over by then is not kept open by a longer time to lock', async () => {
    await start().keep(opener, 5);
    now += 30 * 60_000;
    await start().use({ autoLock: 60 });
    expect(await opensTheVault()).toBe(false);
  });

  test.each([
    { unlocked: 'all' },
    { unlocked: { id: 'x' } },
    { unlocked: { id: 1, secret: [], seenAt: 0, autoLock: 2 } },
  ])('of another shape is locked: %j', async (kept) => {
    memory.kept = kept;
    expect(await opensTheVault()).toBe(false);
  });
});

describe('auto-lock', () => {
  const autoLock = () => createAutoLock(start(), () => now);

  test('follows the vault: watches while it is open, with the time that is set', async () => {
    await start().keep(opener, 5);
    await autoLock().follow();
    expect(idle.interval).toBe(300);
    expect(idle.alarms.get(LOOK_ALARM)).toEqual({ periodInMinutes: 1 });
    await start().forget();
    await autoLock().follow();
    expect(idle.alarms.size).toBe(0);
  });

  test('locks when the user is away or the screen is locked', async () => {
    for (const state of ['idle', 'locked'] as const) {
      await start().keep(opener, 15);
      await autoLock().hear('active');
      expect(await opensTheVault()).toBe(true);
      await autoLock().hear(state);
      expect(await opensTheVault()).toBe(false);
    }
  });

  test('looks by itself where the browser told nobody', async () => {
    await start().keep(opener, 15);
    now += 10 * 60_000;
    await autoLock().look();
    expect(idle.asked).toBe(900);
    now += 10 * 60_000;
    await autoLock().look();
    expect(await opensTheVault()).toBe(true);
    idle.state = 'idle';
    await autoLock().look();
    expect(await opensTheVault()).toBe(false);
  });

  test('until the browser is closed: only the screen lock', async () => {
    await start().keep(opener, 'browser');
    now += 24 * 60 * 60_000;
    await autoLock().hear('idle');
    expect(await opensTheVault()).toBe(true);
    await autoLock().hear('locked');
    expect(await opensTheVault()).toBe(false);
  });

  test('with nothing to lock does nothing', async () => {
    await autoLock().look();
    await autoLock().hear('locked');
    expect(memory.kept).toEqual({});
  });
});
