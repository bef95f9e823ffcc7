import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Confirmation, DecisionKind } from '../../../core/api/confirmation.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { expireConfirmations } from '../../../server/store/confirmations.ts';
import { confirmations, TRANSFER } from '../../service/test-confirmation.ts';
import { type Customer, type TestService, wrongCode } from '../../service/test-service.ts';

import { KINDS, type Nodes, useNodes } from './confirmation-nodes.ts';

describe.each(KINDS)('取引認証 on %s', (kind) => {
  let nodes: Nodes;
  let approve: TestService;
  let code: TestService;

  useNodes(kind, (opened) => {
    nodes = opened;
    ({ approve, code } = opened);
  });

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
    expect(await nodes.events(asked.id)).toEqual(['confirmed']);
    expect(await nodes.audited(asked.id)).toEqual([
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

  test('N5: the use of a confirmation without a code does not make up for wrong codes before', async () => {
    const { ask, decide, verify } = confirmations(approve);
    const customer = await approve.active();
    for (let wrong = 1; wrong < DEFAULT_POLICY.wrongCodesToLock; wrong += 1) {
      await approve.present('verify', customer, await wrongCode(customer));
    }
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    expect((await verify(customer, asked)).accepted).toBe(true);
    const last = await approve.present('verify', customer, await wrongCode(customer));
    expect(last.token.status).toBe('locked');
  });

  const failures = async ({ tokenId }: Customer) =>
    (
      await sql<{ failures: number }>`select failures from tokens where id = ${tokenId}`.execute(
        nodes.database.db,
      )
    ).rows[0]?.failures;

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
      expect(await nodes.audited(asked.id)).toContain('use differs');
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
    expect(asked.transaction).toEqual(TRANSFER);
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
    expect(await nodes.events(asked.id)).toEqual(['confirmed']);
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
    expect((await nodes.audited(asked.id)).filter((line) => line.startsWith('decide'))).toHaveLength(1);
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
    expect(await nodes.events(asked.id)).toEqual(['rejected']);
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
    expect(await nodes.events(strange.id)).toEqual(['not-me']);
    expect(await nodes.events(waiting.id)).toEqual(['cancelled']);
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
    await expireConfirmations(nodes.database.db, [], new Date(approve.clock.now()));
    expect(await nodes.events(left.id)).toEqual(['expired']);
    expect(await nodes.events(used.id)).toEqual(['confirmed', 'expired']);
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
    expect((await nodes.audited(asked.id)).filter((line) => line === 'use done')).toHaveLength(1);
  });

  test('A10: of 20 questions at once five are asked; confirming and using gives places back', async () => {
    const { ask, decide, verify, path, shown } = confirmations(approve);
    const customer = await approve.active();
    const flood = await Promise.all(
      Array.from({ length: 20 }, () => approve.bank('POST', path(customer), { transaction: TRANSFER })),
    );
    expect(flood.filter(({ status }) => status === 201)).toHaveLength(5);
    const refused = flood.find(({ status }) => status !== 201);
    const seconds = Number(refused?.headers.get('Retry-After'));
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThanOrEqual(60);
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

  test('a customer with a question of every number is asked nothing more, and the bank is told to wait', async () => {
    const { ask, path } = confirmations(approve);
    const customer = await approve.active();
    const { id, number } = await ask(customer);
    const others = Array.from({ length: 90 }, (_, at) => String(10 + at)).filter((one) => one !== number);
    const { db } = nodes.database;
    const row = await db
      .selectFrom('confirmations')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const rows = others.map((other) => ({
      ...row,
      id: randomUUID(),
      number: other,
      factors: null,
    }));
    await db.insertInto('confirmations').values(rows).execute();
    const refused = await approve.bank('POST', path(customer), { transaction: TRANSFER });
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '1']);
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
});
