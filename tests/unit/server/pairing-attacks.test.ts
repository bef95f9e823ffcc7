import { calculateJwkThumbprint } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { linkHash } from '../../../core/pairing/link.ts';
import { symbolsOf } from '../../../core/pairing/symbols.ts';
import { RATES } from '../../../server/limits.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { commitment, type Desktop, newNonce, pairings } from '../../service/test-pairing.ts';
import { type Customer, createTestService, type TestService } from '../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../service/test-token.ts';

/** 連携 with somebody in between, guessing, or in a hurry. */

let database: OpenDatabase;
let service: TestService;
let pairing: ReturnType<typeof pairings>;
let phone: Customer;

beforeAll(async () => {
  database = await openServiceMemory();
});
afterAll(() => database.close());

beforeEach(async () => {
  // New limits for each test, which come back no sooner than it has ended.
  const everyMs = 60 * 60_000;
  const rates = {
    ...RATES,
    pairings: { ...RATES.pairings, everyMs },
    pairingCodes: { ...RATES.pairingCodes, everyMs },
    pairingCodesOfSource: { ...RATES.pairingCodesOfSource, everyMs },
  };
  service = await createTestService(database, { rates });
  pairing = pairings(service);
  phone = await service.active();
});

const receivingOf = ({ receivingKey }: TestToken) => calculateJwkThumbprint(receivingKey);

describe('somebody in between', () => {
  test('who has each side pair with keys of their own shows them different symbols, and another link', async () => {
    const desktop = await pairing.begin();
    const [between, nonce] = [await createTestToken(), newNonce()];
    const phoneNonce = newNonce();
    const atDesktop = await symbolsOf({
      pairing: desktop.pairing,
      fillerKey: desktop.token.jkt,
      fillerReceivingKey: await receivingOf(desktop.token),
      fillerNonce: desktop.nonce,
      deciderKey: between.jkt,
      deciderNonce: nonce,
    });
    const atPhone = await symbolsOf({
      pairing: desktop.pairing,
      fillerKey: between.jkt,
      fillerReceivingKey: await receivingOf(between),
      fillerNonce: nonce,
      deciderKey: phone.token.jkt,
      deciderNonce: phoneNonce,
    });
    expect(atDesktop).not.toEqual(atPhone);
    const shown = await linkHash({
      fillerKey: desktop.token.jkt,
      fillerReceivingKey: await receivingOf(desktop.token),
      commitment: commitment(desktop.nonce),
    });
    const told = await linkHash({
      fillerKey: between.jkt,
      fillerReceivingKey: await receivingOf(between),
      commitment: commitment(nonce),
    });
    expect(told).not.toBe(shown);
  });

  test('who photographs the code comes too late, or is the one who is too early: the customer sees it', async () => {
    const thief = await service.active();
    const desktop = await pairing.begin();
    await pairing.claim(thief, desktop.code);
    // The customer's own phone has nothing to compare.
    expect(await pairing.claim(phone, desktop.code)).toMatchObject({ status: 404, code: 'pairing_unknown' });
    await pairing.answer(thief, desktop, newNonce());
    await pairing.cancel(desktop);
    expect(await pairing.decide(thief, desktop, 'paired')).toMatchObject({ status: 409 });
    expect((await pairing.devices(thief)).said?.devices).toHaveLength(1);
  });

  test('who knows the id of a pairing can neither see, answer nor decide it', async () => {
    const desktop = await pairing.toSymbols(phone);
    const thief = await service.active();
    const unknown = { status: 404, code: 'pairing_unknown' };
    expect(await pairing.lookByPhone(thief, desktop)).toMatchObject(unknown);
    expect(await pairing.answer(thief, desktop, newNonce())).toMatchObject(unknown);
    expect(await pairing.decide(thief, desktop, 'paired')).toMatchObject(unknown);
    const stranger = { ...desktop, token: await createTestToken() };
    expect(await pairing.look(stranger)).toMatchObject(unknown);
    expect(await pairing.cancel(stranger)).toMatchObject(unknown);
  });

  test('a proof of the desktop is good once', async () => {
    const desktop = await pairing.begin();
    const url = 'http://token.localhost:4600/v1/pairing';
    const DPoP = await desktop.token.proof({ method: 'GET', url, timeMs: service.clock.now() });
    const send = async () => (await service.app.request(url, { headers: { DPoP } })).status;
    expect([await send(), await send()]).toEqual([200, 401]);
  });
});

describe('guesses of codes', () => {
  test('are few for a device; right ones do not count', async () => {
    for (let right = 0; right < RATES.pairingCodes.atOnce + 2; right += 1) {
      const desktop = await pairing.begin({ source: `198.51.100.${right}` });
      expect(await pairing.claim(phone, desktop.code)).toMatchObject({ status: 200 });
    }
    const { code } = await pairing.begin();
    const wrong = async () => (await pairing.claim(phone, '00000000')).status;
    for (let guess = 0; guess < RATES.pairingCodes.atOnce; guess += 1) expect(await wrong()).toBe(404);
    expect(await wrong()).toBe(429);
    expect(await pairing.claim(phone, code)).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(await pairing.claim(await service.active(), code)).toMatchObject({ status: 200 });
  });

  test('are few for a source, whoever guesses', async () => {
    const over = { source: '203.0.113.9' };
    const { atOnce } = RATES.pairingCodes;
    const most = RATES.pairingCodesOfSource.atOnce;
    const guessers: Customer[] = [];
    while (guessers.length * atOnce <= most) guessers.push(await service.active());
    const statuses: number[] = [];
    for (let guess = 0; guess <= most; guess += 1) {
      const guesser = guessers[guess % guessers.length] ?? phone;
      statuses.push((await pairing.claim(guesser, '00000000', over)).status);
    }
    expect(statuses).toEqual([...Array(most).fill(404), 429]);
  });
});

describe('a flood of pairings', () => {
  test('from one source is told to wait, and no other', async () => {
    const over = { source: '203.0.113.7' };
    for (let begun = 0; begun < RATES.pairings.atOnce; begun += 1) await pairing.begin(over);
    const one = await pairing.askToBegin(await createTestToken(), newNonce(), over);
    expect(one).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(one.retryAfter)).toBeGreaterThan(0);
    await pairing.begin({ source: '203.0.113.8' });
  });

  test('from everywhere fills a table of a thousand and no more; those under way go on', async () => {
    const desktop: Desktop = await pairing.begin();
    const expires = new Date(service.clock.now() + 60_000);
    const rows = Array.from({ length: 1_000 }, (_, index) => ({
      id: `flood-${index}`,
      jkt: `flood-${index}`,
      signing_key: JSON.stringify(desktop.token.signingKey),
      receiving_key: JSON.stringify(desktop.token.receivingKey),
      commitment: commitment(desktop.nonce),
      form: 'extension' as const,
      name: 'x',
      code_hash: null,
      status: 'open' as const,
      expires_at: expires,
    }));
    await service.db.insertInto('pairings').values(rows).execute();
    const over = { source: '203.0.113.6' };
    const [token, nonce] = [await createTestToken(), newNonce()];
    for (let tried = 0; tried <= RATES.pairings.atOnce; tried += 1) {
      expect(await pairing.askToBegin(token, nonce, over)).toMatchObject({ status: 429 });
    }
    expect(await pairing.claim(phone, desktop.code)).toMatchObject({ status: 200 });
    await service.db.deleteFrom('pairings').where('id', 'like', 'flood-%').execute();
    expect(
      await pairing.askToBegin(token, nonce, over),
      'what was not begun counts for nothing',
    ).toMatchObject({
      status: 201,
    });
  });
});
