import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Context, enrol, PIN, SUMMARY, startContext } from './fresh-vault.ts';
import { UnrulyDisk } from './unruly-disk.ts';

let disk: UnrulyDisk;
let context: Context;
/** What nobody caught. */
const uncaught: unknown[] = [];
const note = (reason: unknown) => uncaught.push(reason);

/** A token was set up here earlier, and the page is opened anew. */
beforeEach(async () => {
  disk = new UnrulyDisk();
  await enrol(await startContext(disk));
  context = await startContext(disk);
  process.on('unhandledRejection', note);
});
afterEach(async () => {
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(uncaught.splice(0)).toEqual([]);
});

/** The failure an act ends with, or what it gives. */
async function failure(act: Promise<unknown>): Promise<unknown> {
  try {
    return await act;
  } catch (error) {
    // another module of the same name, for each context loads its own
    return error instanceof Error && 'failure' in error ? error.failure : error;
  }
}

describe('a database that cannot be opened', () => {
  test.each([
    { opening: { rejects: 'UnknownError' }, means: 'broken' },
    { opening: { rejects: 'AbortError' }, means: 'broken' },
    { opening: { rejects: 'VersionError' }, means: 'newer' },
    { opening: { rejects: 'QuotaExceededError' }, means: 'full' },
    { opening: { rejects: 'InvalidStateError' }, means: 'unavailable' },
    { opening: { throws: 'SecurityError' }, means: 'unavailable' },
    { opening: { throws: 'UnknownError' }, means: 'broken' },
  ])('$opening is $means, everywhere, and over when it opens again', async ({ opening, means }) => {
    disk.opening = opening;
    expect(await failure(context.vault.list())).toBe(means);
    expect(await failure(context.lock.state())).toBe(means);
    expect(await failure(context.lock.setAutoLock(5))).toBe(means);
    expect(await failure(context.history.decisionHistory.list())).toBe(means);
    expect(await failure(context.vault.rename(SUMMARY.id, 'x'))).toBe(means);
    expect(await context.lock.unlock({ kind: 'none' })).toEqual({ kind: 'refused', reason: 'vault' });
    disk.opening = 'opens';
    expect(await context.vault.list()).toEqual([SUMMARY]);
  });

  test('there is none in this browser', async () => {
    vi.stubGlobal('indexedDB', undefined);
    expect(await failure(context.vault.list())).toBe('unavailable');
    vi.unstubAllGlobals();
  });
});

describe('a database that does not answer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    disk.opening = 'hangs';
    disk.asked = 0;
  });

  /** Waits out the browser's time, once what is asked for has been. */
  async function patience(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(context.patienceMs);
  }

  test('is given up after a time, and comes back by itself', async () => {
    const listing = failure(context.vault.list());
    await patience();
    expect(await listing).toBe('stuck');
    const back = context.recovered();
    disk.release();
    await back;
    expect(await context.vault.list()).toEqual([SUMMARY]);
    expect(disk.asked).toBe(1);
  });

  test('is asked once by any number at once, and anew by who tries again; not without end', async () => {
    for (let tried = 1; tried <= 6; tried += 1) {
      const all = Promise.all([failure(context.vault.list()), failure(context.vault.selected())]);
      await patience();
      expect(await all).toEqual(['stuck', 'stuck']);
      expect(disk.asked).toBe(Math.min(tried, 3));
    }
    disk.release();
    expect(await context.vault.list()).toEqual([SUMMARY]);
  });

  test('a new request that is answered serves, though the earlier one never is', async () => {
    const listing = failure(context.vault.list());
    await patience();
    expect(await listing).toBe('stuck');
    disk.opening = 'opens';
    expect(await context.vault.list()).toEqual([SUMMARY]);
  });

  test('a page of an older version in the way is named', async () => {
    disk.opening = 'opens';
    const old = new UnrulyDisk();
    const held = await openedOld(old);
    const later = await startContext(old);
    const listing = failure(later.vault.list());
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(later.patienceMs);
    expect(await listing).toBe('blocked');
    // Whoever tries again waits behind the request that was told so.
    const again = failure(later.vault.list());
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(later.patienceMs);
    expect(await again).toBe('blocked');
    const back = later.recovered();
    held.close();
    await back;
    expect(await later.vault.list()).toEqual([]);
  });

  test('what is read on a connection and never comes is read on another', async () => {
    disk.opening = 'opens';
    await context.vault.list();
    disk.hangTransactions();
    const listing = context.vault.list();
    await patience();
    expect(await listing).toEqual([SUMMARY]);
  });
});

/** iOS ends connections while the device sleeps, and tells nobody. */
describe('a connection that is dead, though nobody said so', () => {
  beforeEach(async () => {
    await context.vault.list();
    disk.asked = 0;
  });

  test.each(['InvalidStateError', 'UnknownError', 'AbortError', 'TransactionInactiveError'])(
    '%s: whatever is read or written is, on another',
    async (name) => {
      const acts: (() => Promise<unknown>)[] = [
        () => context.vault.list(),
        () => context.history.decisionHistory.list(),
        () => context.vault.select(SUMMARY.id),
        () => context.vault.openKey(SUMMARY.id),
        () => context.claimStep(SUMMARY.id, 7),
        () => context.vault.rename(SUMMARY.id, 'again'),
        () => context.lock.state(),
        () => context.lock.setAutoLock(5),
        () => context.lock.change({ kind: 'none' }, { kind: 'pin', pin: PIN }),
        () => context.lock.unlock({ kind: 'pin', pin: PIN }),
        () => context.vault.remove(SUMMARY.id),
      ];
      for (const act of acts) {
        disk.killConnections(name);
        await act();
      }
      expect(await context.vault.list()).toEqual([]);
    },
  );

  test('those who find out at once share the new one', async () => {
    disk.killConnections();
    const found = await Promise.all(Array.from({ length: 20 }, () => context.vault.list()));
    expect(found).toEqual(Array.from({ length: 20 }, () => [SUMMARY]));
    expect(disk.asked).toBe(1);
  });

  test('storage that is gone for longer is said to be, and trying again helps when it is back', async () => {
    disk.killConnections();
    disk.opening = { rejects: 'UnknownError' };
    expect(await failure(context.vault.list())).toBe('broken');
    expect(await failure(context.vault.select(SUMMARY.id))).toBe('broken');
    disk.opening = 'opens';
    await context.vault.select(SUMMARY.id);
    expect(await context.vault.list()).toEqual([SUMMARY]);
  });
});

describe('a transaction that was begun', () => {
  beforeEach(async () => {
    await context.vault.list();
  });

  test('and was undone is not written by itself, and can be tried again', async () => {
    disk.spoilTransactions('abort');
    expect(await failure(context.claimStep(SUMMARY.id, 7))).toBe('broken');
    expect(await context.claimStep(SUMMARY.id, 7)).toBe(true);
  });

  test('and was written, whatever is heard of it, is not written twice: the step counts as given away', async () => {
    disk.spoilTransactions('commit');
    expect(await failure(context.claimStep(SUMMARY.id, 7))).toBe('broken');
    expect(await context.claimStep(SUMMARY.id, 7)).toBe(false);
    expect(await context.claimStep(SUMMARY.id, 8)).toBe(true);
  });

  test('to count a try counts it once, and it is judged by nobody', async () => {
    const pin = { kind: 'pin', pin: PIN } as const;
    await context.lock.change({ kind: 'none' }, pin);
    await context.lock.lock();
    for (let tried = 0; tried < 5; tried += 1) {
      await context.vault.selected();
      disk.spoilTransactions('commit');
      expect(await context.lock.unlock({ kind: 'pin', pin: '806417' })).toEqual({
        kind: 'refused',
        reason: 'vault',
      });
    }
    expect((await context.lock.state()).triesLeft).toBe(5);
    expect(await context.lock.unlock(pin)).toEqual({ kind: 'done' });
  });

  test('and throws on the way leaves nothing half written', async () => {
    const db = await context.database();
    await db.delete('summaries', SUMMARY.id);
    expect(await failure(context.vault.rename(SUMMARY.id, 'x'))).toBe('missing');
    expect((await db.get('tokens', SUMMARY.id))?.suffix).toBe('');
  });
});

describe('how a token stands', () => {
  const standing = { tokenId: SUMMARY.id, status: 'suspended', expiresAt: SUMMARY.expiresAt + 1 } as const;

  test('is known to the next page, beside its name', async () => {
    await context.vault.rename(SUMMARY.id, '給与口座');
    await context.keepStanding(standing);
    const { status, expiresAt } = standing;
    expect(await (await startContext(disk)).vault.list()).toEqual([
      { ...SUMMARY, suffix: '給与口座', status, expiresAt },
    ]);
  });

  test('of one that is gone brings nothing back', async () => {
    await context.vault.remove(SUMMARY.id);
    await context.keepStanding(standing);
    expect(await context.vault.list()).toEqual([]);
    expect(await (await context.database()).count('tokens')).toBe(0);
  });
});

/** What a page of version 3 holds open, and does not let go of. */
function openedOld(disk: UnrulyDisk): Promise<IDBDatabase> {
  const request = disk.open('warifu', 3);
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => {
      request.result
        .createObjectStore('summaries', { keyPath: 'id' })
        .createIndex('enrolledAt', 'enrolledAt');
      request.result.createObjectStore('keyring', { keyPath: 'method' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
