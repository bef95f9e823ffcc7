import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PAIRING_MINUTES } from '../../../core/api/pairing.ts';
import { policyOf } from '../../../core/institution/policy.ts';
import { readSettings } from '../../../host/settings.ts';
import { createService } from '../../../server/app.ts';
import { newSecret } from '../../../server/keys.ts';
import { loadMasterKey } from '../../../server/master-key.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { sweep } from '../../../server/store/sweep.ts';
import { SENPOKU } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { DESKTOP, type Desktop, newNonce, pairings } from '../../service/test-pairing.ts';
import { makeSerial } from '../../service/test-serial.ts';
import { type Customer, createTestService, type TestService, wrongCode } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

/** 連携: a desktop becomes a device of the token that a phone has. */

let database: OpenDatabase;
let service: TestService;
let pairing: ReturnType<typeof pairings>;
let phone: Customer;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  pairing = pairings(service);
});
afterAll(() => database.close());

beforeEach(async () => {
  phone = await service.active();
});

/** Time goes by on the service's clock, for one test. */
async function afterMinutes<T>(minutes: number, act: () => Promise<T>): Promise<T> {
  const before = service.clock.now() - Date.now();
  service.clock.move(before + minutes * 60_000);
  try {
    return await act();
  } finally {
    service.clock.move(before);
  }
}

describe('both sides in their turns', () => {
  test('from the code to a device that fills', async () => {
    const desktop = await pairing.begin();
    expect(desktop.code).toMatch(/^[1-9][0-9]{7}$/);
    expect((await pairing.look(desktop)).said).toMatchObject({ status: 'open', pairing: desktop.pairing });

    const { said: claimed } = await pairing.claim(phone, desktop.code);
    expect(claimed).toMatchObject({
      status: 'claimed',
      tokenId: phone.tokenId,
      signingKey: desktop.token.signingKey,
      receivingKey: desktop.token.receivingKey,
      device: DESKTOP,
    });
    expect(claimed).not.toHaveProperty('nonce');
    expect((await pairing.look(desktop)).said).not.toHaveProperty('phone');

    const nonce = newNonce();
    expect((await pairing.answer(phone, desktop, nonce)).said?.status).toBe('answered');
    const { said: answered } = await pairing.look(desktop);
    expect(answered?.phone).toMatchObject({
      nonce,
      signingKey: phone.token.signingKey,
      serviceId: '10112235',
    });
    expect(answered).not.toHaveProperty('token');

    expect((await pairing.reveal(desktop)).said?.status).toBe('symbols');
    expect((await pairing.lookByPhone(phone, desktop)).said).toMatchObject({
      status: 'symbols',
      nonce: desktop.nonce,
    });

    expect((await pairing.decide(phone, desktop, 'paired')).said?.status).toBe('paired');
    const { said: paired } = await pairing.look(desktop);
    expect(paired?.token).toMatchObject({
      tokenId: phone.tokenId,
      userId: phone.userId,
      digits: 8,
      period: 60,
    });
    expect(paired?.token).not.toHaveProperty('secret');
    const { said: list } = await pairing.devices(phone);
    expect(list?.devices).toMatchObject([
      { may: 'all', jkt: phone.token.jkt },
      { id: desktop.pairing, may: 'fill', ...DESKTOP, jkt: desktop.token.jkt },
    ]);
  });

  test('the phone is not told the nonce before it has given its own', async () => {
    const desktop = await pairing.begin();
    expect(await pairing.reveal(desktop)).toMatchObject({ status: 409, code: 'state_conflict' });
    await pairing.claim(phone, desktop.code);
    expect(await pairing.reveal(desktop)).toMatchObject({ status: 409 });
    expect((await pairing.lookByPhone(phone, desktop)).said).not.toHaveProperty('nonce');
  });

  test('a nonce is given once: another one later, with the symbols in view, is refused', async () => {
    const desktop = await pairing.begin();
    await pairing.claim(phone, desktop.code);
    const nonce = newNonce();
    await pairing.answer(phone, desktop, nonce);
    expect(await pairing.answer(phone, desktop, newNonce())).toMatchObject({ status: 409 });
    expect(await pairing.reveal({ ...desktop, nonce: newNonce() })).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
    await pairing.reveal(desktop);
    expect(await pairing.answer(phone, desktop, newNonce())).toMatchObject({ status: 409 });
    expect((await pairing.look(desktop)).said?.phone?.nonce).toBe(nonce);
  });

  test('each step is answered again where its answer was lost', async () => {
    const desktop = await pairing.begin();
    for (let time = 0; time < 2; time += 1) {
      expect(await pairing.claim(phone, desktop.code)).toMatchObject({ status: 200 });
    }
    const nonce = newNonce();
    for (let time = 0; time < 2; time += 1) {
      expect(await pairing.answer(phone, desktop, nonce)).toMatchObject({ status: 200 });
    }
    for (let time = 0; time < 2; time += 1)
      expect(await pairing.reveal(desktop)).toMatchObject({ status: 200 });
    for (let time = 0; time < 2; time += 1) {
      expect((await pairing.decide(phone, desktop, 'paired')).said?.status).toBe('paired');
    }
    expect((await pairing.devices(phone)).said?.devices).toHaveLength(2);
  });

  test('a desktop that waits hears of the next step', async () => {
    const desktop = await pairing.begin();
    const waiting = pairing.look(desktop, '?wait=20&seen=open');
    await pairing.claim(phone, desktop.code);
    expect((await waiting).said?.status).toBe('claimed');
    const byPhone = pairing.lookByPhone(phone, desktop, '?wait=20&seen=claimed');
    await pairing.cancel(desktop);
    expect((await byPhone).said?.status).toBe('cancelled');
  });
});

describe('a code', () => {
  test('has no other answer than one that was never given, when it is used, expired or called off', async () => {
    const [used, expired, cancelled] = await Promise.all([pairing.begin(), pairing.begin(), pairing.begin()]);
    const other = await service.active();
    await pairing.claim(other, used.code);
    await pairing.cancel(cancelled);
    const unknown = { status: 404, code: 'pairing_unknown' };
    for (const { code } of [used, cancelled]) expect(await pairing.claim(phone, code)).toMatchObject(unknown);
    await afterMinutes(PAIRING_MINUTES, async () => {
      expect(await pairing.claim(phone, expired.code)).toMatchObject(unknown);
      expect((await pairing.look(expired)).said?.status).toBe('expired');
    });
    expect(await pairing.claim(phone, '00000000')).toMatchObject(unknown);
  });

  test('is not kept: the database has an HMAC of it', async () => {
    const { code, pairing: id } = await pairing.begin();
    const row = await service.db
      .selectFrom('pairings')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toContain(code);
    expect(row.code_hash).toHaveLength(32);
  });

  test('is found by a node that seals under the next master key already, and by one that does not yet', async () => {
    const [old, next] = [newSecret(), newSecret()];
    const node = async (keys: Record<string, string>) => {
      const masterKey = await loadMasterKey(readSettings({ WARIFU_DATA: service.folder, ...keys }));
      return { node: createService({ ...service.dependencies, masterKey }) };
    };
    const nodes = [
      await node({ WARIFU_MASTER_KEY: old, WARIFU_MASTER_KEY_NEXT: next }),
      await node({ WARIFU_MASTER_KEY: next, WARIFU_MASTER_KEY_PREVIOUS: old }),
    ];
    for (const [here, there] of [nodes, nodes.toReversed()]) {
      const { code } = await pairing.begin(here);
      expect(await pairing.claim(phone, code, there)).toMatchObject({ status: 200 });
    }
  });

  test('is taken by no device of a token that is not in use any more', async () => {
    const { code } = await pairing.begin();
    const act = { actor: 'staff01', reason: '試験' };
    await service.staff('POST', `/v1/staff/tokens/${phone.userId}/suspend`, act);
    expect(await pairing.claim(phone, code)).toMatchObject({ status: 409, code: 'state_conflict' });
  });

  test('is taken by no token that no contract has', async () => {
    const shinkin = service.dependencies.directory.institutions.find(
      ({ tokenKind }) => tokenKind === 'serial',
    );
    const unbound = await makeSerial(service, shinkin?.serviceId ?? '');
    expect(await pairing.claim(unbound, (await pairing.begin()).code)).toMatchObject({ status: 409 });
  });

  test('is taken by no stranger, and by no device that only fills', async () => {
    const filler = await pairing.pair(phone);
    const { code } = await pairing.begin();
    expect(await pairing.claim({ token: await createTestToken() }, code)).toMatchObject({
      status: 404,
      code: 'token_unknown',
    });
    expect(await pairing.claim(filler, code)).toMatchObject({ status: 403, code: 'device_not_allowed' });
  });
});

describe('the decision', () => {
  let desktop: Desktop;
  beforeEach(async () => {
    desktop = await pairing.toSymbols(phone);
  });

  test('that they differ ends it, and adds no device', async () => {
    expect((await pairing.decide(phone, desktop, 'refused')).said?.status).toBe('refused');
    expect(await pairing.decide(phone, desktop, 'paired')).toMatchObject({ status: 409 });
    expect((await pairing.look(desktop)).said?.status).toBe('refused');
    expect((await pairing.devices(phone)).said?.devices).toHaveLength(1);
  });

  test.each([
    ['another pairing', { pairing: 'A'.repeat(22) }],
    ['another signing key', { device: 'A'.repeat(43) }],
    ['another receiving key', { receivingKey: 'A'.repeat(43) }],
  ])('on %s is none', async (_what, claims) => {
    expect(await pairing.decide(phone, desktop, 'paired', { claims })).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });

  test('by the desktop itself is none', async () => {
    expect(await pairing.decide(phone, desktop, 'paired', { by: desktop.token })).toMatchObject({
      status: 400,
    });
    expect(await pairing.decide(desktop, desktop, 'paired')).toMatchObject({ status: 404 });
  });

  test('comes too late, or before the symbols', async () => {
    await afterMinutes(PAIRING_MINUTES, async () => {
      expect(await pairing.decide(phone, desktop, 'paired')).toMatchObject({ status: 409 });
    });
    const early = await pairing.begin();
    await pairing.claim(phone, early.code);
    expect(await pairing.decide(phone, early, 'paired')).toMatchObject({ status: 409 });
    expect((await pairing.decide(phone, early, 'refused')).said?.status).toBe('refused');
  });

  test('comes after the desktop called it off', async () => {
    expect(await pairing.cancel(desktop)).toMatchObject({ status: 204 });
    expect(await pairing.decide(phone, desktop, 'paired')).toMatchObject({ status: 409 });
  });

  test('cannot be called off once it is done', async () => {
    await pairing.decide(phone, desktop, 'paired');
    expect(await pairing.cancel(desktop)).toMatchObject({ status: 409 });
  });
});

describe('a pairing whose token goes out of use is called off', () => {
  const byStaff = (act: string) =>
    service.staff('POST', `/v1/staff/tokens/${phone.userId}/${act}`, { actor: 'staff01', reason: '試験' });
  const wrongCodes = async () => {
    const { wrongCodesToLock } = policyOf(SENPOKU);
    const wrong = await wrongCode(phone);
    for (let tried = 0; tried < wrongCodesToLock; tried += 1) await service.present('verify', phone, wrong);
  };

  test.each<[string, () => Promise<unknown>]>([
    ['suspended', () => byStaff('suspend')],
    ['released', () => byStaff('release')],
    ['locked', wrongCodes],
    ['suspended and resumed', async () => [await byStaff('suspend'), await byStaff('resume')]],
  ])('at every step: %s', async (_what, end) => {
    const [claimed, answered] = [await pairing.begin(), await pairing.begin()];
    for (const { code } of [claimed, answered]) await pairing.claim(phone, code);
    await pairing.answer(phone, answered, newNonce());
    const symbols = await pairing.toSymbols(phone);
    const waiting = pairing.look(symbols, '?wait=20&seen=symbols');
    await end();
    expect((await waiting).said?.status).toBe('cancelled');
    for (const desktop of [claimed, answered, symbols]) {
      expect((await pairing.look(desktop)).said?.status).toBe('cancelled');
      expect((await pairing.lookByPhone(phone, desktop)).said?.status).toBe('cancelled');
      expect(await pairing.decide(phone, desktop, 'paired')).toMatchObject({ status: 409 });
    }
    expect(await pairing.answer(phone, claimed, newNonce())).toMatchObject({ status: 409 });
    expect(await pairing.reveal(answered)).toMatchObject({ status: 409, code: 'state_conflict' });
    expect((await pairing.devices(phone)).said?.devices).toHaveLength(1);
  });
});

test('a token has as many paired devices as the policy says', async () => {
  const { pairedDevices } = policyOf(SENPOKU);
  const desktops: Desktop[] = [];
  for (let paired = 0; paired < pairedDevices; paired += 1) desktops.push(await pairing.pair(phone));
  const { code } = await pairing.begin();
  expect(await pairing.claim(phone, code)).toMatchObject({ status: 409, code: 'state_conflict' });
  await pairing.remove(phone, desktops[0]?.pairing ?? '');
  expect(await pairing.claim(phone, code)).toMatchObject({ status: 200 });
});

test('a key begins one pairing: anew before its code is given, and never after', async () => {
  const token = await createTestToken();
  const nonce = newNonce();
  const first = await pairing.askToBegin(token, nonce);
  const second = await pairing.askToBegin(token, nonce);
  expect(await pairing.claim(phone, first.said?.code ?? '')).toMatchObject({ status: 404 });
  expect(await pairing.claim(phone, second.said?.code ?? '')).toMatchObject({ status: 200 });
  expect(await pairing.askToBegin(token, nonce)).toMatchObject({ status: 409, code: 'state_conflict' });
  expect(await pairing.askToBegin(phone.token, nonce)).toMatchObject({ status: 409 });
});

test('the key of a removed device begins none, also once its pairing is forgotten', async () => {
  const desktop = await pairing.pair(phone);
  await pairing.remove(phone, desktop.pairing);
  await service.db.deleteFrom('pairings').where('id', '=', desktop.pairing).execute();
  expect(await pairing.askToBegin(desktop.token, newNonce())).toMatchObject({
    status: 409,
    code: 'state_conflict',
  });
});

test.each([
  [
    'no point of the curve',
    { receivingKey: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: 'A'.repeat(43) } },
  ],
  ['a name with what cannot be seen', { device: { form: 'extension', name: 'Chrome\u202e' } }],
  ['a commitment of another length', { commitment: 'AAAA' }],
])('%s begins nothing', async (_what, body) => {
  const asked = pairing.askToBegin(await createTestToken(), newNonce(), { body });
  expect(await asked).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('rows of pairings that are over are deleted, and their devices stay', async () => {
  const desktop = await pairing.pair(phone);
  await sweep(service.db, new Date(service.clock.now() + 20 * 60_000));
  expect(await pairing.look(desktop)).toMatchObject({ status: 404, code: 'pairing_unknown' });
  expect((await pairing.devices(phone)).said?.devices).toHaveLength(2);
});
