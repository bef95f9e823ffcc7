import { IDBFactory } from 'fake-indexeddb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isMadeSerial } from '../../../../core/otp/serial.ts';
import { codeAt } from '../../../../core/otp/totp.ts';
import type { OpenDatabase } from '../../../../server/store/database.ts';
import { SENPOKU, SHINKIN } from '../../../institutions.ts';
import { openServiceMemory } from '../../../service/memory.ts';
import { createTestService, type TestService } from '../../../service/test-service.ts';
import { type Context, everything, random, startContext } from '../storage/fresh-vault.ts';

/** シリアル番号のトークンを作る: the token's own enroller and vault, with the real service behind `fetch`. */

let database: OpenDatabase;
let service: TestService;
let context: Context;
/** Answers that get lost on their way back, after they were acted on. */
let lost = 0;
/** Whether the service has gone silent. */
let silent = false;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database, { institutions: [SENPOKU, SHINKIN] });
  const serviceKey = service.dependencies.signingKey.publicJwk;
  vi.stubGlobal(
    '__WARIFU_INSTITUTIONS__',
    [SENPOKU, SHINKIN].map((one) => ({ ...one, serviceKey })),
  );
  const fetch = vi.fn(async (url: string, init: RequestInit) => {
    if (silent) return new Promise(() => undefined);
    const answer = await service.app.request(url, init);
    if (lost === 0 || !url.endsWith('-enrolments')) return answer;
    lost -= 1;
    throw new TypeError('network error');
  });
  vi.stubGlobal('fetch', fetch);
});
afterAll(() => database.close());
beforeEach(async () => {
  lost = 0;
  silent = false;
  context = await startContext(new IDBFactory());
});

async function make(institution: string = SHINKIN.key, signal = new AbortController().signal) {
  const { createClockKeeper } = await import('../../../../platform/service/clock-keeper.ts');
  const { createEnroller } = await import('../../../../platform/service/enroller.ts');
  const now = service.clock.now;
  const device = { form: 'companion', name: 'Chrome (Android)' } as const;
  const enroller = createEnroller(now, createClockKeeper(now, random), random, device);
  return enroller.make(institution, signal);
}

async function made() {
  const outcome = await make();
  if (outcome.kind !== 'enrolled') throw new Error(`refused: ${outcome.reason}`);
  return outcome.token;
}

describe('a token is made', () => {
  test('with a シリアル番号, to be registered within a day, and is in the vault with its key', async () => {
    const token = await made();
    expect(token).toMatchObject({ institution: SHINKIN.key, kind: 'serial', parameters: SHINKIN.otp });
    expect(isMadeSerial(token.serial)).toBe(true);
    expect((token.bindBy ?? 0) - token.enrolledAt).toBe(24 * 60 * 60_000);
    expect(await context.vault.list()).toEqual([token]);
    const key = await context.vault.openKey(token.id);
    expect(await codeAt(key, token.parameters, service.clock.now())).toMatch(/^\d{6}$/);
    expect((await everything(context)).pending).toEqual([]);
  });

  test('once, though its answer was lost', async () => {
    lost = 1;
    expect(await make()).toEqual({ kind: 'refused', reason: 'unreachable' });
    expect(await context.vault.list()).toEqual([]);
    const token = await made();
    const rows = await database.db.selectFrom('tokens').select('serial').where('id', '=', token.id).execute();
    expect(rows).toEqual([{ serial: token.serial }]);
    expect(await context.vault.list()).toEqual([token]);
  });

  test('anew, where the answer was lost and the token has ended since', async () => {
    lost = 1;
    await make();
    const waiting = await database.db.selectFrom('tokens').select('id').execute();
    service.nextStep(25 * 60);
    const token = await made();
    expect(waiting.map(({ id }) => id)).not.toContain(token.id);
  });

  test('once, though two pages ask at once', async () => {
    const [one, other] = await Promise.all([made(), made()]);
    expect(other).toEqual(one);
    expect(await context.vault.list()).toEqual([one]);
    const key = await context.vault.openKey(one.id);
    expect(await codeAt(key, one.parameters, service.clock.now())).toMatch(/^\d{6}$/);
    expect((await everything(context)).pending).toEqual([]);
  });

  test('beside another: two tokens are two', async () => {
    const [one, other] = [await made(), await made()];
    expect(one.serial).not.toBe(other.serial);
    expect(await context.vault.list()).toHaveLength(2);
  });
});

describe('中止 counts at once', () => {
  const calledOff = { kind: 'refused', reason: 'unreachable' };

  test('while a silent service is asked for its time', async () => {
    silent = true;
    vi.mocked(fetch).mockClear();
    const called = new AbortController();
    const asked = make(SHINKIN.key, called.signal);
    await vi.waitFor(() => expect(fetch).toHaveBeenCalled(), 20_000);
    called.abort();
    expect(await asked).toEqual(calledOff);
  });

  test('before that is asked', async () => {
    silent = true;
    expect(await make(SHINKIN.key, AbortSignal.abort())).toEqual(calledOff);
  });
});

test.each([
  ['an institution that issues its tokens', SENPOKU.key, 'refused'],
  ['one there is not', 'nobody', 'unknown-service'],
])('%s makes none', async (_what, institution, reason) => {
  expect(await make(institution)).toEqual({ kind: 'refused', reason });
  expect(await context.vault.list()).toEqual([]);
});

test.each([
  ['enrolled', true],
  ['void', true],
  ['active', false],
  ['suspended', false],
] as const)('%s at its service, it is kept as that', async (status, mayRegister) => {
  const token = await made();
  const { keepStanding } = await import('../../../../platform/storage/standing.ts');
  const { expiresAt } = token;
  await keepStanding({ tokenId: token.id, status, expiresAt });
  const { bindBy, ...registered } = token;
  expect(await context.vault.list()).toEqual([{ ...registered, status, ...(mayRegister && { bindBy }) }]);
  await keepStanding({ tokenId: 'nobody', status, expiresAt });
  expect(await context.vault.list()).toHaveLength(1);
});
