import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BindResponse, CodeResponse } from '../../../core/api/bank.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { TRANSFER } from '../../service/test-confirmation.ts';
import { HOTP, hardware, TOTP } from '../../service/test-hardware.ts';
import { createTestService, type TestService } from '../../service/test-service.ts';

/** Hardware tokens: bound by their serial, exchanged, found again. */

let database: OpenDatabase;
let service: TestService;
let tokens: ReturnType<typeof hardware>;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  tokens = hardware(service);
});
afterAll(() => database.close());
beforeEach(() => service.nextStep());

const refused = { accepted: false };

const exchange = async (userId: string, body: { code: string; serial: string; codes: string[] }) => {
  const response = await service.bank('POST', `/v1/tokens/${userId}/exchange`, body);
  return { status: response.status, ...((await response.json()) as BindResponse) };
};
const verify = async (userId: string, code: string) =>
  (await service.present('verify', { userId }, code)).accepted;
const resync = async (userId: string, codes: string[]) => {
  const response = await service.bank('POST', `/v1/tokens/${userId}/resync`, { codes });
  return { status: response.status, ...((await response.json()) as CodeResponse) };
};

describe('a hardware token', () => {
  test.each([
    ['hardware-hotp', HOTP, 0],
    ['hardware-hotp', { ...HOTP, digits: 8 }, 5],
    ['hardware-totp', TOTP, -1],
    ['hardware-totp', { algorithm: 'SHA-256', digits: 8, period: 60 }, -9],
  ] as const)('of kind %s is bound by two codes in a row', async (kind, parameters, at) => {
    const token = await tokens.make(parameters);
    const answer = await tokens.bind(token.serial, await token.pair(at));
    expect(answer).toMatchObject({ accepted: true, token: { kind, status: 'active', serial: token.serial } });
    const { userId = '', activatedAt, expiresAt } = answer.token ?? {};
    expect(service.clock.now() - Date.parse(activatedAt ?? '')).toBeLessThan(10_000);
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(service.clock.now());
    expect(await verify(userId, await token.code(at + 1))).toBe(false);
    expect(await verify(userId, await token.code(at + 2))).toBe(true);
    expect(await verify(userId, await token.code(at + 2))).toBe(false);
  });

  test.each([40, -40])('whose clock is %i steps off, as its file says, is bound and used', async (drift) => {
    const token = await tokens.make(TOTP, { drift });
    const { token: bound } = await tokens.bind(token.serial, await token.pair(drift - 1));
    const userId = bound?.userId ?? '';
    for (let step = 0; step < 3; step += 1) {
      service.nextStep();
      expect(await verify(userId, await token.code(drift))).toBe(true);
    }
    expect(await verify(userId, await token.code(0))).toBe(false);
    // Its clock goes on to go wrong, farther than it is followed: two codes in a row find it again.
    service.nextStep(10);
    const away = drift + Math.sign(drift) * 5;
    expect(await verify(userId, await token.code(away))).toBe(false);
    expect((await resync(userId, await token.pair(away))).accepted).toBe(true);
    service.nextStep(2);
    expect(await verify(userId, await token.code(away))).toBe(true);
  });

  test('keeps the end its maker gave it', async () => {
    const expiresAt = new Date(service.clock.now() + 90_000);
    const token = await tokens.make(HOTP, { expiresAt });
    const { token: bound } = await tokens.bind(token.serial, await token.pair(0));
    expect(bound?.expiresAt).toBe(expiresAt.toISOString());
    service.nextStep(2);
    expect(await verify(bound?.userId ?? '', await token.code(2))).toBe(false);
  });

  test('is not bound by one code, by two that are not in a row, or in the wrong order', async () => {
    const token = await tokens.make(HOTP);
    const [zero, one, two] = [await token.code(0), await token.code(1), await token.code(2)];
    for (const codes of [[zero], [zero, two], [one, zero], [zero, zero]]) {
      expect(await tokens.bind(token.serial, codes)).toEqual(refused);
    }
    expect((await tokens.bind(token.serial, [zero, one])).accepted).toBe(true);
  });

  test('of another contract, of nobody, and a wrong code are answered alike', async () => {
    const { serial, pair } = await tokens.bound(HOTP);
    expect(await tokens.bind(serial, await pair(2))).toEqual(refused);
    expect(await tokens.bind('NOBODYS123', ['123456', '123456'])).toEqual(refused);
    expect(await tokens.bind((await tokens.make(TOTP)).serial, ['12345678', '12345678'])).toEqual(refused);
    const { rows } = await database.db
      .selectFrom('stranger_counts')
      .selectAll()
      .where('event', '=', 'bind')
      .execute()
      .then((rows) => ({ rows }));
    expect(rows.map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining(['unknown', 'stopped', 'wrong']),
    );
  });

  test('takes no more tries for a while after too many wrong ones, and then one', async () => {
    const token = await tokens.make(HOTP);
    for (let tries = 0; tries < DEFAULT_POLICY.activationTriesAtOnce; tries += 1) {
      expect(await tokens.bind(token.serial, ['000000', '000001'])).toEqual(refused);
    }
    expect(await tokens.bind(token.serial, await token.pair(0))).toEqual(refused);
    service.nextStep(DEFAULT_POLICY.activationTryMinutes + 1);
    expect((await tokens.bind(token.serial, await token.pair(0))).accepted).toBe(true);
  });

  test('of many contracts at once one has it, and a repeat is answered alike', async () => {
    const token = await tokens.make(HOTP);
    const codes = await token.pair(0);
    const key = randomUUID();
    const answers = await Promise.all([
      tokens.bind(token.serial, codes, { 'Idempotency-Key': key }),
      ...Array.from({ length: 7 }, () => tokens.bind(token.serial, codes)),
      tokens.bind(token.serial, codes, { 'Idempotency-Key': key }),
    ]);
    const accepted = answers.filter((answer) => answer.accepted);
    expect(new Set(accepted.map((answer) => answer.token?.userId)).size).toBe(1);
    expect(answers.at(0)?.accepted).toBe(answers.at(-1)?.accepted);
    const audited = await database.db
      .selectFrom('audit')
      .innerJoin('tokens', 'tokens.id', 'audit.token_id')
      .select(['audit.event', 'audit.outcome'])
      .where('tokens.serial', '=', token.serial)
      .execute();
    expect(audited).toEqual([{ event: 'bind', outcome: 'done' }]);
  });

  test('does not confirm, renew, or move to another device', async () => {
    const { userId, code } = await tokens.bound(HOTP);
    const post = async (path: string, body: object) =>
      (await service.bank('POST', `/v1/tokens/${userId}/${path}`, body)).status;
    expect(await post('confirmations', { transaction: TRANSFER })).toBe(409);
    expect(await post('renew', { code: await code(2) })).toBe(409);
    expect(await post('activate', { code: await code(2) })).toBe(409);
    expect(await post('replacement', { activationPassword: '24680135' })).toBe(409);
    expect(await verify(userId, await code(2))).toBe(true);
  });

  test('is released by a code, and its serial is not bound again', async () => {
    const { userId, serial, code, pair } = await tokens.bound(HOTP);
    expect((await service.present('release', { userId }, await code(2))).token.status).toBe('released');
    expect(await tokens.bind(serial, await pair(3))).toEqual(refused);
  });
});

describe('a button pressed in vain', () => {
  const { lookAheadCounts, resyncCounts, wrongCodesToLock } = DEFAULT_POLICY;

  test('is looked over, so many times; farther away two codes in a row find the token again', async () => {
    const { userId, code, pair } = await tokens.bound(HOTP);
    expect(await verify(userId, await code(1 + lookAheadCounts))).toBe(true);
    const last = 1 + lookAheadCounts;
    expect(await verify(userId, await code(last + lookAheadCounts + 1))).toBe(false);
    expect((await resync(userId, [await code(last + 50), await code(last + 52)])).accepted).toBe(false);
    expect((await resync(userId, await pair(last + resyncCounts - 1))).accepted).toBe(true);
    expect(await verify(userId, await code(last + resyncCounts))).toBe(false);
    expect(await verify(userId, await code(last + resyncCounts + 1))).toBe(true);
  });

  test('too far away is not found, and pairs count as codes do', async () => {
    const { userId, pair } = await tokens.bound(HOTP);
    for (let tries = 1; tries <= wrongCodesToLock; tries += 1) {
      const { token } = await resync(userId, await pair(1 + resyncCounts));
      expect(token.status).toBe(tries < wrongCodesToLock ? 'active' : 'locked');
    }
  });

  test('software tokens are not resynchronised', async () => {
    const { userId } = await service.active();
    expect((await resync(userId, ['12345678', '12345679'])).status).toBe(409);
  });
});

test('a clock that runs off is followed farther than a software token’s', async () => {
  const { userId, code } = await tokens.bound(TOTP);
  for (let off = 1; off <= 12; off += 1) {
    service.nextStep(10);
    expect(await verify(userId, await code(off))).toBe(true);
  }
});

describe('交換', () => {
  test('takes the new token and releases the old one', async () => {
    const old = await tokens.bound(HOTP);
    const next = await tokens.make(TOTP);
    const body = { code: await old.code(2), serial: next.serial, codes: await next.pair(-1) };
    const answer = await exchange(old.userId, body);
    expect(answer).toMatchObject({ accepted: true, token: { serial: next.serial, status: 'active' } });
    const gone = await (await service.bank('GET', `/v1/tokens/${old.userId}`)).json();
    expect(gone).toMatchObject({ status: 'released', replacedBy: answer.token?.userId });
    expect((await exchange(old.userId, body)).status).toBe(409);
  });

  test('from a software token as well, by its code', async () => {
    const customer = await service.active();
    const next = await tokens.make(HOTP);
    const body = { code: await customer.code(), serial: next.serial, codes: await next.pair(0) };
    expect((await exchange(customer.userId, body)).accepted).toBe(true);
  });

  test('with anything wrong does neither, and counts what was wrong', async () => {
    const old = await tokens.bound(HOTP);
    const next = await tokens.make(HOTP);
    const right = { code: await old.code(2), serial: next.serial, codes: await next.pair(0) };
    for (const wrong of [
      { code: '000000' },
      { codes: ['000000', '000001'] },
      { codes: [await next.code(0)] },
      { serial: 'NOBODYS123' },
      { serial: old.serial },
    ]) {
      expect(await exchange(old.userId, { ...right, ...wrong })).toEqual({ status: 200, accepted: false });
    }
    const rows = await database.db
      .selectFrom('tokens')
      .select(['serial', 'status', 'failures', 'activation_failures'])
      .where('serial', 'in', [old.serial, next.serial])
      .orderBy('issued_at')
      .orderBy('serial')
      .execute();
    expect(rows).toEqual([
      { serial: old.serial, status: 'active', failures: 1, activation_failures: 0 },
      { serial: next.serial, status: 'enrolled', failures: 0, activation_failures: 1 },
    ]);
    expect((await exchange(old.userId, right)).accepted).toBe(true);
  });

  test('of two at once for one new token, one is done, and the other keeps its old one', async () => {
    const [a, b] = [await tokens.bound(HOTP), await tokens.bound(HOTP)];
    const next = await tokens.make(HOTP);
    const codes = await next.pair(0);
    const answers = await Promise.all(
      [a, b].map(async ({ userId, code }) =>
        exchange(userId, { code: await code(2), serial: next.serial, codes }),
      ),
    );
    expect(answers.map(({ accepted }) => accepted).sort()).toEqual([false, true]);
    const old = answers[0]?.accepted ? b : a;
    expect(await verify(old.userId, await old.code(3))).toBe(true);
  });
});

test('a key bound to one institution reaches no serial of another', async () => {
  const token = await tokens.make(HOTP);
  const apiKey = await service.keyOf('bank', 'akita');
  const headers = { Authorization: `Bearer ${apiKey}` };
  expect(await tokens.bind(token.serial, await token.pair(0), headers)).toEqual(refused);
  const staff = await service.staff('POST', `/v1/serials/${token.serial}/bind`, {
    codes: await token.pair(0),
  });
  expect(staff.status).toBe(403);
});
