import * as crypto from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BindResponse, CodeResponse } from '../../../core/api/bank.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { RATES } from '../../../server/limits.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { SENPOKU, SHINKIN } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { HOTP, hardware, TOTP } from '../../service/test-hardware.ts';
import { makeSerial } from '../../service/test-serial.ts';
import { createTestService, type TestService } from '../../service/test-service.ts';

/** 利用開始 by シリアル番号, 交換 and resynchronisation that are refused: what counts, what is written down, and what is told. */

// The HMACs that judging takes are counted.
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>();
  return { ...real, createHmac: vi.fn(real.createHmac) };
});

const FEW = 3;

let database: OpenDatabase;
let service: TestService;
let tokens: ReturnType<typeof hardware>;
let shinkin: Record<string, string>;

beforeAll(async () => {
  database = await openServiceMemory();
  const rates = { ...RATES, wrongCodes: { atOnce: FEW, everyMs: 60_000 } };
  service = await createTestService(database, { institutions: [SENPOKU, SHINKIN], rates });
  tokens = hardware(service);
  shinkin = { Authorization: `Bearer ${await service.keyOf('bank', SHINKIN.key)}` };
});
afterAll(() => database.close());
beforeEach(() => service.nextStep(FEW));

const refused = { accepted: false };
const { hardwareDriftSteps, lateSteps, windowSteps } = DEFAULT_POLICY;

async function post<Answer>(path: string, body: object, headers?: Record<string, string>) {
  const response = await service.bank('POST', path, body, headers);
  return { status: response.status, ...((await response.json()) as Answer) };
}

const bind = (serial: string, codes: readonly string[], headers?: Record<string, string>) =>
  post<BindResponse>(`/v1/serials/${serial}/bind`, { codes }, headers);

const rowOf = (serial: string) =>
  database.db.selectFrom('tokens').selectAll().where('serial', '=', serial).executeTakeFirstOrThrow();

const auditOf = async (serial: string, event: 'exchange' | 'resync' | 'verify') =>
  (
    await database.db
      .selectFrom('audit')
      .select('outcome')
      .where('token_id', '=', (await rowOf(serial)).id)
      .where('event', '=', event)
      .orderBy('id')
      .execute()
  ).map(({ outcome }) => outcome);

/** How often strangers had an outcome at a serial of senpoku. */
const counted = async (outcome: 'late' | 'stopped') =>
  Number(
    (
      await database.db
        .selectFrom('stranger_counts')
        .select(({ fn }) => fn.sum('count').as('count'))
        .where('event', '=', 'bind')
        .where('outcome', '=', outcome)
        .executeTakeFirstOrThrow()
    ).count ?? 0,
  );

describe('a code that has run out', () => {
  test('binds nothing, counts for nothing and teaches nothing', async () => {
    const { serial, code } = await makeSerial(service, SHINKIN.serviceId);
    const before = await counted('late');
    for (const late of [windowSteps + 1, windowSteps + lateSteps]) {
      expect(await bind(serial, [await code(-late)], shinkin)).toMatchObject(refused);
    }
    expect(await counted('late')).toBe(before + 2);
    expect(await rowOf(serial)).toMatchObject({ activation_failures: 0, drift: 0 });
    expect((await bind(serial, [await code()], shinkin)).accepted).toBe(true);
  });

  test('nor do two in a row of a device', async () => {
    const { serial, pair } = await tokens.make(TOTP);
    expect(await bind(serial, await pair(-hardwareDriftSteps - 2))).toMatchObject(refused);
    expect(await rowOf(serial)).toMatchObject({ activation_failures: 0, drift: 0 });
  });

  test('of the token in use does not count at 交換, nor at verify', async () => {
    const old = await tokens.bound(TOTP);
    const next = await tokens.make(HOTP);
    service.nextStep(windowSteps + 2);
    const code = await old.code(-windowSteps - 2);
    const body = { code, serial: next.serial, codes: await next.pair(0) };
    expect(await post(`/v1/tokens/${old.userId}/exchange`, body)).toMatchObject(refused);
    expect((await service.present('verify', old, code)).accepted).toBe(false);
    expect(await rowOf(old.serial)).toMatchObject({ failures: 0, status: 'active' });
    expect(await auditOf(old.serial, 'exchange')).toEqual(['late']);
    expect(await auditOf(old.serial, 'verify')).toEqual(['late']);
  });
});

test.each([HOTP, TOTP])('two codes in a row found again twice are no wrong codes: %j', async (parameters) => {
  const { serial, userId, pair } = await tokens.bound(parameters);
  service.nextStep(3);
  const codes = await pair(7);
  const resync = () => post<CodeResponse>(`/v1/tokens/${userId}/resync`, { codes });
  expect((await resync()).accepted).toBe(true);
  const { drift } = await rowOf(serial);
  for (let again = 0; again < 2; again += 1) expect((await resync()).accepted).toBe(false);
  expect(await rowOf(serial)).toMatchObject({ failures: 0, drift });
  expect(await auditOf(serial, 'resync')).toEqual(['done', 'spent', 'spent']);
});

describe('codes of another form than the token’s', () => {
  test('two of a token that its customer made are not looked for: its window is no wider', async () => {
    const { serial, code } = await makeSerial(service, SHINKIN.serviceId);
    for (const from of [-1, 5]) {
      const pair = [await code(from), await code(from + 1)];
      expect(await bind(serial, pair, shinkin)).toMatchObject(refused);
    }
    expect(await rowOf(serial)).toMatchObject({ status: 'enrolled', activation_failures: 0 });
  });

  test('one of a device is none, and longer ones are no tries', async () => {
    const { serial, code, pair } = await tokens.make(HOTP);
    const before = await counted('stopped');
    expect(await bind(serial, [await code(0)])).toMatchObject(refused);
    expect(await bind(serial, ['12345678', '12345678'])).toMatchObject(refused);
    expect(await counted('stopped')).toBe(before + 2);
    expect(await rowOf(serial)).toMatchObject({ activation_failures: 0 });
    expect((await bind(serial, await pair(0))).accepted).toBe(true);
  });

  test('of the token in use: refused at 交換 as at verify, and no guess', async () => {
    const old = await tokens.bound(HOTP);
    const next = await tokens.make(HOTP);
    const body = { code: '12345678', serial: next.serial, codes: await next.pair(0) };
    const answer = await post(`/v1/tokens/${old.userId}/exchange`, body);
    expect(answer).toMatchObject({ status: 400, code: 'invalid_request', fields: ['code'] });
    expect(await rowOf(old.serial)).toMatchObject({ failures: 0 });
    expect(await auditOf(old.serial, 'exchange')).toEqual([]);
  });
});

test('a right code of the token in use is audited as right where the other token is not bound', async () => {
  const old = await tokens.bound(HOTP);
  const next = await tokens.make(HOTP);
  const body = { code: await old.code(2), serial: next.serial, codes: ['000000', '000001'] };
  expect(await post(`/v1/tokens/${old.userId}/exchange`, body)).toMatchObject(refused);
  expect(await auditOf(old.serial, 'exchange')).toEqual(['not-bound']);
});

test('while the institution’s tokens are guessed at, one that had a wrong code waits at 交換 and resynchronisation too', async () => {
  const [guessed, other, next] = [
    await tokens.bound(HOTP),
    await tokens.bound(HOTP),
    await tokens.make(HOTP),
  ];
  const ask = async ({ userId, code, pair }: typeof guessed, codes?: string[]) => {
    const exchange = { code: await code(2), serial: next.serial, codes: ['000000', '000001'] };
    return [
      (await post(`/v1/tokens/${userId}/exchange`, exchange)).status,
      (await post(`/v1/tokens/${userId}/resync`, { codes: codes ?? (await pair(2)) })).status,
    ];
  };
  await ask(guessed, ['000000', '000001']);
  for (let guess = 0; guess < FEW; guess += 1) await bind(`NOBODYS${guess}`, ['000000', '000001']);
  expect(await ask(guessed)).toEqual([429, 429]);
  expect((await post(`/v1/tokens/${other.userId}/resync`, { codes: await other.pair(2) })).status).toBe(200);
});

describe('whether a serial exists', () => {
  /** Of senpoku: nobody's serial, an unbound device's of each kind, one that is bound, one that is released. */
  async function serials(): Promise<string[]> {
    const released = await tokens.bound(HOTP);
    await service.present('release', released, await released.code(2));
    const bound = await tokens.bound(TOTP);
    const free = [await tokens.make(HOTP), await tokens.make(TOTP)];
    return ['NOBODYS123', ...[...free, bound, released].map(({ serial }) => serial)];
  }

  test.each([[['000000']], [['000000', '000001']]])(
    'is not told by the work that %j takes',
    async (codes) => {
      const hmacs = vi.mocked(crypto.createHmac);
      const work = new Set<number>();
      for (const serial of await serials()) {
        service.nextStep(FEW);
        const before = hmacs.mock.calls.length;
        expect(await bind(serial, codes)).toEqual({ status: 200, ...refused });
        work.add(hmacs.mock.calls.length - before);
      }
      expect(work.size).toBe(1);
    },
  );

  test('is not told by who waits while the institution’s tokens are guessed at', async () => {
    const codes = ['000000', '000001'];
    const all = await serials();
    for (const serial of all) {
      service.nextStep(FEW);
      expect((await bind(serial, codes)).status).toBe(200);
    }
    for (let guess = 0; guess < FEW; guess += 1) await bind(`NOBODYS${guess}`, codes);
    const again = await Promise.all(all.map((serial) => bind(serial, codes)));
    expect(again.map(({ status }) => status)).toEqual(all.map(() => 429));
    const { serial, pair } = await tokens.make(HOTP);
    expect((await bind(serial, await pair(0))).accepted).toBe(true);
  });
});
