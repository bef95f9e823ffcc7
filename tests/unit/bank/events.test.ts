import { generateKeyPair, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { BANK, type Browser } from './browser.ts';
import { EMAIL, type TestBank, useTestBank } from './test-bank.ts';
import { enter, PAYMENT, press, transfers, withToken } from './test-transfer.ts';

const SET = 'application/secevent+jwt';

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

interface Made {
  readonly iss?: string;
  readonly aud?: string;
  readonly jti?: string;
  readonly typ?: string;
  readonly status?: string;
  readonly events?: unknown;
  readonly key?: CryptoKey;
  readonly userId?: string;
}

/** A security event about the waiting transfer, signed like the service's unless the test changes that. */
async function event(made: Made = {}): Promise<string> {
  const [row] = await transfers(bank);
  const { signingKey } = bank.service.dependencies;
  const confirmation = {
    id: row?.confirmation_id ?? 'A'.repeat(22),
    status: made.status ?? 'rejected',
    mode: 'approve',
    number: row?.number ?? '12',
    transaction: PAYMENT,
    requestedAt: '2026-11-21T00:00:00.000Z',
    expiresAt: '2026-11-21T00:05:00.000Z',
  };
  const told = { userId: made.userId ?? row?.user_id ?? '123456789012', confirmation };
  return new SignJWT({ events: made.events ?? { 'urn:warifu:event:confirmation': told } })
    .setProtectedHeader({ alg: 'ES256', typ: made.typ ?? 'secevent+jwt', kid: signingKey.kid })
    .setIssuer(made.iss ?? 'http://token.localhost:4600')
    .setAudience(made.aud ?? 'senpoku')
    .setJti(made.jti ?? 'one')
    .setIssuedAt(Math.floor(bank.service.clock.now() / 1000))
    .sign(made.key ?? signingKey.privateKey);
}

const push = (body: string, type = SET, origin = 'http://127.0.0.1:4601') =>
  bank.bank.request(`${origin}/events`, { method: 'POST', headers: { 'content-type': type }, body });

async function waiting() {
  const token = await withToken(bank, browser);
  await enter(browser);
  return token;
}

const state = async () => (await transfers(bank))[0]?.state;
const mailsAbout = async (word: string) =>
  (await bank.mails(EMAIL)).filter(({ subject }) => subject.includes(word)).length;

describe('the event receiver', () => {
  test.each(['http://127.0.0.1:4601', BANK])('accepts a valid event at %s', async (origin) => {
    await waiting();
    expect((await push(await event(), SET, origin)).status).toBe(202);
    expect(await state()).toBe('refused');
  });

  test('a repeated event, and another about the same confirmation, change nothing and send one mail', async () => {
    await waiting();
    const one = await event();
    expect((await Promise.all([push(one), push(one)])).map(({ status }) => status)).toEqual([202, 202]);
    expect((await push(await event({ jti: 'two' }))).status).toBe(202);
    expect(await mailsAbout('拒否')).toBe(1);
  });

  test('a late event undoes nothing', async () => {
    const token = await waiting();
    await token.decide('confirmed');
    await browser.open(browser.seen.path);
    await press(browser, 'execute', { confirmation_password: 'kakunin1234' });
    for (const status of ['rejected', 'expired', 'confirmed', 'cancelled']) {
      expect((await push(await event({ jti: status, status }))).status).toBe(202);
    }
    expect(await state()).toBe('done');
  });

  test('accepts an event about an unknown transfer, and mails "not me" all the same', async () => {
    const { codes } = await withToken(bank, browser);
    const { userId } = codes.customer;
    expect((await push(await event({ status: 'not-me', userId }))).status).toBe(202);
    expect(await mailsAbout('利用停止')).toBe(1);
  });

  test.each<[string, Made, string]>([
    ['another issuer', { iss: 'http://evil.example' }, 'invalid_issuer'],
    ['another audience', { aud: 'nobody' }, 'invalid_audience'],
    ['another kind of token', { typ: 'warifu-time+jwt' }, 'invalid_request'],
    ['other events', { events: { 'urn:other': {} } }, 'invalid_request'],
    ['a status there is not', { status: 'perhaps' }, 'invalid_request'],
  ])('refuses %s', async (_, made, err) => {
    await waiting();
    const response = await push(await event(made));
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({ err });
    expect(await state()).toBe('waiting');
  });

  test('refuses an event that the service did not sign, or that was changed', async () => {
    await waiting();
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await push(await event({ key: privateKey }));
    expect([forged.status, await forged.json()]).toMatchObject([400, { err: 'authentication_failed' }]);
    const [header = '', payload = '', signature = ''] = (await event()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, jti: 'x' })).toString('base64url');
    expect((await push([header, changed, signature].join('.'))).status).toBe(400);
    const none = Buffer.from('{"alg":"none","typ":"secevent+jwt"}').toString('base64url');
    expect((await push(`${none}.${payload}.`)).status).toBe(400);
    expect(await state()).toBe('waiting');
  });

  test('refuses other types, malformed events and large ones', async () => {
    expect((await push(await event(), 'application/json')).status).toBe(415);
    expect((await push('nonsense')).status).toBe(400);
    expect((await push('')).status).toBe(400);
    expect((await push('a'.repeat(17 * 1024))).status).toBe(413);
    expect((await bank.bank.request('http://127.0.0.1:4601/events')).status).toBe(404);
  });
});
