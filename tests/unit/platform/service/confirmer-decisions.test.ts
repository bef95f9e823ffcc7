import { exportJWK } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { canonicalText, digestOf } from '../../../../core/transaction/details.ts';
import { TRANSFER } from '../../core/transaction/example.ts';
import { CANONICAL, CODE, device, resetService, service } from './confirmer-device.ts';
import { DETAILS, type Forgery, type Listed, listed, NOW, ORIGIN, TOKEN } from './fake-service.ts';

const BASE64URL_SHA256 = /^[A-Za-z0-9_-]{43}$/;

beforeEach(resetService);

describe('a decision', () => {
  test('is signed by the token over exactly the text that was shown, and kept', async () => {
    const { confirmer, kept } = device();
    expect(await confirmer.decide(TOKEN, CANONICAL, 'confirmed')).toEqual({
      kind: 'decided',
      useBy: Date.parse('2026-11-21T09:10:00.000Z'),
    });
    const { kty, crv, x, y } = await exportJWK(service.tokenKeys.publicKey);
    const digest = Buffer.from(await digestOf(CANONICAL)).toString('base64url');
    expect(digest).toMatch(BASE64URL_SHA256);
    expect(service.decisions).toEqual([
      {
        confirmation: DETAILS.confirmation,
        decision: 'confirmed',
        details: digest,
        origin: null,
        factors: ['token-key'],
        typ: 'warifu-decision+jwt',
        jwk: { kty, crv, x, y },
      },
    ]);
    expect(service.requests.map(({ url }) => url)).toEqual([
      `${ORIGIN}/v1/token/confirmations/${DETAILS.confirmation}/decision`,
    ]);
    expect(kept).toEqual([{ tokenId: 'first', decision: 'confirmed', details: DETAILS, decidedAt: NOW }]);
  });

  test('names the origin at which the transaction was seen, where there is one', async () => {
    await device().confirmer.decide(TOKEN, CANONICAL, 'confirmed', 'https://ib.senpoku.example');
    expect(service.decisions).toMatchObject([{ origin: 'https://ib.senpoku.example' }]);
  });

  test('that the institution takes only with its page in sight is told of as such', async () => {
    service.statuses.push({ status: 403, code: 'origin_required' });
    expect(await device().confirmer.decide(TOKEN, CANONICAL, 'confirmed')).toEqual({
      kind: 'refused',
      reason: 'origin-required',
    });
  });

  test('sent again after a lost answer is the same decision, kept once', async () => {
    const { confirmer, kept } = device();
    service.lost = 1;
    expect(await confirmer.decide(TOKEN, CANONICAL, 'confirmed')).toEqual({
      kind: 'refused',
      reason: 'unreachable',
    });
    expect(kept).toEqual([]);
    expect((await confirmer.decide(TOKEN, CANONICAL, 'confirmed')).kind).toBe('decided');
    expect(service.decisions[0]).toEqual(service.decisions[1]);
    expect(service.requests[0]?.headers.dpop).not.toBe(service.requests[1]?.headers.dpop);
    expect(kept).toHaveLength(1);
  });

  test.each([
    ['confirmed', 'spent'],
    ['rejected', 'rejected'],
    ['not-me', 'not-me'],
  ] as const)('%s stands where the service says %s', async (decision, status) => {
    service.status = status;
    expect((await device().confirmer.decide(TOKEN, CANONICAL, decision)).kind).toBe('decided');
  });

  test.each([
    ['confirmed', 'rejected'],
    ['rejected', 'confirmed'],
    ['rejected', 'spent'],
    ['not-me', 'rejected'],
    ['confirmed', 'expired'],
    ['confirmed', 'cancelled'],
    ['confirmed', 'waiting'],
  ] as const)('%s is gone where the service says %s', async (decision, status) => {
    service.status = status;
    const { confirmer, kept } = device();
    expect(await confirmer.decide(TOKEN, CANONICAL, decision)).toEqual({ kind: 'refused', reason: 'gone' });
    expect(kept).toEqual([]);
  });

  test.each([
    [404, 'gone'],
    [409, 'gone'],
    [400, 'gone'],
    [429, 'unreachable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('refused with %i is %s', async (status, reason) => {
    service.statuses.push(status);
    expect(await device().confirmer.decide(TOKEN, CANONICAL, 'confirmed')).toEqual({
      kind: 'refused',
      reason,
    });
  });

  test.each<[string, Forgery]>([
    ['to another proof', { claims: { proof: 'AAAAAAAAAAAAAAAAAAAAAA' } }],
    ['about another confirmation', { claims: { confirmation: 'BBBBBBBBBBBBBBBBBBBBBB' } }],
    ['of another kind', { typ: 'warifu-confirmations+jwt' }],
    ['signed by somebody else', { keys: service.tokenKeys }],
  ])('is not believed done by an answer %s', async (_what, forgery) => {
    service.forgery = forgery;
    const { confirmer, kept } = device();
    expect(await confirmer.decide(TOKEN, CANONICAL, 'confirmed')).toEqual({
      kind: 'refused',
      reason: 'untrusted',
    });
    expect(kept).toEqual([]);
  });

  test.each([
    ['another token', canonicalText({ ...DETAILS, token: 'second' })],
    ['a text that is not canonical', JSON.stringify(DETAILS)],
    ['no details', '{}'],
  ])('is not signed over %s', async (_what, text) => {
    expect(await device().confirmer.decide(TOKEN, text, 'confirmed')).toEqual({
      kind: 'refused',
      reason: 'untrusted',
    });
    expect(service.requests).toEqual([]);
  });

  test('stands though it could not be written down', async () => {
    const { confirmer } = device({ full: true });
    expect((await confirmer.decide(TOKEN, CANONICAL, 'confirmed')).kind).toBe('decided');
  });
});

describe('D1: the code', () => {
  const useBy = new Date(NOW + 60_000).toISOString();

  test('is made once the service says that exactly this is confirmed', async () => {
    service.listed = [listed({}, { status: 'confirmed', useBy })];
    expect(await device().confirmer.code(TOKEN, CANONICAL)).toEqual({ kind: 'made', code: CODE });
    expect(CODE).toMatch(/^\d{8}$/);
  });

  test.each<[string, Listed[]]>([
    ['it waits still', [listed()]],
    ['it is not there', []],
    ['it needs no code', [listed({}, { status: 'confirmed', useBy, mode: 'approve' })]],
    ['its time is over', [listed({}, { status: 'confirmed', useBy: new Date(NOW).toISOString() })]],
    ['it says no time', [listed({}, { status: 'confirmed' })]],
    [
      'another amount was confirmed',
      [listed({ transaction: { ...TRANSFER, amount: 150_001 } }, { status: 'confirmed', useBy })],
    ],
  ])('is not made where %s', async (_why, given) => {
    service.listed = given;
    expect(await device().confirmer.code(TOKEN, CANONICAL)).toEqual({ kind: 'none' });
  });

  test('is not made on the word of anybody else, nor said to be none', async () => {
    service.listed = [listed({}, { status: 'confirmed', useBy })];
    service.forgery = { keys: service.tokenKeys };
    expect(await device().confirmer.code(TOKEN, CANONICAL)).toEqual({ kind: 'unreachable' });
    service.down = true;
    expect(await device().confirmer.code(TOKEN, CANONICAL)).toEqual({ kind: 'unreachable' });
  });
});
