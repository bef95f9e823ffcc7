import { exportJWK } from 'jose';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { confirmationCode, confirmationKey } from '../../../../core/transaction/code.ts';
import { canonicalText, digestOf } from '../../../../core/transaction/details.ts';
import type { PastDecision } from '../../../../core/vault/decisions.ts';
import { VaultError, type VaultFailure } from '../../../../core/vault/errors.ts';
import { TRANSFER } from '../../core/transaction/example.ts';
import {
  clockKeeperOf,
  DETAILS,
  FakeService,
  type Forgery,
  type Listed,
  listed,
  NOW,
  ORIGIN,
  random,
  TOKEN,
} from './fake-service.ts';

const service = await FakeService.start();
const foreign = await FakeService.foreignKeys();
const { createConfirmer } = await import('../../../../platform/service/confirmer.ts');

const CANONICAL = canonicalText(DETAILS);
const BASE64URL_SHA256 = /^[A-Za-z0-9_-]{43}$/;
const secret = random(32);
const key = await confirmationKey(await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']));
const CODE = await confirmationCode(key, CANONICAL);

/** A confirmer on a device whose clock is `deviceMs`, and what it kept. */
function device({
  deviceMs = NOW,
  offsetMs = 0,
  measuredAt = NOW,
  full = false,
  failure = undefined as VaultFailure | undefined,
} = {}) {
  const kept: PastDecision[] = [];
  const { keeper, measurements } = clockKeeperOf({ offsetMs, measuredAt }, service.now - deviceMs);
  const confirmer = createConfirmer({
    clock: () => deviceMs,
    clockKeeper: keeper,
    randomBytes: random,
    keys: {
      signing: async () => {
        if (failure) throw new VaultError(failure);
        return service.tokenKeys;
      },
      confirmation: async () => key,
    },
    keepDecision: async (decision) => {
      if (full) throw new VaultError('full');
      kept.push(decision);
    },
  });
  return { confirmer, kept, measurements };
}

beforeEach(() => {
  service.now = NOW;
  service.listed = [listed()];
  service.forgery = {};
  service.status = 'confirmed';
  service.statuses.length = 0;
  service.requests.length = 0;
  service.decisions.length = 0;
  service.lost = 0;
  service.down = false;
});

const NOTHING = { confirmations: [], failed: ['senpoku'] };

describe('what waits', () => {
  test('is shown from the signed text alone', async () => {
    const { confirmations, failed } = await device().confirmer.latest([TOKEN]);
    expect(failed).toEqual([]);
    expect(confirmations).toEqual([
      {
        tokenId: 'first',
        details: DETAILS,
        canonical: CANONICAL,
        mode: 'code',
        status: 'waiting',
        useBy: undefined,
        onPage: undefined,
      },
    ]);
  });

  test('nothing, where nothing waits or the service knows the token no more', async () => {
    service.listed = [];
    expect(await device().confirmer.latest([TOKEN])).toEqual({ confirmations: [], failed: [] });
    service.statuses.push(404);
    expect(await device().confirmer.latest([TOKEN])).toEqual({ confirmations: [], failed: [] });
    expect(await device().confirmer.latest([])).toEqual({ confirmations: [], failed: [] });
  });

  test('is over when it expires by the service’s time, not the device’s', async () => {
    service.now = Date.parse(DETAILS.expiresAt) - 1;
    const behind = { deviceMs: NOW, offsetMs: service.now - NOW };
    expect((await device(behind).confirmer.latest([TOKEN])).confirmations).toHaveLength(1);
    service.now += 1;
    expect(await device(behind).confirmer.latest([TOKEN])).toEqual({ confirmations: [], failed: [] });
  });

  test('a confirmed one stays until its time to be used is over', async () => {
    const used = new Date(NOW + 1).toISOString();
    service.listed = [
      listed({ expiresAt: '2026-11-21T09:00:30.000Z' }, { status: 'confirmed', useBy: used }),
    ];
    const { confirmations } = await device().confirmer.latest([TOKEN]);
    expect(confirmations).toMatchObject([{ status: 'confirmed', useBy: NOW + 1 }]);
    service.now += 1;
    expect((await device().confirmer.latest([TOKEN])).confirmations).toEqual([]);
  });

  test.each<[string, Forgery]>([
    ['signed by another key', { keys: foreign }],
    ['signed by the token itself', { keys: service.tokenKeys }],
    ['of another kind', { typ: 'warifu-token-state+jwt' }],
    ['for another token', { claims: { tokenId: 'second' } }],
    ['to another proof: an old answer played again', { claims: { proof: 'AAAAAAAAAAAAAAAAAAAAAA' } }],
    ['without a proof', { claims: { proof: undefined } }],
    ['of another shape', { claims: { confirmations: {} } }],
    [
      'changed after it was signed',
      {
        jws: (jws) => {
          const [header, payload = '', signature] = jws.split('.');
          const changed = Buffer.from(payload, 'base64url').toString().replace('150000', '950000');
          return [header, Buffer.from(changed).toString('base64url'), signature].join('.');
        },
      },
    ],
    [
      'without a signature',
      {
        jws: (jws) => {
          const header = Buffer.from('{"alg":"none","typ":"warifu-confirmations+jwt"}').toString('base64url');
          return `${header}.${jws.split('.')[1]}.`;
        },
      },
    ],
    ['no message at all', { jws: () => '' }],
  ])('D3: nothing is shown of an answer %s', async (_what, forgery) => {
    service.forgery = forgery;
    expect(await device().confirmer.latest([TOKEN])).toEqual(NOTHING);
    expect(service.requests).toHaveLength(1);
  });

  test.each<[string, Listed]>([
    ['no details', listed('')],
    ['no object', listed('"details"')],
    ['spaces in it', listed(CANONICAL.replace(':', ': '))],
    ['its members in another order', listed(JSON.stringify(DETAILS))],
    ['a member twice', listed(CANONICAL.replace('{', '{"number":"11",'))],
    ['a member too many', listed(CANONICAL.replace('{', '{"a":1,'))],
    ['escapes it needs not', listed(CANONICAL.replace('ミ', '\\u30df'))],
    ['another token', listed({ token: 'second' })],
    ['another institution', listed({ institution: 'akita' })],
    ['an amount of nothing', listed({ transaction: { ...TRANSFER, amount: 0 } })],
    ['an amount that is no whole number', listed({ transaction: { ...TRANSFER, amount: 0.5 } })],
    ['a 確認番号 of three digits', listed({ number: '470' })],
    ['a bidi override in a name', listed({ transaction: { ...TRANSFER, payee: 'ミホン\u202eウロタ' } })],
    ['a zero-width space in a name', listed({ transaction: { ...TRANSFER, payee: 'ミホン\u200bタロウ' } })],
    ['a lone surrogate in a name', listed(CANONICAL.replace('ミホン', '\\ud800'))],
    ['a name that was not normalised', listed({ transaction: { ...TRANSFER, payee: 'ﾐﾎﾝ ﾀﾛｳ' } })],
    [
      'a name of a bank that was not normalised',
      listed({ transaction: { ...TRANSFER, bank: { code: '9901', name: '見本　信用金庫' } } }),
    ],
    ['a name too long', listed({ transaction: { ...TRANSFER, payee: 'ア'.repeat(49) } })],
    ['markup', listed({ transaction: { ...TRANSFER, payee: '<b>ミホン</b>' } })],
  ])('D3: nothing is shown of an answer with a text that has %s', async (_what, one) => {
    service.listed = [listed(), one];
    expect(await device().confirmer.latest([TOKEN])).toEqual(NOTHING);
  });

  test('says which institutions could not be asked, and shows the others’', async () => {
    const elsewhere = { ...TOKEN, id: 'elsewhere', institution: 'akita' };
    const gone = { ...TOKEN, id: 'gone', institution: 'no longer in the directory' };
    const { confirmations, failed } = await device().confirmer.latest([TOKEN, elsewhere, gone]);
    expect(confirmations).toHaveLength(1);
    expect(failed).toEqual(['akita', 'no longer in the directory']);
  });

  test.each([
    ['a type', { type: 'another', to: 'ミホン' }],
    ['a field', { ...TRANSFER, memo: 'ミホン' }],
  ])('with %s that is not known here is said, and not shown; the rest is', async (_what, transaction) => {
    const unknown = canonicalText({ ...DETAILS, transaction });
    service.listed = [listed(), listed(unknown)];
    const { confirmations, failed, unsupported } = await device().confirmer.latest([TOKEN]);
    expect(confirmations.map(({ canonical }) => canonical)).toEqual([CANONICAL]);
    expect({ failed, unsupported }).toEqual({ failed: [], unsupported: ['senpoku'] });
    const outcome = await device().confirmer.decide(TOKEN, unknown, 'confirmed');
    expect(outcome).toEqual({ kind: 'refused', reason: 'untrusted' });
    expect(service.decisions).toEqual([]);
    service.listed = [listed(unknown, { status: 'confirmed', useBy: new Date(NOW + 1).toISOString() })];
    expect(await device().confirmer.code(TOKEN, unknown)).toBeUndefined();
  });

  test.each([500, 503, 429])('could not be asked for: %i', async (status) => {
    service.statuses.push(status);
    expect(await device().confirmer.latest([TOKEN])).toEqual(NOTHING);
    service.down = true;
    expect(await device().confirmer.latest([TOKEN])).toEqual(NOTHING);
  });
});

describe('the time in a proof', () => {
  test('is the service’s', async () => {
    const { confirmer, measurements } = device({
      deviceMs: NOW - 3_600_000,
      offsetMs: 3_600_000,
      measuredAt: NOW - 3_600_000,
    });
    expect((await confirmer.latest([TOKEN])).confirmations).toHaveLength(1);
    expect(measurements).toEqual([]);
  });

  test('is measured where that was long ago', async () => {
    const { confirmer, measurements } = device({ measuredAt: NOW - 5 * 60_000 - 1, offsetMs: 7_000_000 });
    expect((await confirmer.latest([TOKEN])).confirmations).toHaveLength(1);
    expect(measurements).toEqual(['senpoku']);
  });

  test('is measured again, once, where the service does not take it', async () => {
    const moved = device({ offsetMs: 3_600_000 });
    expect((await moved.confirmer.latest([TOKEN])).confirmations).toHaveLength(1);
    expect(moved.measurements).toEqual(['senpoku']);
    service.statuses.push(401, 401);
    const { confirmer } = device();
    expect(await confirmer.decide(TOKEN, CANONICAL, 'confirmed')).toEqual({
      kind: 'refused',
      reason: 'clock',
    });
    expect(service.requests).toHaveLength(4);
  });
});

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
        typ: 'warifu-decision+jwt',
        jwk: { kty, crv, x, y },
      },
    ]);
    expect(service.requests.map(({ url }) => url)).toEqual([
      `${ORIGIN}/v1/token/confirmations/${DETAILS.confirmation}/decision`,
    ]);
    expect(kept).toEqual([{ tokenId: 'first', decision: 'confirmed', details: DETAILS, decidedAt: NOW }]);
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
    expect(await device().confirmer.code(TOKEN, CANONICAL)).toBe(CODE);
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
    expect(await device().confirmer.code(TOKEN, CANONICAL)).toBeUndefined();
  });

  test('is not made on the word of anybody else', async () => {
    service.listed = [listed({}, { status: 'confirmed', useBy })];
    service.forgery = { keys: service.tokenKeys };
    expect(await device().confirmer.code(TOKEN, CANONICAL)).toBeUndefined();
    service.down = true;
    expect(await device().confirmer.code(TOKEN, CANONICAL)).toBeUndefined();
  });
});

describe('while the vault is locked', () => {
  test('no service is asked anything, not even its time, and decisions are refused as locked', async () => {
    const { confirmer, kept, measurements } = device({ failure: 'locked', measuredAt: 0 });
    for (const decision of ['confirmed', 'rejected', 'not-me'] as const) {
      expect(await confirmer.decide(TOKEN, CANONICAL, decision)).toEqual({
        kind: 'refused',
        reason: 'locked',
      });
    }
    expect(await confirmer.latest([TOKEN])).toEqual(NOTHING);
    expect(await confirmer.code(TOKEN, CANONICAL)).toBeUndefined();
    expect(await confirmer.streams([TOKEN])).toEqual([]);
    expect(service.requests).toEqual([]);
    expect(measurements).toEqual([]);
    expect(kept).toEqual([]);
  });

  test('a key that cannot be opened is another failure', async () => {
    const refused = { kind: 'refused', reason: 'vault' };
    expect(await device({ failure: 'corrupt' }).confirmer.decide(TOKEN, CANONICAL, 'confirmed')).toEqual(
      refused,
    );
  });
});

describe('the streams', () => {
  test('are one for each service, with a proof of an empty body by each token', async () => {
    const streams = await device().confirmer.streams([
      TOKEN,
      { ...TOKEN, id: 'second', institution: 'akita' },
    ]);
    expect(streams.map(({ url }) => url)).toEqual([`${ORIGIN}/v1/events`]);
    const { proofs } = JSON.parse(streams[0]?.body ?? '{}');
    expect(proofs).toHaveLength(2);
    for (const proof of proofs) {
      expect(await service.checkProof(proof, 'POST', `${ORIGIN}/v1/events`, '')).toBeDefined();
    }
  });

  test('none for no tokens, nor where no time can be had', async () => {
    expect(await device().confirmer.streams([])).toEqual([]);
    const confirmer = createConfirmer({
      clock: () => NOW,
      clockKeeper: { offset: async () => undefined, measure: async () => undefined },
      randomBytes: random,
      keys: { signing: async () => service.tokenKeys, confirmation: async () => key },
      keepDecision: vi.fn(),
    });
    expect(await confirmer.streams([TOKEN])).toEqual([]);
    expect(await confirmer.latest([TOKEN])).toEqual(NOTHING);
  });
});
