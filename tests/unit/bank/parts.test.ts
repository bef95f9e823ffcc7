import { mkdtempSync, readdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dummyHash, hashPassword, PASSWORD_COST, verifyPassword } from '../../../bank/customer/password.ts';
import { japaneseMinute, japaneseSecond, startOfJapaneseDay } from '../../../bank/format.ts';
import { readApiKey, readBankKeys } from '../../../bank/keys.ts';
import { createServiceClient } from '../../../bank/token/client.ts';
import { readOtp } from '../../../bank/token/code-input.ts';
import { newMailPassword } from '../../../bank/token/mail-password.ts';
import { FolderInUseError, lockFolder } from '../../../host/folder.ts';
import { systemRandomBytes } from '../../../host/random.ts';
import { readSettings } from '../../../host/settings.ts';
import { leftOn } from '../host/left-on.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'warifu-bank-'));

describe('Japanese time', () => {
  const newYear = Date.parse('2026-12-31T15:00:00Z');

  test('is nine hours ahead', () => {
    expect(japaneseMinute(newYear)).toBe('2027年01月01日 00:00');
    expect(japaneseSecond(newYear - 1)).toBe('2026年12月31日 23時59分59秒');
  });

  test('days begin at midnight in Japan', () => {
    expect(startOfJapaneseDay(newYear - 1, 1)).toBe(newYear);
    expect(startOfJapaneseDay(newYear, 0)).toBe(newYear);
  });
});

describe('passwords', () => {
  test('cost 32 MiB three times over: the floor of OWASP for scrypt', () => {
    expect(PASSWORD_COST).toEqual({ N: 32_768, r: 8, p: 3 });
  });

  test('are checked with scrypt, and nothing matches the dummy', async () => {
    const cost = { N: 1024, r: 8, p: 1 };
    const hash = await hashPassword('login1234', cost);
    expect(await verifyPassword('login1234', hash)).toBe(true);
    expect(await verifyPassword('login1235', hash)).toBe(false);
    expect(await verifyPassword('', dummyHash(cost))).toBe(false);
    expect(dummyHash(cost).split('$').slice(0, 4)).toEqual(hash.split('$').slice(0, 4));
  });

  test('A3: メール通知パスワード is 8 digits, all equally likely', () => {
    const counts = new Map<string, number>();
    for (let round = 0; round < 2_000; round++) {
      const password = newMailPassword(systemRandomBytes);
      expect(password).toMatch(/^\d{8}$/);
      for (const digit of password) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    for (const count of counts.values()) expect(Math.abs(count - 1_600)).toBeLessThan(250);
  });
});

test('codes of every token are read, whatever length the directory says now, and none is told another', () => {
  for (const code of ['123456', '12345678']) expect(readOtp(code)).toEqual({ kind: 'code', code });
  for (const code of ['12345', '1234567', '123456789']) {
    expect(readOtp(code)).toMatchObject({
      kind: 'wrong',
      error: { message: expect.not.stringMatching(/桁/) },
    });
  }
});

describe('the data folder', () => {
  test('belongs to one process at a time', () => {
    const place = folder();
    const unlock = lockFolder(place);
    expect(() => lockFolder(place)).toThrow(FolderInUseError);
    unlock();
    lockFolder(place)();
  });

  test('keeps the bank key readable for this user only, and the same at every start', async () => {
    const place = folder();
    const kept = { ...readSettings({}), dataFolder: place };
    const [key] = await readBankKeys(kept, systemRandomBytes);
    expect((await readBankKeys(kept, systemRandomBytes)).map(({ derived }) => derived)).toEqual([
      key.derived,
    ]);
    expect(statSync(join(place, 'bank.key')).mode & 0o777).toBe(0o600);
    await expect(readBankKeys({ ...kept, bankKey: 'short' }, systemRandomBytes)).rejects.toThrow('32 bytes');
  });

  test('gets no other bank key beside the one before, whose successor is missing', async () => {
    const place = folder();
    const kept = { ...readSettings({}), dataFolder: place };
    await readBankKeys(kept, systemRandomBytes);
    renameSync(join(place, 'bank.key'), join(place, 'bank-previous.key'));
    await expect(readBankKeys(kept, systemRandomBytes)).rejects.toThrow(/bank\.key is missing/);
    expect(readdirSync(place)).toEqual(['bank-previous.key']);
  });

  test('the API key comes from the environment or is waited for', () => {
    const nothing = { WARIFU_DATA: folder() };
    expect(readApiKey(readSettings({ ...nothing, WARIFU_API_KEY_SENPOKU: 'k' }), 'senpoku')).toBe('k');
    expect(readApiKey(readSettings(nothing), 'senpoku')).toBeUndefined();
  });
});

describe('the service client', () => {
  const answer =
    (body: unknown, status = 200) =>
    async () =>
      Response.json(body, { status });
  const client = (fetch: (url: string, init: RequestInit) => Promise<Response>) =>
    createServiceClient({ url: 'http://127.0.0.1:1', apiKey: () => 'k', fetch, timeoutMs: 50 });

  test('repeats once with the same idempotency key', async () => {
    const keys: (string | null)[] = [];
    const refuse = async (_: string, { headers }: RequestInit) => {
      keys.push(new Headers(headers).get('idempotency-key'));
      throw new TypeError('fetch failed');
    };
    expect(await client(refuse).issue('2468', 'one')).toEqual({ kind: 'unreachable', reason: 'TypeError' });
    expect(keys).toEqual(['one', 'one']);
  });

  test('accepts no answer it does not understand', async () => {
    expect(await client(answer({ status: 'active' })).show('123456789012')).toMatchObject({
      kind: 'unreachable',
    });
    expect(await client(answer('<html>', 502)).show('123456789012')).toMatchObject({ kind: 'unreachable' });
  });

  test('reports a problem by its code', async () => {
    const problem = { type: 'urn:x', title: 'x', status: 404, code: 'token_unknown' };
    expect(await client(answer(problem, 404)).show('123456789012')).toEqual({
      kind: 'problem',
      code: 'token_unknown',
    });
  });

  test.each([
    ['420', 420],
    ['Sat, 21 Nov 2026 00:00:00 GMT', undefined],
    [undefined, undefined],
  ])('reports when to try again: Retry-After %s', async (given, seconds) => {
    const problem = { type: 'urn:x', title: 'x', status: 429, code: 'rate_limited' };
    const headers = new Headers(given === undefined ? {} : { 'Retry-After': given });
    const said = await client(async () => Response.json(problem, { status: 429, headers })).show(
      '123456789012',
    );
    expect(said).toEqual({ kind: 'problem', code: 'rate_limited', retryAfterS: seconds });
  });

  test('leaves no listener on the signal of a long wait', async () => {
    const { signal } = new AbortController();
    const awaiting = { unless: 'waiting', seconds: 20, signal } as const;
    const listening = async (_: string, init: RequestInit) => {
      init.signal?.addEventListener('abort', () => {});
      return Response.json({});
    };
    for (let wait = 1; wait <= 3; wait++) {
      await client(listening).confirmation('123456789012', 'A'.repeat(22), awaiting);
    }
    expect(leftOn(signal)).toBe(0);
  });

  test('gives up on a service that does not answer', async () => {
    const silent = (_: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    expect(await client(silent).show('123456789012')).toEqual({
      kind: 'unreachable',
      reason: 'TimeoutError',
    });
  });
});
