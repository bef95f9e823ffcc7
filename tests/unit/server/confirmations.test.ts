import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, importJWK, type JWK, jwtVerify } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Confirmation, DecisionKind } from '../../../core/api/confirmation.ts';
import { deliverDue } from '../../../server/deliver.ts';
import { expireConfirmations } from '../../../server/store/confirmations.ts';
import { openPostgres } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { startPostgres } from '../../service/postgres.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import { type Customer, createTestService, ORIGIN, type TestService } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

const databases = {
  PGlite: async () => ({ ...(await openServiceMemory()), stop: async () => {} }),
  PostgreSQL: async () => {
    const server = await startPostgres();
    return { ...(await openPostgres(server.url)), stop: server.stop };
  },
};

describe.each(['PGlite', 'PostgreSQL'] as const)('取引認証 on %s', (kind) => {
  let database: Awaited<ReturnType<(typeof databases)[typeof kind]>>;
  /** Two services over one database, as two nodes with other directories would be: one a mode. */
  let approve: TestService;
  let code: TestService;

  beforeAll(async () => {
    database = await databases[kind]();
    approve = await createTestService(database);
    code = await createTestService(database, { confirmation: 'code' });
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await database.stop();
  });

  const events = async (id: string) =>
    (
      await sql<{ id: string }>`select id from events where confirmation_id = ${id}`.execute(database.db)
    ).rows.map((row) => row.id.split('.')[1]);

  const audited = async (id: string) =>
    (
      await sql<{ event: string; outcome: string }>`
        select event, outcome from audit where confirmation_id = ${id} order by id`.execute(database.db)
    ).rows.map(({ event, outcome }) => `${event} ${outcome}`);

  test('a transfer is asked, shown, confirmed and used once', async () => {
    const { ask, shown, show, decide, verify } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    expect(asked).toMatchObject({ status: 'waiting', mode: 'approve', transaction: TRANSFER });
    expect(asked.id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(Date.parse(asked.expiresAt) - Date.parse(asked.requestedAt)).toBe(5 * 60_000);
    const [one] = await shown(customer);
    expect(JSON.parse(one?.details ?? '')).toEqual({
      transaction: TRANSFER,
      confirmation: asked.id,
      institution: 'senpoku',
      token: customer.tokenId,
      number: asked.number,
      requestedAt: asked.requestedAt,
      expiresAt: asked.expiresAt,
    });
    expect((await verify(customer, asked)).accepted).toBe(false);
    await decide(customer, asked, 'confirmed');
    expect((await show(customer, asked)).status).toBe('confirmed');
    expect(await verify(customer, asked)).toMatchObject({
      accepted: true,
      confirmation: { status: 'spent' },
    });
    expect((await verify(customer, asked)).accepted).toBe(false);
    expect(await shown(customer)).toEqual([]);
    expect(await events(asked.id)).toEqual(['confirmed']);
    expect(await audited(asked.id)).toEqual([
      'confirm done',
      'use stopped',
      'decide confirmed',
      'use done',
      'use spent',
    ]);
  });

  test('W4: in code mode the code for these details is needed as well, and the mode is not the request’s', async () => {
    const { ask, shown, decide, verify, codeFor, path } = confirmations(code);
    const customer = await code.active();
    const asked = await ask(customer);
    expect(asked.mode).toBe('code');
    const [one] = await shown(customer);
    const right = await codeFor(customer, one?.details ?? '');
    expect((await verify(customer, asked, { code: right })).accepted).toBe(false);
    await decide(customer, asked, 'confirmed');
    const without = await code.bank('POST', path(customer, `/${asked.id}/verify`), { transaction: TRANSFER });
    expect(await without.json()).toMatchObject({ code: 'invalid_request', fields: ['code'] });
    expect((await verify(customer, asked, { code: right })).accepted).toBe(true);
    const downgraded = await code.bank('POST', path(customer), { transaction: TRANSFER, mode: 'approve' });
    expect(downgraded.status).toBe(400);
  });

  test('W3: a login code confirms nothing, nor does another confirmation’s', async () => {
    const { ask, shown, decide, verify, codeFor } = confirmations(code);
    const customer = await code.active();
    const first = await ask(customer);
    const second = await ask(customer);
    const details = (await shown(customer)).map((one) => one.details);
    await decide(customer, first, 'confirmed');
    await decide(customer, second, 'confirmed');
    expect((await verify(customer, first, { code: await customer.code() })).accepted).toBe(false);
    const other = await codeFor(customer, details.find((text) => text.includes(second.id)) ?? '');
    expect((await verify(customer, first, { code: other })).accepted).toBe(false);
    expect((await code.present('verify', customer, other)).accepted).toBe(false);
    expect((await verify(customer, second, { code: other })).accepted).toBe(true);
  });

  test('N5: wrong codes end a confirmation at three and count towards the lock; the right one resets', async () => {
    const { ask, shown, decide, verify, codeFor } = confirmations(code);
    const customer = await code.active();
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    const [one] = await shown(customer);
    const right = await codeFor(customer, one?.details ?? '');
    const wrong = right === '00000000' ? '00000001' : '00000000';
    const key = { 'Idempotency-Key': randomUUID() };
    for (const _again of [1, 2]) {
      expect((await verify(customer, asked, { code: wrong }, key)).accepted).toBe(false);
    }
    expect(await failures(customer)).toBe(1);
    await verify(customer, asked, { code: wrong });
    const third = await verify(customer, asked, { code: wrong });
    expect(third).toMatchObject({ accepted: false, confirmation: { status: 'cancelled' } });
    expect((await verify(customer, asked, { code: right })).accepted).toBe(false);
    expect(await failures(customer)).toBe(3);
    const next = await ask(customer);
    await decide(customer, next, 'confirmed');
    const fresh = await codeFor(customer, (await shown(customer))[0]?.details ?? '');
    expect((await verify(customer, next, { code: fresh })).accepted).toBe(true);
    expect(await failures(customer)).toBe(0);
  });

  const failures = async ({ tokenId }: Customer) =>
    (await sql<{ failures: number }>`select failures from tokens where id = ${tokenId}`.execute(database.db))
      .rows[0]?.failures;

  test.each([
    ['amount', { ...TRANSFER, amount: 150_001 }],
    ['payee', { ...TRANSFER, payee: 'ベツ ジン' }],
    ['account', { ...TRANSFER, accountNumber: '7654321' }],
    ['account type', { ...TRANSFER, accountType: 'current' as const }],
    ['bank', { ...TRANSFER, bank: { code: '9912', name: '見本銀行' } }],
    ['branch', { ...TRANSFER, branch: { code: '001', name: '別支店' } }],
  ])(
    'D2, A8: approved, then another %s: refused, and the confirmed one still good',
    async (_what, changed) => {
      const { ask, decide, verify } = confirmations(approve);
      const customer = await approve.active();
      const asked = await ask(customer);
      await decide(customer, asked, 'confirmed');
      expect((await verify(customer, asked, { transaction: changed })).accepted).toBe(false);
      expect((await verify(customer, asked)).accepted).toBe(true);
      expect(await audited(asked.id)).toContain('use differs');
    },
  );

  test('A8: approve A, use B: refused', async () => {
    const { ask, decide, verify } = confirmations(approve);
    const customer = await approve.active();
    const [a, b] = [await ask(customer), await ask(customer)];
    expect(a.number).not.toBe(b.number);
    await decide(customer, a, 'confirmed');
    expect((await verify(customer, b)).accepted).toBe(false);
    expect((await verify(customer, a)).accepted).toBe(true);
  });

  test('another customer’s confirmation is not found, by bank or token', async () => {
    const { ask, decideOn, path } = confirmations(approve);
    const [one, other] = [await approve.active(), await approve.active()];
    const asked = await ask(one);
    expect((await approve.bank('GET', path(other, `/${asked.id}`))).status).toBe(404);
    expect((await decideOn(other, asked.id, 'confirmed', '{}')).status).toBe(404);
  });

  test('spellings of a name are one; what could deceive is refused by field, and nothing is asked', async () => {
    const { ask, verify, decide, shown, path } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer, { ...TRANSFER, payee: 'ﾐﾎﾝ　ﾀﾛｳ' });
    expect(asked.transaction.payee).toBe('ミホン タロウ');
    await decide(customer, asked, 'confirmed');
    expect(
      (await verify(customer, asked, { transaction: { ...TRANSFER, payee: 'ミホン  ﾀﾛｳ' } })).accepted,
    ).toBe(true);
    for (const payee of ['ミホン\u202e', 'ミ\u200bホン', '\ud800', 'ミホン\n1円', '<b>']) {
      const response = await approve.bank('POST', path(customer), { transaction: { ...TRANSFER, payee } });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'invalid_request', fields: ['transaction.payee'] });
    }
    for (const amount of [0, -1, 1.5, 10_000_000_000, '1']) {
      const response = await approve.bank('POST', path(customer), { transaction: { ...TRANSFER, amount } });
      expect(await response.json()).toMatchObject({ fields: ['transaction.amount'] });
    }
    expect(await shown(customer)).toEqual([]);
  });

  test('D3: a decision counts only for the details as they were signed, by the token’s own key', async () => {
    const { ask, shown, decideOn, byToken, show } = confirmations(approve);
    const customer = await approve.active();
    const stranger = await approve.active();
    const asked = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    const other = details.replace('150000', '150001');
    expect((await decideOn(customer, asked.id, 'confirmed', other)).status).toBe(400);
    const forged = await stranger.token.decide({ confirmation: asked.id, decision: 'confirmed', details });
    expect((await byToken(customer, 'POST', `/${asked.id}/decision`, { decision: forged })).status).toBe(400);
    const elsewhere = await customer.token.decide({
      confirmation: 'A'.repeat(22),
      decision: 'confirmed',
      details,
    });
    expect((await byToken(customer, 'POST', `/${asked.id}/decision`, { decision: elsewhere })).status).toBe(
      400,
    );
    expect((await show(customer, asked)).status).toBe('waiting');
  });

  test('a decision sent again is answered again; another one is refused', async () => {
    const { ask, shown, decideOn, show } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    for (const _again of [1, 2]) {
      expect((await decideOn(customer, asked.id, 'confirmed', details)).status).toBe(200);
    }
    const against = await decideOn(customer, asked.id, 'rejected', details);
    expect(await against.json()).toMatchObject({ status: 409, code: 'state_conflict' });
    expect((await show(customer, asked)).status).toBe('confirmed');
    expect(await events(asked.id)).toEqual(['confirmed']);
  });

  test('of opposite decisions at once one counts', async () => {
    const { ask, shown, decideOn, show } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    const decisions = Array.from(
      { length: 10 },
      (_, index): DecisionKind => (index % 2 === 0 ? 'confirmed' : 'rejected'),
    );
    const answers = await Promise.all(decisions.map((one) => decideOn(customer, asked.id, one, details)));
    const { status } = await show(customer, asked);
    answers.forEach((answer, index) => {
      expect(answer.status).toBe(decisions[index] === status ? 200 : 409);
    });
    expect((await audited(asked.id)).filter((line) => line.startsWith('decide'))).toHaveLength(1);
  });

  test('rejected is final', async () => {
    const { ask, decide, verify } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    await decide(customer, asked, 'rejected');
    expect(await verify(customer, asked)).toMatchObject({
      accepted: false,
      confirmation: { status: 'rejected' },
    });
    expect(await events(asked.id)).toEqual(['rejected']);
  });

  test('“not me” suspends the token and calls off whatever else was asked', async () => {
    const { ask, decide, decideOn, show, shown, verify, path } = confirmations(approve);
    const customer = await approve.active();
    const [confirmed, waiting, strange] = [await ask(customer), await ask(customer), await ask(customer)];
    await decide(customer, confirmed, 'confirmed');
    await decide(customer, strange, 'not-me');
    expect((await show(customer, strange)).status).toBe('not-me');
    expect((await show(customer, waiting)).status).toBe('cancelled');
    expect((await verify(customer, confirmed)).accepted).toBe(false);
    expect((await approve.present('verify', customer, await customer.code())).accepted).toBe(false);
    const token = await (await approve.bank('GET', `/v1/tokens/${customer.userId}`)).json();
    expect(token).toMatchObject({ status: 'suspended' });
    expect(await shown(customer)).toEqual([]);
    expect((await decideOn(customer, waiting.id, 'confirmed', '')).status).toBe(400);
    expect((await approve.bank('POST', path(customer), { transaction: TRANSFER })).status).toBe(409);
    expect(await events(strange.id)).toEqual(['not-me']);
    expect(await events(waiting.id)).toEqual(['cancelled']);
  });

  test('A5: nobody decides for five minutes: expired; confirmed but not used for five: expired', async () => {
    const { ask, decide, decideOn, show, shown, verify } = confirmations(approve);
    const customer = await approve.active();
    const left = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    approve.nextStep(4);
    const used = await ask(customer);
    await decide(customer, used, 'confirmed');
    approve.nextStep(1);
    expect((await show(customer, left)).status).toBe('expired');
    expect((await decideOn(customer, left.id, 'confirmed', details)).status).toBe(409);
    expect((await show(customer, used)).status).toBe('confirmed');
    approve.nextStep(4);
    expect((await verify(customer, used)).accepted).toBe(false);
    expect((await show(customer, used)).status).toBe('expired');
    await expireConfirmations(database.db, [], new Date(approve.clock.now()));
    expect(await events(left.id)).toEqual(['expired']);
    expect(await events(used.id)).toEqual(['confirmed', 'expired']);
  });

  test('cancelled by the bank: gone from the token; cancelled again: the same; used: no more', async () => {
    const { ask, decide, decideOn, shown, verify, path } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    for (const _again of [1, 2]) {
      const response = await approve.bank('POST', path(customer, `/${asked.id}/cancel`), {});
      expect(await response.json()).toMatchObject({ status: 'cancelled' });
    }
    expect(await shown(customer)).toEqual([]);
    expect((await decideOn(customer, asked.id, 'confirmed', details)).status).toBe(409);
    const used = await ask(customer);
    await decide(customer, used, 'confirmed');
    await verify(customer, used);
    expect((await approve.bank('POST', path(customer, `/${used.id}/cancel`), {})).status).toBe(409);
  });

  test('N3, A23: of 20 parallel uses of one confirmation one is accepted', async () => {
    const { ask, decide, verify } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(customer, asked)));
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
  });

  test('a lost answer, asked for again with the same key, is the same', async () => {
    const { ask, decide, verify, path } = confirmations(approve);
    const customer = await approve.active();
    const headers = { 'Idempotency-Key': randomUUID() };
    const create = async () =>
      (
        await approve.bank('POST', path(customer), { transaction: TRANSFER }, headers)
      ).json() as Promise<Confirmation>;
    const many = await Promise.all(Array.from({ length: 5 }, create));
    expect(new Set(many.map(({ id }) => id)).size).toBe(1);
    const other = { transaction: { ...TRANSFER, amount: 1 } };
    expect((await approve.bank('POST', path(customer), other, headers)).status).toBe(409);
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    const key = { 'Idempotency-Key': randomUUID() };
    const uses = await Promise.all(Array.from({ length: 5 }, () => verify(customer, asked, {}, key)));
    expect(uses.map(({ accepted }) => accepted)).toEqual([true, true, true, true, true]);
    expect((await audited(asked.id)).filter((line) => line === 'use done')).toHaveLength(1);
  });

  test('A10: of 20 questions at once five are asked; confirming and using gives places back', async () => {
    const { ask, decide, verify, path, shown } = confirmations(approve);
    const customer = await approve.active();
    const flood = await Promise.all(
      Array.from({ length: 20 }, () => approve.bank('POST', path(customer), { transaction: TRANSFER })),
    );
    expect(flood.filter(({ status }) => status === 201)).toHaveLength(5);
    const refused = flood.find(({ status }) => status !== 201);
    expect(refused?.headers.get('Retry-After')).toBe('60');
    expect(await refused?.json()).toMatchObject({ code: 'rate_limited' });
    const numbers = (await shown(customer)).map(({ details }) => JSON.parse(details).number);
    expect(new Set(numbers).size).toBe(5);
    const busy = await approve.active();
    for (let count = 0; count < 12; count += 1) {
      const asked = await ask(busy);
      await decide(busy, asked, 'confirmed');
      expect((await verify(busy, asked)).accepted).toBe(true);
    }
  });

  test('A10: rejections cool down', async () => {
    const { ask, decide, path } = confirmations(approve);
    const customer = await approve.active();
    await decide(customer, await ask(customer), 'rejected');
    await decide(customer, await ask(customer), 'rejected');
    expect((await approve.bank('POST', path(customer), { transaction: TRANSFER })).status).toBe(429);
    approve.nextStep(2);
    expect((await approve.bank('POST', path(customer), { transaction: TRANSFER })).status).toBe(201);
  });

  test('the bank learns the outcome by waiting, without asking again', async () => {
    const { ask, decide, show } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const waiting = show(customer, asked, '?unless=waiting&wait=20');
    await decide(customer, asked, 'confirmed');
    expect((await waiting).status).toBe('confirmed');
    expect((await show(customer, asked, '?unless=waiting&wait=20')).status).toBe('confirmed');
    expect((await show(customer, asked, '?unless=confirmed&wait=0')).status).toBe('confirmed');
  });

  test('the token is told at once that there is something, and nothing of what', async () => {
    const { ask } = confirmations(approve);
    const customer = await approve.active();
    const url = `${ORIGIN}/v1/events`;
    const proof = await customer.token.proof({ method: 'POST', url, timeMs: approve.clock.now() });
    const stop = new AbortController();
    const response = await approve.app.request(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ proofs: [proof] }),
      signal: stop.signal,
    });
    expect(response.headers.get('Content-Type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(':\n\n');
    const asked = await ask(customer);
    const event = (await reader?.read())?.value ?? '';
    expect(event).toContain('event: confirmations');
    expect(event).not.toContain(asked.id);
    await reader?.cancel();
    stop.abort();
  });

  test('S2: a stream wants a proof for itself, once', async () => {
    const customer = await approve.active();
    const url = `${ORIGIN}/v1/events`;
    const send = async (proofs: string[]) =>
      (
        await approve.app.request(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ proofs }),
        })
      ).status;
    const timeMs = approve.clock.now();
    const elsewhere = await customer.token.proof({ method: 'GET', url: `${ORIGIN}/v1/token`, timeMs });
    expect(await send([elsewhere])).toBe(401);
    expect(await send([])).toBe(400);
    const used = await customer.token.proof({
      method: 'GET',
      url: `${ORIGIN}/v1/token/confirmations`,
      timeMs,
    });
    const get = () => approve.app.request(`${ORIGIN}/v1/token/confirmations`, { headers: { DPoP: used } });
    expect((await get()).status).toBe(200);
    expect((await get()).status).toBe(401);
  });

  test('a stream is for tokens, each once, eight at most, and is not stored', async () => {
    const customer = await approve.active();
    const stranger = await createTestToken();
    const url = `${ORIGIN}/v1/events`;
    const timeMs = approve.clock.now();
    const open = async (proofs: string[]) =>
      approve.app.request(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ proofs }),
      });
    const proof = () => customer.token.proof({ method: 'POST', url, timeMs });
    const foreign = await stranger.proof({ method: 'POST', url, timeMs });
    expect((await open([foreign])).status).toBe(404);
    const { rows } = await sql`select jti from proofs where jti = ${decodeJwt(foreign).jti}`.execute(
      database.db,
    );
    expect(rows).toEqual([]);
    const streams = [];
    for (let count = 0; count < 8; count += 1) streams.push(await open([await proof(), await proof()]));
    expect(streams.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(streams[0]?.headers.get('Cache-Control')).toBe('no-store');
    expect((await open([await proof()])).status).toBe(429);
    for (const { body } of streams) await body?.cancel();
    const again = await open([await proof()]);
    expect(again.status).toBe(200);
    await again.body?.cancel();
  });

  test('S2: a proof whose id is no base64url is refused like any other, and nobody else’s round with it', async () => {
    const customer = await approve.active();
    const url = `${ORIGIN}/v1/token/confirmations`;
    const get = async (jti?: string) => {
      const timeMs = approve.clock.now();
      const proof = await customer.token.proof({ method: 'GET', url, timeMs, ...(jti && { jti }) });
      return (await approve.app.request(url, { headers: { DPoP: proof } })).status;
    };
    const strange = ['\u0000'.repeat(22), '\ud800'.repeat(22), `${'a'.repeat(21)}"`, 'a'.repeat(65)];
    expect(await Promise.all([...strange.map(get), get()])).toEqual([401, 401, 401, 401, 200]);
  });

  test('a decision with anything behind its signature is none: it is kept as it came', async () => {
    const { ask, shown, byToken } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    const signed = await customer.token.decide({ confirmation: asked.id, decision: 'confirmed', details });
    const send = async (decision: string) =>
      (await byToken(customer, 'POST', `/${asked.id}/decision`, { decision })).status;
    for (const tail of ['\u0000', '\n', ' ', '=', '.']) expect(await send(`${signed}${tail}`)).toBe(400);
    expect(await send(signed)).toBe(200);
  });

  test('calling off is remembered: a repeat is answered as the first was, another request with the key is a conflict', async () => {
    const { ask, decide, verify, path } = confirmations(approve);
    const customer = await approve.active();
    const [first, second] = [await ask(customer), await ask(customer)];
    const headers = { 'Idempotency-Key': randomUUID() };
    const cancel = (id: string) => approve.bank('POST', path(customer, `/${id}/cancel`), {}, headers);
    const answers = await Promise.all([1, 2, 3].map(() => cancel(first.id)));
    for (const answer of answers) expect(await answer.json()).toMatchObject({ status: 'cancelled' });
    expect(await audited(first.id)).toEqual(['confirm done', 'cancel done']);
    const conflict = await cancel(second.id);
    expect(await conflict.json()).toMatchObject({ status: 409, code: 'idempotency_conflict' });
    await decide(customer, second, 'confirmed');
    expect((await verify(customer, second)).accepted).toBe(true);
  });

  test('a decision sent again after the bank called off is answered with how it stands', async () => {
    const { ask, decideOn, shown, path } = confirmations(approve);
    const customer = await approve.active();
    const asked = await ask(customer);
    const details = (await shown(customer))[0]?.details ?? '';
    await decideOn(customer, asked.id, 'confirmed', details);
    await approve.bank('POST', path(customer, `/${asked.id}/cancel`), {});
    const again = await decideOn(customer, asked.id, 'confirmed', details);
    expect(again.status).toBe(200);
    const { decided } = (await again.json()) as { decided: string };
    expect(decodeJwt(decided)).toMatchObject({ status: 'cancelled' });
  });

  test('A10: a rejection takes places however late it comes, and it is said when there will be one', async () => {
    const { ask, decide, path } = confirmations(approve);
    const customer = await approve.active();
    const late = await ask(customer);
    approve.nextStep(4);
    await decide(customer, late, 'rejected');
    const asks = () => approve.bank('POST', path(customer), { transaction: TRANSFER });
    for (let count = 0; count < 3; count += 1) expect((await asks()).status).toBe(201);
    const refused = await asks();
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('Retry-After'));
    expect(seconds).toBe(60);
    approve.nextStep();
    expect((await asks()).status).toBe(201);
  });

  test('the bank is told by a signed event, again until it takes it', async () => {
    const { ask, decide } = confirmations(approve);
    const customer = await approve.active();
    const received: { type: string | undefined; body: string }[] = [];
    const answers = [500, 202];
    const bank = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ type: request.headers['content-type'], body });
      response.writeHead(answers.shift() ?? 202).end();
    });
    await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
    const { port } = bank.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/events`;
    await sql`delete from events`.execute(database.db);
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    expect(await deliverDue(approve.dependencies, 'senpoku', url)).toBe(1);
    expect(await deliverDue(approve.dependencies, 'senpoku', url)).toBe(0);
    approve.nextStep();
    expect(await deliverDue(approve.dependencies, 'senpoku', url)).toBe(1);
    approve.nextStep();
    expect(await deliverDue(approve.dependencies, 'senpoku', url)).toBe(0);
    bank.close();
    const keys = (await (await approve.app.request(`${ORIGIN}/v1/keys`)).json()) as { keys: JWK[] };
    const { payload } = await jwtVerify(received[1]?.body ?? '', await importJWK(keys.keys[0] ?? {}), {
      typ: 'secevent+jwt',
      issuer: ORIGIN,
      audience: 'senpoku',
    });
    expect(payload).toMatchObject({
      jti: `${asked.id}.confirmed`,
      events: {
        'urn:warifu:event:confirmation': {
          userId: customer.userId,
          confirmation: { id: asked.id, status: 'confirmed', transaction: TRANSFER },
        },
      },
    });
    expect(received.map(({ type }) => type)).toEqual([
      'application/secevent+jwt',
      'application/secevent+jwt',
    ]);
    expect(decodeJwt(received[0]?.body ?? '').jti).toBe(payload.jti);
  });

  test('A24: neither codes nor details are in the log', async () => {
    const { ask, decide, verify, shown, codeFor } = confirmations(code);
    const customer = await code.active();
    const asked = await ask(customer);
    const right = await codeFor(customer, (await shown(customer))[0]?.details ?? '');
    await decide(customer, asked, 'confirmed');
    await verify(customer, asked, { code: right });
    const log = [...approve.log, ...code.log].join('\n');
    expect(log).toContain('/v1/tokens/:userId/confirmations');
    for (const secret of [right, 'ミホン', asked.id]) expect(log).not.toContain(secret);
  });
});

test('an outcome reaches a bank that waits at another node', async () => {
  const server = await startPostgres();
  const [here, there] = [await openPostgres(server.url), await openPostgres(server.url)];
  const node = await createTestService(here);
  const customer = await node.active();
  const { ask, decide, path } = confirmations(node);
  const asked = await ask(customer);
  const { createService } = await import('../../../server/app.ts');
  const other = createService({ ...node.dependencies, db: there.db, wakes: there.wakes });
  const waiting = other.request(`${ORIGIN}${path(customer, `/${asked.id}?unless=waiting&wait=20`)}`, {
    headers: { Authorization: `Bearer ${node.apiKey}` },
  });
  await decide(customer, asked, 'confirmed');
  expect(await (await waiting).json()).toMatchObject({ status: 'confirmed' });
  await here.close();
  await there.close();
  await server.stop();
}, 60_000);

test('“not me” does not bring back a token that is being released', async () => {
  const server = await startPostgres();
  const [here, there] = [await openPostgres(server.url), await openPostgres(server.url)];
  const service = await createTestService(here);
  const { ask, shown, decideOn } = confirmations(service);
  const customer = await service.active();
  const asked = await ask(customer);
  const details = (await shown(customer))[0]?.details ?? '';
  let decided: Promise<Response> | undefined;
  await there.db.transaction().execute(async (release) => {
    await release
      .updateTable('tokens')
      .set({ status: 'released' })
      .where('id', '=', customer.tokenId)
      .execute();
    // Sees the token in use, and waits for the row.
    decided = decideOn(customer, asked.id, 'not-me', details);
    await waitUntil(async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::integer as waiting from pg_stat_activity where wait_event_type = 'Lock'`.execute(
        release,
      );
      return rows[0]?.waiting === 1;
    });
  });
  expect((await decided)?.status).toBe(200);
  const { rows } = await sql<{ status: string }>`
    select status from tokens where id = ${customer.tokenId}`.execute(here.db);
  expect(rows).toEqual([{ status: 'released' }]);
  await here.close();
  await there.close();
  await server.stop();
}, 60_000);

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  await vi.waitUntil(holds, { timeout: 10_000, interval: 20 });
}
