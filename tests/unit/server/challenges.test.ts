import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Problem } from '../../../core/api/problem.ts';
import { policyOf } from '../../../core/institution/policy.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { sweep } from '../../../server/store/sweep.ts';
import { SENPOKU } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { challenges, PAGE } from '../../service/test-challenge.ts';
import { pairings } from '../../service/test-pairing.ts';
import { type Customer, createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

/** Login by signature: the bank asks, a device of the token signs with the page's origin, the bank goes on, once. */

const { challengeSeconds } = policyOf(SENPOKU);
const ACT = { actor: 'staff01', reason: '試験' };
const KEY = () => ({ 'Idempotency-Key': randomUUID() });

let database: OpenDatabase;
let service: TestService;
let challenge: ReturnType<typeof challenges>;
let customer: Customer;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  challenge = challenges(service);
});
afterAll(() => database.close());

beforeEach(async () => {
  customer = await service.active();
});

const byStaff = (act: string) => service.staff('POST', `/v1/staff/tokens/${customer.userId}/${act}`, ACT);

const tokenNow = async ({ userId }: Pick<Customer, 'userId'>) =>
  (await (await service.staff('GET', `/v1/staff/tokens/${userId}`)).json()) as { status: string };

const audited = ({ tokenId }: Customer) =>
  service.db
    .selectFrom('audit')
    .select(['event', 'outcome', 'origin', 'factors'])
    .where('token_id', '=', tokenId)
    .where('event', 'not in', ['issue', 'enrol'])
    .orderBy('id')
    .execute();

/** Runs with the clock so many seconds ahead. */
async function later(seconds: number, act: () => Promise<void>): Promise<void> {
  const before = service.clock.now() - Date.now();
  service.clock.move(before + seconds * 1000);
  await act();
  service.clock.move(before);
}

describe('a login', () => {
  test('is asked by the bank, shown to the token, signed there, and used once', async () => {
    const asked = await challenge.ask(customer);
    expect(asked).toMatchObject({
      use: 'verify',
      status: 'waiting',
      number: expect.stringMatching(/^[1-9]\d$/),
    });
    const { said } = await challenge.list(customer);
    const { id, use, number, expiresAt } = asked;
    expect(said).toMatchObject({ tokenId: customer.tokenId, challenges: [{ id, use, number, expiresAt }] });

    const waiting = challenge.show(customer, asked, '?wait=20');
    expect((await challenge.sign(customer, asked)).said).toMatchObject({ challenge: id, status: 'signed' });
    const factors = ['token-key', 'pin'];
    expect(await waiting).toMatchObject({ id, status: 'signed', signed: { origin: PAGE, factors } });
    expect((await challenge.list(customer)).said?.challenges).toEqual([]);

    const used = await challenge.use(customer, asked);
    expect(used.said).toMatchObject({
      accepted: true,
      challenge: { id, status: 'spent', signed: { origin: PAGE, factors } },
      token: { userId: customer.userId, status: 'active' },
    });
    const again = await challenge.use(customer, asked);
    expect(again.said).toMatchObject({ accepted: false, challenge: { status: 'spent' } });
    expect((await audited(customer)).slice(1)).toEqual([
      { event: 'sign', outcome: 'done', origin: PAGE, factors },
      { event: 'verify', outcome: 'done', origin: PAGE, factors },
      { event: 'verify', outcome: 'spent', origin: PAGE, factors },
    ]);
  });

  test('is answered again by its idempotency key, asked or used', async () => {
    const [asking, using] = [KEY(), KEY()];
    const asked = await challenge.ask(customer, 'verify', asking);
    expect(await challenge.ask(customer, 'verify', asking)).toEqual(asked);
    expect((await challenge.list(customer)).said?.challenges).toHaveLength(1);
    await challenge.sign(customer, asked);
    expect((await challenge.use(customer, asked, using)).said.accepted).toBe(true);
    expect((await challenge.use(customer, asked, using)).said.accepted).toBe(true);
    const other = await challenge.askFor(customer, 'release', asking);
    expect(await other.json()).toMatchObject({ code: 'idempotency_conflict' });
    const off = await challenge.ask(customer);
    const cancelling = KEY();
    expect((await challenge.cancel(customer, off, cancelling)).status).toBe(200);
    await sweep(service.db, new Date(service.clock.now() + 15 * 60_000));
    const forgotten = await challenge.askFor(customer, 'verify', asking);
    expect(await forgotten.json()).toMatchObject({ code: 'state_conflict' });
    expect((await challenge.use(customer, asked)).status).toBe(404);
    const over = { status: 409, said: { code: 'state_conflict' } };
    expect(await challenge.use(customer, asked, using)).toMatchObject(over);
    expect(await challenge.cancel(customer, off, cancelling)).toMatchObject(over);
    const settled = await service.bank('POST', '/v1/outcomes', undefined, using);
    expect(await settled.json()).toMatchObject({ accepted: true });
  });

  test('is answered again as it is then, not as it was asked', async () => {
    const asking = KEY();
    const asked = await challenge.ask(customer, 'verify', asking);
    await later(challengeSeconds, async () => {
      expect(await challenge.ask(customer, 'verify', asking)).toMatchObject({
        id: asked.id,
        status: 'expired',
      });
    });
    await service.db
      .updateTable('tokens')
      .set({ status: 'locked' })
      .where('id', '=', customer.tokenId)
      .execute();
    expect(await challenge.ask(customer, 'verify', asking)).toMatchObject({
      id: asked.id,
      status: 'cancelled',
    });
  });

  test('is not let on before the signature, and is after it', async () => {
    const asked = await challenge.ask(customer);
    expect((await challenge.use(customer, asked)).said).toMatchObject({
      accepted: false,
      challenge: { status: 'waiting' },
    });
    await challenge.sign(customer, asked);
    expect((await challenge.use(customer, asked)).said.accepted).toBe(true);
  });

  test('leaves the count of wrong codes as it is', async () => {
    await service.present('verify', customer, '00000000');
    const failures = async () =>
      (
        await service.db
          .selectFrom('tokens')
          .select('failures')
          .where('id', '=', customer.tokenId)
          .executeTakeFirstOrThrow()
      ).failures;
    const before = await failures();
    const asked = await challenge.ask(customer);
    await challenge.use(customer, asked);
    await challenge.sign(customer, asked);
    await challenge.use(customer, asked);
    expect(await failures()).toBe(before);
  });

  test('ends with its time, waiting or signed', async () => {
    const [waiting, signed] = [await challenge.ask(customer), await challenge.ask(customer)];
    await later(challengeSeconds - 30, async () => {
      await challenge.sign(customer, signed);
    });
    await later(challengeSeconds, async () => {
      expect(await challenge.show(customer, waiting, '?wait=20')).toMatchObject({ status: 'expired' });
      expect((await challenge.list(customer)).said?.challenges).toEqual([]);
      expect(await challenge.sign(customer, waiting)).toMatchObject({ status: 409, code: 'state_conflict' });
      expect(await challenge.show(customer, signed)).toMatchObject({ status: 'signed' });
    });
    await later(2 * challengeSeconds - 30, async () => {
      expect((await challenge.use(customer, signed)).said).toMatchObject({
        accepted: false,
        challenge: { status: 'expired' },
      });
      expect(await challenge.show(customer, signed)).toMatchObject({ status: 'expired' });
      expect((await audited(customer)).at(-1)).toMatchObject({ event: 'verify', outcome: 'stopped' });
    });
  });

  test('is called off by the bank, waiting or signed, but not once it was used', async () => {
    const asked = await challenge.ask(customer);
    const waiting = challenge.show(customer, asked, '?wait=20');
    const key = KEY();
    expect((await challenge.cancel(customer, asked, key)).said).toMatchObject({ status: 'cancelled' });
    expect((await challenge.cancel(customer, asked, key)).status).toBe(200);
    expect(await waiting).toMatchObject({ status: 'cancelled' });
    expect(await challenge.sign(customer, asked)).toMatchObject({ status: 409, code: 'state_conflict' });
    const signed = await challenge.ask(customer);
    await challenge.sign(customer, signed);
    await challenge.cancel(customer, signed);
    expect((await challenge.use(customer, signed)).said).toMatchObject({ accepted: false });
    const used = await challenge.ask(customer);
    await challenge.sign(customer, used);
    await challenge.use(customer, used);
    expect((await challenge.cancel(customer, used)).status).toBe(409);
  });

  test.each(['suspend', 'release'])('ends when staff %s the token, waiting or signed', async (act) => {
    const [waiting, signed] = [await challenge.ask(customer), await challenge.ask(customer)];
    await challenge.sign(customer, signed);
    const watched = challenge.show(customer, waiting, '?wait=20');
    await byStaff(act);
    expect(await watched).toMatchObject({ status: 'cancelled' });
    expect(await challenge.sign(customer, waiting)).toMatchObject({ status: 409, code: 'state_conflict' });
    expect((await challenge.use(customer, signed)).said).toMatchObject({
      accepted: false,
      challenge: { status: 'cancelled' },
    });
    expect((await challenge.askFor(customer, 'verify')).status).toBe(409);
  });

  test('that was refused as the token was suspended stays refused when it is resumed', async () => {
    const signed = await challenge.ask(customer);
    await challenge.sign(customer, signed);
    await byStaff('suspend');
    await challenge.use(customer, signed);
    await byStaff('resume');
    expect((await challenge.use(customer, signed)).said.accepted).toBe(false);
    expect((await tokenNow(customer)).status).toBe('active');
  });

  test('is neither asked nor used once the token is locked or has expired', async () => {
    const signed = await challenge.ask(customer);
    await challenge.sign(customer, signed);
    const set = (values: object) =>
      service.db.updateTable('tokens').set(values).where('id', '=', customer.tokenId).execute();
    await set({ status: 'locked' });
    expect((await challenge.use(customer, signed)).said.accepted).toBe(false);
    expect((await tokenNow(customer)).status).toBe('locked');
    expect((await challenge.askFor(customer, 'verify')).status).toBe(409);
    await set({ status: 'active', expires_at: new Date(service.clock.now()) });
    const refused = await challenge.askFor(customer, 'verify');
    expect(((await refused.json()) as Problem).detail).toContain('expired');
    expect((await challenge.list(customer)).said?.challenges).toEqual([]);
  });
});

describe('a signature', () => {
  test.each([
    ['another challenge', { challenge: 'A'.repeat(22) }],
    ['another institution', { institution: 'akita' }],
    ['another token', { tokenId: 'A'.repeat(22) }],
    ['another use', { use: 'release' }],
    ['an hour ago', { iat: Math.floor(Date.now() / 1000) - 3600 }],
    ['tomorrow', { iat: Math.floor(Date.now() / 1000) + 86_400 }],
    ['an origin with a path', { origin: `${PAGE}/login` }],
    ['no document', { document: undefined }],
    ['no factor', { factors: [] }],
    ['one factor twice', { factors: ['pin', 'pin'] }],
    ['something else as well', { screen: 'BLI023' }],
  ])('for %s is none, and the challenge goes on waiting', async (_what, claims) => {
    const asked = await challenge.ask(customer);
    expect(await challenge.sign(customer, asked, claims)).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
    expect(await challenge.show(customer, asked)).toMatchObject({ status: 'waiting' });
  });

  test('by another key than that of the proof, or of another kind of message, is none', async () => {
    const asked = await challenge.ask(customer);
    for (const signed of [{ by: await createTestToken() }, { typ: 'warifu-decision+jwt' }]) {
      const signature = await challenge.signatureOf(customer, asked, {}, signed);
      expect(await challenge.send(customer, asked, signature)).toMatchObject({ status: 400 });
    }
  });

  test('of a minute more or less is taken', async () => {
    for (const seconds of [-50, 59]) {
      const iat = Math.floor(service.clock.now() / 1000) + seconds;
      expect((await challenge.sign(customer, await challenge.ask(customer), { iat })).status).toBe(200);
    }
  });

  test('sent again is answered again, also after its use; another is refused', async () => {
    const asked = await challenge.ask(customer);
    const signature = await challenge.signatureOf(customer, asked);
    for (let time = 0; time < 2; time += 1) {
      expect((await challenge.send(customer, asked, signature)).said?.status).toBe('signed');
    }
    expect(await challenge.sign(customer, asked)).toMatchObject({ status: 409, code: 'state_conflict' });
    await challenge.use(customer, asked);
    expect((await challenge.send(customer, asked, signature)).said?.status).toBe('spent');
  });

  test('sent again is answered again however late, and is none where it comes so late for the first time', async () => {
    const [taken, late] = [await challenge.ask(customer), await challenge.ask(customer)];
    const [signature, lateOne] = [
      await challenge.signatureOf(customer, taken),
      await challenge.signatureOf(customer, late),
    ];
    await challenge.send(customer, taken, signature);
    await later(challengeSeconds - 30, async () => {
      expect((await challenge.send(customer, taken, signature)).said?.status).toBe('signed');
      expect(await challenge.send(customer, late, lateOne)).toMatchObject({ status: 400 });
      expect((await challenge.sign(customer, late)).said?.status).toBe('signed');
    });
  });

  test('is good for no other challenge: it cannot be replayed', async () => {
    const [first, second] = [await challenge.ask(customer), await challenge.ask(customer)];
    const signature = await challenge.signatureOf(customer, first);
    await challenge.send(customer, first, signature);
    expect(await challenge.send(customer, second, signature)).toMatchObject({ status: 400 });
    expect((await challenge.use(customer, second)).said.accepted).toBe(false);
  });

  test.each([
    'http://senpoku.localhost:4602',
    'http://akita.localhost:4601',
    'https://senpoku.localhost:4601',
  ])('for %s ends the challenge: somebody relays the page', async (origin) => {
    const asked = await challenge.ask(customer);
    expect(await challenge.sign(customer, asked, { origin })).toMatchObject({
      status: 403,
      code: 'origin_not_allowed',
    });
    expect(await challenge.show(customer, asked)).toMatchObject({ status: 'refused', signed: { origin } });
    expect(await challenge.sign(customer, asked)).toMatchObject({ status: 409 });
    expect((await challenge.use(customer, asked)).said.accepted).toBe(false);
    expect(await audited(customer)).toContainEqual({
      event: 'sign',
      outcome: 'off-origin',
      origin,
      factors: ['token-key', 'pin'],
    });
  });

  test("another token's or another bank's challenge is none of theirs", async () => {
    const other = await service.active();
    const asked = await challenge.ask(customer);
    expect(await challenge.sign(other, asked)).toMatchObject({ status: 404, code: 'not_found' });
    expect((await challenge.list(other)).said?.challenges).toEqual([]);
    expect((await challenge.use(other, asked)).status).toBe(404);
    expect((await challenge.cancel(other, asked)).status).toBe(404);
    expect(await challenge.disown(other, asked)).toMatchObject({ status: 404 });
    const key = await service.keyOf('bank', 'akita');
    const by = { Authorization: `Bearer ${key}` };
    await challenge.sign(customer, asked);
    expect((await challenge.use(customer, asked, by)).status).toBe(404);
    expect((await challenge.use(customer, asked)).said.accepted).toBe(true);
  });

  test('by a device that only fills is none, and such a device sees and disowns nothing', async () => {
    const desktop = await pairings(service).pair(customer);
    const filler = { ...customer, token: desktop.token };
    const asked = await challenge.ask(customer);
    for (const answer of [
      await challenge.sign(filler, asked),
      await challenge.list(filler),
      await challenge.disown(filler, asked),
    ]) {
      expect(answer).toMatchObject({ status: 403, code: 'device_not_allowed' });
    }
    expect(await challenge.show(customer, asked)).toMatchObject({ status: 'waiting' });
  });

  test('is kept as the device signed it, and the answer is signed by the service', async () => {
    const asked = await challenge.ask(customer);
    const signature = await challenge.signatureOf(customer, asked);
    const url = `${ORIGIN}/v1/token/challenges/${asked.id}/signature`;
    const body = JSON.stringify({ signature });
    const DPoP = await customer.token.proof({ method: 'POST', url, body, timeMs: service.clock.now() });
    const headers = { DPoP, 'Content-Type': 'application/json' };
    const response = await service.app.request(url, { method: 'POST', headers, body });
    const answer = ((await response.json()) as { challenge: string }).challenge;
    expect(decodeProtectedHeader(answer)).toMatchObject({ alg: 'ES256', typ: 'warifu-challenge+jwt' });
    expect(decodeJwt(answer)).toEqual({ challenge: asked.id, proof: decodeJwt(DPoP).jti, status: 'signed' });
    const row = await service.db
      .selectFrom('challenges')
      .selectAll()
      .where('id', '=', asked.id)
      .executeTakeFirstOrThrow();
    expect(row.signature).toBe(signature);
  });
});
