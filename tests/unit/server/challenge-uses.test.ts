import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policyOf } from '../../../core/institution/policy.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { SENPOKU } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { approvals } from '../../service/test-approval.ts';
import { challenges } from '../../service/test-challenge.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { HOTP, hardware } from '../../service/test-hardware.ts';
import { pairings } from '../../service/test-pairing.ts';
import { replacements } from '../../service/test-replacement.ts';
import { makeSerial } from '../../service/test-serial.ts';
import { type Customer, createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';

/** What a signature does to a token in a code's place, how many may wait, and 心当たりがない. */

const { challengesAtOnce, challengeSeconds } = policyOf(SENPOKU);

let database: OpenDatabase;
let service: TestService;
let challenge: ReturnType<typeof challenges>;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  challenge = challenges(service);
});
afterAll(() => database.close());

const tokenOf = async ({ userId }: Pick<Customer, 'userId'>) =>
  (await service.staff('GET', `/v1/staff/tokens/${userId}`)).json() as Promise<Record<string, string>>;

async function signed(customer: Customer, use: 'verify' | 'activate' | 'release') {
  const asked = await challenge.ask(customer, use);
  expect((await challenge.sign(customer, asked)).said?.status).toBe('signed');
  return asked;
}

describe('利用開始 by signature', () => {
  test('puts the token into use, as a code does', async () => {
    const customer = await service.enrol();
    expect((await challenge.askFor(customer, 'verify')).status).toBe(409);
    const asked = await signed(customer, 'activate');
    expect((await challenge.use(customer, asked)).said).toMatchObject({
      accepted: true,
      token: { status: 'active', activatedAt: expect.any(String) },
    });
    const row = await service.db
      .selectFrom('tokens')
      .select('activation_password')
      .where('id', '=', customer.tokenId)
      .executeTakeFirst();
    expect(row?.activation_password).toBeNull();
    expect((await challenge.askFor(customer, 'activate')).status).toBe(409);
    expect(await service.present('verify', customer, await customer.code())).toMatchObject({
      accepted: true,
    });
  });

  test('of a token on a new device takes the place of the old one, once that one has confirmed it', async () => {
    const { fresh: make, approve } = replacements(service);
    const old = await service.active();
    const fresh = await make(old);
    const refused = await challenge.askFor(fresh, 'activate');
    expect(await refused.json()).toMatchObject({ code: 'replacement_unconfirmed' });
    await approve(old, fresh);
    const asked = await signed(fresh, 'activate');
    expect((await challenge.use(fresh, asked)).said).toMatchObject({
      accepted: true,
      token: { status: 'active', replaces: old.userId },
    });
    expect(await tokenOf(old)).toMatchObject({ status: 'released', replacedBy: fresh.userId });
  });

  test('does not, where the old one was taken out of use in the meantime', async () => {
    const { fresh: make, approve } = replacements(service);
    const old = await service.active();
    const fresh = await make(old);
    await approve(old, fresh);
    const asked = await signed(fresh, 'activate');
    await service.staff('POST', `/v1/staff/tokens/${old.userId}/suspend`, {
      actor: 'staff01',
      reason: '紛失',
    });
    expect((await challenge.use(fresh, asked)).said).toMatchObject({
      accepted: false,
      token: { status: 'void' },
    });
    expect(await tokenOf(old)).toMatchObject({ status: 'suspended' });
  });
});

test('利用解除 by signature takes the token out of use', async () => {
  const customer = await service.active();
  const login = await signed(customer, 'verify');
  const asked = await signed(customer, 'release');
  expect((await challenge.use(customer, asked)).said).toMatchObject({
    accepted: true,
    token: { status: 'released', releasedAt: expect.any(String) },
  });
  expect((await challenge.use(customer, login)).said).toMatchObject({ accepted: false });
  expect((await challenge.askFor(customer, 'verify')).status).toBe(409);
});

describe('how many wait', () => {
  test('so many of a token, each with another number; nobody takes the place of another', async () => {
    const customer = await service.active();
    const asked = [];
    for (let place = 0; place < challengesAtOnce; place += 1) asked.push(await challenge.ask(customer));
    expect(new Set(asked.map(({ number }) => number)).size).toBe(challengesAtOnce);
    const beyond = await challenge.askFor(customer, 'verify');
    expect(beyond.status).toBe(429);
    const retryAfter = Number(beyond.headers.get('Retry-After'));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(challengeSeconds);
    const { said } = await challenge.list(customer);
    expect(said?.challenges.map(({ id }) => id)).toEqual(asked.map(({ id }) => id));
    expect((await challenge.askFor(await service.active(), 'verify')).status).toBe(201);
  });

  test('one that is signed, called off or over makes room', async () => {
    const customer = await service.active();
    const asked = [];
    for (let place = 0; place < challengesAtOnce; place += 1) asked.push(await challenge.ask(customer));
    const [first, second] = asked;
    if (first === undefined || second === undefined) throw new Error('too few may wait');
    await challenge.sign(customer, first);
    await challenge.cancel(customer, second);
    await challenge.ask(customer);
    await challenge.ask(customer);
    expect((await challenge.askFor(customer, 'verify')).status).toBe(429);
    const before = service.clock.now() - Date.now();
    service.clock.move(before + (challengeSeconds + 1) * 1000);
    for (let place = 0; place < challengesAtOnce; place += 1) await challenge.ask(customer);
    expect((await challenge.askFor(customer, 'verify')).status).toBe(429);
    service.clock.move(before);
  });
});

describe('心当たりがない', () => {
  test('ends the login, suspends the token, cancels what else was asked, and the bank hears of it', async () => {
    const customer = await service.active();
    const { ask, shown } = confirmations(service);
    const transfer = await ask(customer);
    const own = await signed(customer, 'verify');
    const theirs = await challenge.ask(customer);
    const watched = challenge.show(customer, theirs, '?wait=20');
    expect((await challenge.disown(customer, theirs)).said).toMatchObject({
      challenge: theirs.id,
      status: 'not-me',
    });
    expect(await watched).toMatchObject({ status: 'not-me' });
    expect(await tokenOf(customer)).toMatchObject({
      status: 'suspended',
      suspendedFrom: 'active',
      suspendedBy: 'not-me',
    });
    expect(await shown(customer)).toEqual([]);
    expect((await challenge.use(customer, own)).said).toMatchObject({
      accepted: false,
      challenge: { status: 'cancelled' },
    });
    const told = await service.db
      .selectFrom('events')
      .select(['channel', 'kind', 'confirmation_id'])
      .where((eb) => eb.or([eb('token_id', '=', customer.tokenId), eb('confirmation_id', '=', transfer.id)]))
      .execute();
    expect(told).toEqual(
      expect.arrayContaining([
        { channel: 'bank', kind: null, confirmation_id: null },
        { channel: 'bank', kind: null, confirmation_id: transfer.id },
      ]),
    );
    expect((await challenge.disown(customer, theirs)).status).toBe(200);
    expect(await challenge.sign(customer, theirs)).toMatchObject({ status: 409 });
    await service.staff('POST', `/v1/staff/tokens/${customer.userId}/resume`, {
      actor: 'staff01',
      reason: '確認',
    });
    expect((await challenge.use(customer, own)).said.accepted).toBe(false);
  });

  test.each<[string, (customer: Customer, asked: { id: string }) => Promise<unknown>]>([
    ['was called off', (customer, asked) => challenge.cancel(customer, asked)],
    [
      'ran out of time',
      async () => service.clock.move(service.clock.now() - Date.now() + (challengeSeconds + 1) * 1000),
    ],
  ])('stops the token also where the login %s before', async (_what, end) => {
    const customer = await service.active();
    const asked = await challenge.ask(customer);
    const before = service.clock.now() - Date.now();
    await end(customer, asked);
    expect((await challenge.disown(customer, asked)).said?.status).toBe('not-me');
    service.clock.move(before);
    expect(await tokenOf(customer)).toMatchObject({ status: 'suspended', suspendedBy: 'not-me' });
  });

  test('stops a login that was signed and not used; after its use it is too late', async () => {
    const customer = await service.active();
    const asked = await signed(customer, 'verify');
    expect((await challenge.disown(customer, asked)).said?.status).toBe('not-me');
    expect((await challenge.use(customer, asked)).said.accepted).toBe(false);
    const other = await service.active();
    const used = await signed(other, 'verify');
    await challenge.use(other, used);
    expect(await challenge.disown(other, used)).toMatchObject({ status: 409, code: 'state_conflict' });
    expect((await tokenOf(other)).status).toBe('active');
  });
});

describe('a login from before its token was out of use', () => {
  const byStaff = async ({ userId }: Customer, act: string) => {
    const said = { actor: 'staff01', reason: '試験' };
    expect((await service.staff('POST', `/v1/staff/tokens/${userId}/${act}`, said)).status).toBe(200);
  };

  test.each<[string, (customer: Customer) => Promise<void>]>([
    [
      'was suspended and resumed',
      async (customer) => {
        await byStaff(customer, 'suspend');
        await byStaff(customer, 'resume');
      },
    ],
    [
      'was locked and unlocked',
      async (customer) => {
        const lock = service.db.updateTable('tokens').set({ status: 'locked' });
        await lock.where('id', '=', customer.tokenId).execute();
        await byStaff(customer, 'unlock');
      },
    ],
    [
      'had a transfer that the customer does not know of',
      async (customer) => {
        const { ask, decide } = confirmations(service);
        await decide(customer, await ask(customer), 'not-me');
        await backInUse(customer);
      },
    ],
    [
      'had a question for a code that the customer does not know of',
      async (customer) => {
        const { ask, decide } = approvals(service);
        await decide(customer, await ask(await pairings(service).pair(customer), customer), 'not-me');
        await backInUse(customer);
      },
    ],
  ])('is over once the token is in use again: it %s', async (_what, interrupt) => {
    const customer = await service.active();
    const own = await signed(customer, 'verify');
    const waiting = await challenge.ask(customer);
    await interrupt(customer);
    expect((await challenge.show(customer, own)).status).toBe('cancelled');
    expect((await challenge.use(customer, own)).said.accepted).toBe(false);
    expect((await challenge.list(customer)).said?.challenges).toEqual([]);
    expect(await challenge.sign(customer, waiting)).toMatchObject({ status: 409 });
    expect((await tokenOf(customer)).status).toBe('active');
  });

  /** Without the act of staff, which ends what was asked as well. */
  const backInUse = async ({ tokenId }: Customer) => {
    const resume = service.db.updateTable('tokens').set({ status: 'active', suspended_from: null });
    await resume.where('id', '=', tokenId).execute();
  };

  test('is left as it is where its token is to be replaced', async () => {
    const customer = await service.active();
    const own = await signed(customer, 'verify');
    await replacements(service).fresh(customer);
    expect((await challenge.use(customer, own)).said.accepted).toBe(true);
  });
});

test('the event stream wakes a token for a new login, for its answer and for its end', async () => {
  const customer = await service.active();
  const url = `${ORIGIN}/v1/events`;
  const proof = await customer.token.proof({ method: 'POST', url, timeMs: service.clock.now() });
  const response = await service.app.request(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ proofs: [proof] }),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const woken = async (): Promise<void> => {
    const { value = '', done } = (await reader?.read()) ?? { done: true };
    if (done) throw new Error('the stream ended');
    if (!value.includes('event: confirmations')) await woken();
  };
  let told = woken();
  const first = await challenge.ask(customer);
  await told;
  told = woken();
  await challenge.sign(customer, first);
  await told;
  told = woken();
  const second = await challenge.ask(customer);
  await told;
  told = woken();
  await challenge.cancel(customer, second);
  await told;
  await reader?.cancel();
});

test('a hardware token signs nothing, and a serial number token does not begin by signing', async () => {
  const bound = await hardware(service).bound(HOTP);
  const refused = await challenge.askFor(bound, 'verify');
  expect(await refused.json()).toMatchObject({
    code: 'state_conflict',
    detail: expect.stringContaining('hardware'),
  });
  const { serviceId = '' } =
    service.dependencies.directory.institutions.find(({ key }) => key === 'ehime') ?? {};
  const unbound = await makeSerial(service, serviceId);
  const by = { Authorization: `Bearer ${await service.keyOf('bank', 'ehime')}` };
  expect((await challenge.askFor(unbound, 'activate', by)).status).toBe(409);
});

test('the signed list names the token and the proof it answers', async () => {
  const customer = await service.active();
  const url = `${ORIGIN}/v1/token/challenges`;
  const DPoP = await customer.token.proof({ method: 'GET', url, timeMs: service.clock.now() });
  const response = await service.app.request(url, { headers: { DPoP } });
  const { challenges: list } = (await response.json()) as { challenges: string };
  expect(decodeJwt(list)).toMatchObject({
    tokenId: customer.tokenId,
    proof: decodeJwt(DPoP).jti,
    challenges: [],
  });
});
