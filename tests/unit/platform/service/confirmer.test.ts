import { beforeEach, describe, expect, test, vi } from 'vitest';
import { eventsRequestSchema } from '../../../../core/api/confirmation.ts';
import { canonicalText } from '../../../../core/transaction/details.ts';
import { TRANSFER } from '../../core/transaction/example.ts';
import { CANONICAL, createConfirmer, device, key, resetService, service } from './confirmer-device.ts';
import {
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

const foreign = await FakeService.foreignKeys();

beforeEach(resetService);

const NOTHING = { confirmations: [], failed: ['senpoku'] };

describe('how the token stands', () => {
  const renewed = NOW + 5e10;
  const says = (claims: Record<string, unknown>) => {
    service.listed = [];
    service.forgery = { claims };
  };

  test('a 有効期限 that was put off is taken over from the signed answer, and one that was not is let be', async () => {
    says({ status: 'active', expiresAt: new Date(renewed).toISOString() });
    const { confirmer, standings: kept } = device();
    const { standings } = await confirmer.latest([TOKEN]);
    expect(standings).toEqual([{ tokenId: 'first', status: 'active', expiresAt: renewed }]);
    expect(kept).toEqual(standings);
    await confirmer.latest([{ ...TOKEN, status: 'active', expiresAt: renewed }]);
    expect(kept).toHaveLength(1);
  });

  test('that it was suspended is kept, and that staff resumed it', async () => {
    const expiresAt = TOKEN.expiresAt;
    const { confirmer, standings } = device();
    says({ status: 'suspended', expiresAt: new Date(expiresAt).toISOString() });
    await confirmer.latest([{ ...TOKEN, status: 'active' }]);
    says({ status: 'active', expiresAt: new Date(expiresAt).toISOString() });
    await confirmer.latest([{ ...TOKEN, status: 'suspended' }]);
    expect(standings).toEqual([
      { tokenId: 'first', status: 'suspended', expiresAt },
      { tokenId: 'first', status: 'active', expiresAt },
    ]);
  });

  test('when a contract took it is kept', async () => {
    const { expiresAt } = TOKEN;
    says({ status: 'active', expiresAt: new Date(expiresAt), activatedAt: new Date(NOW) });
    const { confirmer, standings } = device();
    await confirmer.latest([{ ...TOKEN, status: 'active' }]);
    await confirmer.latest([{ ...TOKEN, status: 'active', activatedAt: NOW }]);
    expect(standings).toEqual([{ tokenId: 'first', status: 'active', expiresAt, activatedAt: NOW }]);
  });

  test('forgotten by its service after it could be registered, it is void; before that nothing is said of it', async () => {
    const made = { ...TOKEN, kind: 'serial' } as const;
    const { confirmer, standings } = device();
    service.statuses.push(404, 404, 404);
    await confirmer.latest([TOKEN]);
    await confirmer.latest([{ ...made, bindBy: NOW + 1 }]);
    expect(standings).toEqual([]);
    const gone = { tokenId: 'first', status: 'void', expiresAt: TOKEN.expiresAt };
    expect((await confirmer.latest([{ ...made, bindBy: NOW }])).standings).toEqual([gone]);
    expect(standings).toEqual([gone]);
  });

  test('it is said also where this device cannot keep it', async () => {
    says({ status: 'active', expiresAt: new Date(renewed).toISOString() });
    const { confirmer, standings } = device({ full: true });
    expect((await confirmer.latest([TOKEN])).standings).toHaveLength(1);
    expect(standings).toEqual([]);
  });

  test.each<[string, Forgery]>([
    ['signed by somebody else', { keys: foreign }],
    ['another kind of message', { typ: 'warifu-time+jwt' }],
    ['for another token', { claims: { tokenId: 'second' } }],
    ['for another proof', { claims: { proof: 'A'.repeat(22) } }],
  ])('%s: nothing is taken over', async (_, forgery) => {
    const claims = { status: 'active', expiresAt: new Date(renewed).toISOString(), ...forgery.claims };
    service.forgery = { ...forgery, claims };
    const { confirmer, standings } = device();
    expect((await confirmer.latest([TOKEN])).standings).toBeUndefined();
    expect(standings).toEqual([]);
  });
});

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
    expect(await device().confirmer.code(TOKEN, unknown)).toEqual({ kind: 'none' });
  });

  test('that another token took its place is taken from the signed answer, or not at all', async () => {
    const replacedBy = {
      at: '2026-11-21T09:00:30.000Z',
      device: { form: 'companion', name: 'Chrome (Android)' },
    };
    service.listed = [];
    service.forgery = { claims: { replacedBy } };
    expect((await device().confirmer.latest([TOKEN])).replaced).toEqual([
      { tokenId: 'first', at: NOW - 30_000, form: 'companion', device: 'Chrome (Android)' },
    ]);
    service.forgery = { claims: { replacedBy, tokenId: 'another' } };
    expect(await device().confirmer.latest([TOKEN])).toEqual(NOTHING);
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
    expect(await confirmer.code(TOKEN, CANONICAL)).toEqual({ kind: 'unreachable' });
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

  test('tell of the first of many tokens, which are no more than the service takes', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ ...TOKEN, id: `${at}` }));
    const [stream] = await device().confirmer.streams(many);
    const { data } = eventsRequestSchema.safeParse(JSON.parse(stream?.body ?? '{}'));
    expect(data?.proofs).toHaveLength(20);
  });

  test('none for no tokens, and one without a proof where no time can be had', async () => {
    expect(await device().confirmer.streams([])).toEqual([]);
    const confirmer = createConfirmer({
      clock: () => NOW,
      clockKeeper: { offset: async () => undefined, measure: async () => undefined },
      randomBytes: random,
      keys: { signing: async () => service.tokenKeys, confirmation: async () => key },
      factors: async () => ['token-key'],
      keepDecision: vi.fn(),
      keepStanding: vi.fn(),
    });
    expect(await confirmer.streams([TOKEN])).toEqual([{ url: `${ORIGIN}/v1/events` }]);
    expect(await confirmer.latest([TOKEN])).toEqual(NOTHING);
  });
});
