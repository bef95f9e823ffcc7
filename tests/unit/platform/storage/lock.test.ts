import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, test } from 'vitest';
import { codeAt } from '../../../../core/otp/totp.ts';
import { VaultError } from '../../../../core/vault/errors.ts';
import { MOST_TRIES } from '../../../../core/vault/lock.ts';
import {
  type Context,
  enrol,
  everything,
  FakePasskeys,
  NOW,
  OTP_KEY,
  PIN,
  random,
  SUMMARY,
  startContext,
} from './fresh-vault.ts';

const NONE = { kind: 'none' } as const;
const RIGHT = { kind: 'pin', pin: PIN } as const;
const WRONG = { kind: 'pin', pin: '806417' } as const;
const PASSKEY = { kind: 'passkey' } as const;
const DONE = { kind: 'done' };

let disk: IDBFactory;
let context: Context;
let passkeys: FakePasskeys;

/** The page is closed and another opened, or the browser started again: only the disk is the same. */
async function reopen(): Promise<void> {
  context = await startContext(disk, passkeys);
}

const failure = (act: Promise<unknown>) =>
  act.then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error && 'failure' in error ? error.failure : error),
  );

async function code(): Promise<string> {
  return codeAt(await context.vault.openKey(SUMMARY.id), SUMMARY.parameters, NOW);
}

async function expectedCode(): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', OTP_KEY, algorithm, false, ['sign']);
  return codeAt(key, SUMMARY.parameters, NOW);
}

beforeEach(async () => {
  disk = new IDBFactory();
  passkeys = new FakePasskeys();
  await reopen();
  await enrol(context);
});

describe('without a lock', () => {
  test('the token opens, and after a new start too', async () => {
    expect(await code()).toBe(await expectedCode());
    await reopen();
    expect(await context.lock.state()).toMatchObject({ method: 'none', locked: false, wiped: undefined });
    expect(await code()).toBe(await expectedCode());
  });
});

describe.each([
  { method: 'pin', proof: RIGHT },
  { method: 'passkey', proof: PASSKEY },
] as const)('with a $method', ({ method, proof }) => {
  beforeEach(async () => {
    expect(await context.lock.change(NONE, proof)).toEqual(DONE);
  });

  test('the token stays open where it was set, and is locked after a new start', async () => {
    expect(await context.lock.state()).toMatchObject({ method, locked: false });
    expect(await code()).toBe(await expectedCode());
    await reopen();
    expect(await context.lock.state()).toMatchObject({ method, locked: true });
    expect(await failure(context.vault.list())).toBe('locked');
    expect(await failure(context.vault.openKey(SUMMARY.id))).toBe('locked');
    expect(await failure(context.tokenKeys.confirmation(SUMMARY.id))).toBe('locked');
    expect(await failure(context.tokenKeys.signing(SUMMARY.id))).toBe('locked');
    expect(await failure(enrol(context, { ...SUMMARY, id: 'second' }))).toBe('locked');
  });

  test('it opens again, the same token, and locks again', async () => {
    await reopen();
    expect(await context.lock.unlock(proof)).toEqual(DONE);
    expect(await code()).toBe(await expectedCode());
    await context.lock.lock();
    expect(await failure(context.vault.openKey(SUMMARY.id))).toBe('locked');
  });

  test('a lock that is not there opens nothing', async () => {
    await reopen();
    expect(await context.lock.unlock(NONE)).toEqual({ kind: 'refused', reason: 'changed' });
    expect(await context.lock.change(NONE, NONE)).toEqual({ kind: 'refused', reason: 'changed' });
    expect(await failure(context.vault.list())).toBe('locked');
  });

  test('the entry that needs no secret is gone, and there is one entry only', async () => {
    const { keyring } = await everything(context);
    expect(keyring).toMatchObject([{ method }]);
  });

  test('no key in the records can be exported, and none opens the vault without the secret', async () => {
    const { keyring } = await everything(context);
    const [{ deviceKey, wrapped }] = keyring as [{ deviceKey: CryptoKey; wrapped: Uint8Array<ArrayBuffer> }];
    expect(deviceKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('raw', deviceKey)).rejects.toThrow();
    const { secretOpener } = await import('../../../../platform/storage/secret-wrapping.ts');
    const { SEALING } = await import('../../../../platform/storage/keyring.ts');
    for (const secret of [new Uint8Array(32), random(32)]) {
      const opener = await secretOpener({ deviceKey, wrapped }, secret, method);
      await expect(opener(SEALING)).rejects.toThrow();
    }
  });

  test('the history is kept through all of it, and reads only while it is open', async () => {
    const { DETAILS } = await import('../service/fake-service.ts');
    const past = { tokenId: SUMMARY.id, decision: 'confirmed', details: DETAILS, decidedAt: NOW } as const;
    await context.history.keepDecision(past, random);
    await context.lock.change(proof, { kind: 'pin', pin: 'tsubame7' });
    expect(await context.history.decisionHistory.list()).toEqual([past]);
    await context.lock.lock();
    expect(await failure(context.history.decisionHistory.list())).toBe('locked');
  });

  test('is removed only with it', async () => {
    await context.lock.change(proof, NONE);
    await reopen();
    expect(await context.lock.state()).toMatchObject({ method: 'none', locked: false });
    expect(await code()).toBe(await expectedCode());
  });
});

describe('N7: a PIN', () => {
  beforeEach(async () => {
    await context.lock.change(NONE, RIGHT);
    await reopen();
  });

  test('wrong ten times wipes the vault, and the institutions are remembered', async () => {
    for (let tried = 1; tried < MOST_TRIES; tried += 1) {
      const left = tried < 5 ? {} : { triesLeft: MOST_TRIES - tried };
      expect(await context.lock.unlock(WRONG)).toEqual({ kind: 'refused', reason: 'wrong', ...left });
      // each on a page of its own: nothing is counted in memory
      await reopen();
    }
    expect(await context.lock.unlock(WRONG)).toEqual({ kind: 'wiped' });
    const { lock, offsets, ...stores } = await everything(context);
    expect(lock).toEqual([{ id: 'wiped', at: NOW, institutions: ['senpoku'] }]);
    expect(Object.values(stores).flat()).toEqual([]);
    expect(await context.vault.list()).toEqual([]);
    expect(await context.lock.state()).toMatchObject({
      method: 'none',
      locked: false,
      wiped: { at: NOW, institutions: ['senpoku'] },
    });
    expect(await context.lock.unlock(RIGHT)).toEqual({ kind: 'refused', reason: 'changed' });
  });

  test('wiped, it says so until a token that came later is removed', async () => {
    for (let tried = 0; tried < MOST_TRIES; tried += 1) await context.lock.unlock(WRONG);
    await enrol(context);
    expect((await context.lock.state()).wiped).toBeUndefined();
    await context.vault.remove(SUMMARY.id);
    expect((await context.lock.state()).wiped).toBeUndefined();
  });

  test('is counted before it is judged: ending the page each time gains nothing', async () => {
    const { countTry } = await import('../../../../platform/storage/tries.ts');
    for (let tried = 0; tried < MOST_TRIES; tried += 1) {
      const { keyring } = await everything(context);
      // the page ends here, the try never judged
      await countTry(keyring?.[0] as Parameters<typeof countTry>[0]);
    }
    await reopen();
    expect(await context.lock.unlock(RIGHT)).toEqual({ kind: 'wiped' });
  });

  test('right resets the count', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let tried = 1; tried < MOST_TRIES; tried += 1) await context.lock.unlock(WRONG);
      expect(await context.lock.unlock(RIGHT)).toEqual(DONE);
      await context.lock.lock();
    }
    expect((await context.lock.state()).triesLeft).toBeUndefined();
  });

  test('tried on many pages at once is counted on each', async () => {
    const outcomes = await Promise.all(Array.from({ length: 9 }, () => context.lock.unlock(WRONG)));
    expect(outcomes.every(({ kind }) => kind === 'refused')).toBe(true);
    expect((await context.lock.state()).triesLeft).toBe(1);
  });

  test('wrong when it is changed counts as well', async () => {
    await context.lock.unlock(RIGHT);
    for (let tried = 1; tried < MOST_TRIES; tried += 1) {
      expect((await context.lock.change(WRONG, NONE)).kind).toBe('refused');
    }
    expect(await context.lock.change(WRONG, NONE)).toEqual({ kind: 'wiped' });
    expect(await context.vault.list()).toEqual([]);
  });

  test('changed, the old one opens nothing', async () => {
    await context.lock.change(RIGHT, WRONG);
    await reopen();
    expect(await context.lock.unlock(RIGHT)).toEqual({ kind: 'refused', reason: 'wrong' });
    expect(await context.lock.unlock(WRONG)).toEqual(DONE);
    expect(await code()).toBe(await expectedCode());
  });

  test('changed on two pages at once, one wins and the other is told', async () => {
    const outcomes = await Promise.all([
      context.lock.change(RIGHT, { kind: 'pin', pin: 'tsubame7' }),
      context.lock.change(RIGHT, { kind: 'pin', pin: 'hayabusa7' }),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect((await everything(context)).keyring).toHaveLength(1);
  });

  test('is nowhere in what is kept, nor what is made of it', async () => {
    const { pinSecret } = await import('../../../../platform/storage/pin-secret.ts');
    const kept = await everything(context);
    const [{ derivation }] = kept.keyring as [{ derivation: Parameters<typeof pinSecret>[1] }];
    const text = bytesOf(kept);
    for (const secret of [new TextEncoder().encode(PIN), await pinSecret(PIN, derivation), OTP_KEY]) {
      expect(text).not.toContain(Buffer.from(secret).toString('hex'));
    }
    expect(JSON.stringify(kept)).not.toContain(PIN);
  });
});

/** Every byte of every array and string in the records, in hex. */
function bytesOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'string') return Buffer.from(value).toString('hex');
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(bytesOf).join('|');
}

describe('P1: a passkey', () => {
  beforeEach(async () => {
    await context.lock.change(NONE, PASSKEY);
    await reopen();
  });

  test('of another opens nothing', async () => {
    for (const [id] of passkeys.credentials) passkeys.credentials.set(id, random(32));
    expect(await context.lock.unlock(PASSKEY)).toEqual({ kind: 'refused', reason: 'wrong' });
    expect(await failure(context.vault.list())).toBe('locked');
  });

  test('that is not confirmed, or has no PRF, opens nothing and wipes nothing', async () => {
    for (const [kind, reason] of [
      ['cancelled', 'cancelled'],
      // there is no PIN to use instead
      ['unsupported', 'silent'],
    ] as const) {
      passkeys.instead = { kind };
      for (let tried = 0; tried < 12; tried += 1) {
        expect(await context.lock.unlock(PASSKEY)).toEqual({ kind: 'refused', reason });
      }
      expect(await context.lock.change(PASSKEY, RIGHT)).toEqual({ kind: 'refused', reason });
    }
    passkeys.instead = undefined;
    expect(await context.lock.unlock(PASSKEY)).toEqual(DONE);
  });

  test('that cannot be made leaves the lock there is', async () => {
    await context.lock.change(PASSKEY, RIGHT);
    passkeys.instead = { kind: 'unsupported' };
    expect(await context.lock.change(RIGHT, PASSKEY)).toEqual({ kind: 'refused', reason: 'unsupported' });
    await reopen();
    expect(await context.lock.unlock(RIGHT)).toEqual(DONE);
  });
});

describe('auto-lock', () => {
  beforeEach(async () => {
    await context.lock.change(NONE, RIGHT);
  });

  test('after the minutes set, 15 at first; use puts it off', async () => {
    expect((await context.lock.state()).autoLock).toBe(15);
    context.time.now += 15 * 60_000;
    await context.session.use({ seenAt: context.time.now });
    context.time.now += 15 * 60_000;
    expect(await failure(context.vault.list())).toBe('nothing');
    context.time.now += 1;
    expect(await failure(context.vault.list())).toBe('locked');
  });

  test.each([
    ['a press', (now: number) => context.session.use({ seenAt: now })],
    ['another time', () => context.lock.setAutoLock(60)],
  ])('%s after a sleep of the device does not put off what is due, and it locks', async (_, act) => {
    let told = 0;
    context.lock.watch(() => {
      told += 1;
    });
    context.time.now += 17 * 60_000;
    await act(context.time.now);
    expect(told).toBe(1);
    expect(await failure(context.vault.list())).toBe('locked');
  });

  test('another time counts at once and is kept', async () => {
    await context.lock.setAutoLock(1);
    context.time.now += 3 * 60_000;
    expect((await context.lock.state()).locked).toBe(true);
    await reopen();
    expect((await context.lock.state()).autoLock).toBe(1);
  });

  test('those who watch are told', async () => {
    let told = 0;
    context.lock.watch(() => {
      told += 1;
    });
    await context.lock.lock();
    await context.lock.unlock(RIGHT);
    expect(told).toBe(2);
  });
});

test('a damaged vault is said to be damaged, not locked and not empty', async () => {
  const db = await context.database();
  const [entry] = await db.getAll('keyring');
  if (entry === undefined) throw new VaultError('missing');
  await db.put('keyring', { ...entry, wrapped: entry.wrapped.toReversed() });
  await reopen();
  expect(await failure(context.vault.openKey(SUMMARY.id))).toBe('corrupt');
});
