import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenStatusSchema } from '../../../core/api/bank.ts';
import { sha256 } from '../../../host/compare.ts';
import { RATES } from '../../../server/limits.ts';
import { insertApiKey } from '../../../server/store/access.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { ACTS, nextState, STATES, staffActs, statusOf } from '../../service/staff-acts.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { type Customer, createTestService, type TestService } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

/** What staff do to customers' tokens. */

let database: OpenDatabase;
let service: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
});
afterAll(() => database.close());

const acts = () => staffActs(service);

async function audited(userId: string) {
  const { rows } = await sql`
    select event, outcome, actor, reason, approval from audit join tokens on tokens.id = audit.token_id
    where user_id = ${userId} and actor is not null order by audit.id`.execute(database.db);
  return rows;
}

describe('the state table', () => {
  test.each(STATES)('%s: every act does what the table says, or is refused', async (state) => {
    for (const act of ACTS) {
      const token = await acts().make[state]();
      expect((await acts().show(token)).status).toBe(statusOf(state));
      const response = await acts().request(act, token);
      const next = nextState(state, act);
      if (next === undefined) {
        expect(await response.json(), act).toMatchObject({ status: 409, code: 'state_conflict' });
      } else {
        expect(response.ok, act).toBe(true);
      }
      expect((await acts().show(token)).status, act).toBe(statusOf(next ?? state));
    }
  });

  test('no token is stuck: from every state acts lead to an end', () => {
    const ending = new Set(STATES.filter((state) => ['released', 'void'].includes(state)));
    for (const _round of STATES) {
      for (const state of STATES) {
        if (ACTS.some((act) => ending.has(nextState(state, act) ?? state))) ending.add(state);
      }
    }
    expect([...ending].sort()).toEqual([...STATES].sort());
    expect(new Set(STATES.map(statusOf))).toEqual(new Set(tokenStatusSchema.options));
  });
});

describe('a token', () => {
  test('that is unlocked takes its next code, and ten more wrong ones would be needed', async () => {
    const customer = (await acts().make.locked()) as Customer;
    await acts().done('unlock', customer);
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
    const { failures } = await rowOf(customer);
    expect(failures).toBe(0);
  });

  test('that was locked at 利用開始 has still to be put into use', async () => {
    const customer = (await acts().make['locked at 利用開始']()) as Customer;
    await acts().done('unlock', customer);
    expect((await service.present('activate', customer, await customer.code())).accepted).toBe(true);
  });

  test('that is suspended takes nothing, says what it was, and goes on when it is resumed', async () => {
    const customer = await service.active();
    await acts().done('suspend', customer);
    expect(await acts().show(customer)).toMatchObject({ status: 'suspended', suspendedFrom: 'active' });
    const stopped = await service.present('verify', customer, await customer.code());
    expect(stopped).toMatchObject({ accepted: false, token: { status: 'suspended' } });
    expect(stopped.token).not.toHaveProperty('suspendedFrom');
    await acts().done('resume', customer);
    expect((await service.present('verify', customer, await customer.code())).accepted).toBe(true);
  });

  test('that is suspended before 初期設定 is not set up until it is resumed', async () => {
    const { userId } = await acts().make['suspended from issued']();
    const token = await createTestToken();
    expect((await service.enrolRequest(token, { userId })).status).toBe(403);
    await acts().done('resume', { userId });
    expect((await service.enrolRequest(token, { userId })).status).toBe(201);
  });

  test.each(['release', 'void', 'replace'] as const)('keeps no secret after %s', async (act) => {
    const token = act === 'void' ? await service.enrol() : await service.active();
    await acts().done(act, token);
    expect(await rowOf(token)).toMatchObject({ secret: null, activation_password: null });
  });

  const rowOf = ({ tokenId }: Customer) =>
    database.db.selectFrom('tokens').selectAll().where('id', '=', tokenId).executeTakeFirstOrThrow();
});

describe('交換', () => {
  test('releases the old token and issues one that is set up with the new 利用開始パスワード', async () => {
    const old = (await acts().make['suspended from active']()) as Customer;
    const response = await acts().request('replace', old, { activationPassword: '97531' });
    expect(response.status).toBe(201);
    const { replaced, issued } = (await response.json()) as Record<string, { userId: string }>;
    expect(replaced).toMatchObject({ userId: old.userId, status: 'released', serial: expect.any(String) });
    expect(issued).toMatchObject({ status: 'issued' });
    const { userId } = issued ?? { userId: '' };
    expect(userId).not.toBe(old.userId);
    const token = await createTestToken();
    const set = await service.enrolRequest(token, { userId, activationPassword: '97531' });
    expect(set.status).toBe(201);
    expect((await (await service.bank('GET', `/v1/tokens/${userId}`)).json()) as object).toMatchObject({
      status: 'enrolled',
    });
    expect(await audited(userId)).toMatchObject([{ event: 'issue', outcome: 'done', actor: 'staff01' }]);
  });

  test('repeated with the same key, also at once, issues one token; with another key it is refused', async () => {
    const customer = await service.active();
    const key = { 'Idempotency-Key': randomUUID() };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => acts().request('replace', customer, {}, key)),
    );
    const issued = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { issued: { userId: string } }).issued.userId),
    );
    expect(new Set(issued).size).toBe(1);
    expect((await acts().request('replace', customer)).status).toBe(409);
    const others = { ...key };
    const changed = await acts().request('replace', customer, { reason: '別の理由' }, others);
    expect(await changed.json()).toMatchObject({ code: 'idempotency_conflict' });
  });
});

describe('a repeat', () => {
  test('is answered with the token as it is now, and acts no second time', async () => {
    const customer = await service.active();
    const key = { 'Idempotency-Key': randomUUID() };
    expect((await acts().request('suspend', customer, {}, key)).status).toBe(200);
    await acts().done('resume', customer);
    const again = await acts().request('suspend', customer, {}, key);
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ status: 'active' });
    expect(await audited(customer.userId)).toHaveLength(2);
  });

  test('of a refused act is refused, though the status would allow it now', async () => {
    const customer = await service.active();
    const key = { 'Idempotency-Key': randomUUID() };
    expect((await acts().request('resume', customer, {}, key)).status).toBe(409);
    await acts().done('suspend', customer);
    expect((await acts().request('resume', customer, {}, key)).status).toBe(409);
  });

  test('without a key is refused', async () => {
    const customer = await service.active();
    const response = await acts().request('suspend', customer, {}, { 'Idempotency-Key': '' });
    expect(await response.json()).toMatchObject({ code: 'idempotency_key_missing' });
  });
});

describe('A6: what was asked before a token stopped', () => {
  test.each(['suspend', 'release', 'replace'] as const)(
    'is cancelled by %s, and the bank told, also one that waits for it',
    async (act) => {
      const { ask, decide, show, verify } = confirmations(service);
      const customer = await service.active();
      const [waiting, confirmed] = [await ask(customer), await ask(customer)];
      await decide(customer, confirmed, 'confirmed');
      const changed = show(customer, waiting, '?unless=waiting&wait=20');
      await acts().done(act, customer);
      expect(await changed).toMatchObject({ status: 'cancelled' });
      expect((await verify(customer, confirmed)).accepted).toBe(false);
      const { rows } = await sql<{ id: string }>`
        select id from events where confirmation_id in (${waiting.id}, ${confirmed.id})`.execute(database.db);
      expect(rows.map(({ id }) => id).sort()).toEqual(
        [`${confirmed.id}.cancelled`, `${confirmed.id}.confirmed`, `${waiting.id}.cancelled`].sort(),
      );
      expect(await audited(customer.userId)).toMatchObject([
        { event: act, outcome: 'done' },
        { event: 'cancel', outcome: 'done', actor: 'staff01' },
        { event: 'cancel', outcome: 'done', actor: 'staff01' },
      ]);
    },
  );

  test('is not good again when the token is resumed', async () => {
    const { ask, decide, verify } = confirmations(service);
    const customer = await service.active();
    const asked = await ask(customer);
    await decide(customer, asked, 'confirmed');
    await acts().done('suspend', customer);
    await acts().done('resume', customer);
    expect((await verify(customer, asked)).accepted).toBe(false);
    const next = await ask(customer);
    await decide(customer, next, 'confirmed');
    expect((await verify(customer, next)).accepted).toBe(true);
  });

  test('is left alone by an act that is refused', async () => {
    const { ask, show } = confirmations(service);
    const customer = await service.active();
    const asked = await ask(customer);
    expect((await acts().request('unlock', customer)).status).toBe(409);
    expect((await show(customer, asked)).status).toBe('waiting');
  });
});

describe('a token by its シリアルNo', () => {
  const shown = (serial: string, key = service.staffKey) =>
    service.staff('GET', `/v1/staff/serials/${serial}`, undefined, { Authorization: `Bearer ${key}` });

  test('is the one the device shows, also once it is released', async () => {
    const { userId } = await service.active();
    const { serial } = (await acts().show({ userId })) as { serial?: string };
    expect(await (await shown(serial ?? '')).json()).toMatchObject({ userId, serial, status: 'active' });
    await acts().request('release', { userId });
    expect(await (await shown(serial ?? '')).json()).toMatchObject({ userId, status: 'released' });
  });

  test('is nobody’s at another institution, nor where there is none', async () => {
    const { userId } = await service.active();
    const { serial = '' } = (await acts().show({ userId })) as { serial?: string };
    const akita = await service.keyOf('staff', 'akita');
    const nothing = { status: 404, code: 'token_unknown' };
    expect(await (await shown(serial, akita)).json()).toMatchObject(nothing);
    expect(await (await shown(serial === '000000000' ? '000000001' : '000000000')).json()).toMatchObject(
      nothing,
    );
    for (const typed of [
      '1',
      '12345',
      '7k3m9qx4tz',
      '7K3M-9QX4',
      'A'.repeat(25),
      '%27',
      '１２３４５６７８９',
    ]) {
      expect((await shown(encodeURIComponent(typed))).status).toBe(400);
    }
    expect(await (await shown(serial, service.apiKey)).json()).toMatchObject({ code: 'key_not_allowed' });
  });
});

describe('a key of its own kind', () => {
  const refused = { status: 403, code: 'key_not_allowed' };

  test('a bank key can do nothing that staff do, to a token there is or not', async () => {
    const { userId } = await service.active();
    const bank = { Authorization: `Bearer ${service.apiKey}` };
    for (const act of ACTS) {
      expect(await (await acts().request(act, { userId }, {}, bank)).json()).toMatchObject(refused);
    }
    for (const path of [`/v1/staff/tokens/${userId}`, '/v1/staff/tokens/123456789012', '/v1/staff/x']) {
      expect(await (await service.bank('GET', path)).json()).toMatchObject(refused);
    }
    expect((await acts().show({ userId })).status).toBe('active');
    expect(await audited(userId)).toEqual([]);
  });

  test('a staff key can do nothing that a bank does: no code is verified, nothing is asked', async () => {
    const customer = await service.active();
    const path = `/v1/tokens/${customer.userId}`;
    const code = await customer.code();
    for (const [method, to, body] of [
      ['POST', '/v1/tokens', { activationPassword: '1234' }],
      ['GET', path, undefined],
      ['POST', `${path}/verify`, { code }],
      ['POST', `${path}/release`, { code }],
      ['POST', `${path}/void`, undefined],
      ['POST', `${path}/confirmations`, {}],
      ['GET', `${path}/confirmations/${'A'.repeat(22)}`, undefined],
    ] as const) {
      expect(await (await service.staff(method, to, body)).json(), to).toMatchObject(refused);
    }
    expect((await service.present('verify', customer, code)).accepted).toBe(true);
  });

  test('no key, or none of ours', async () => {
    const { userId } = await service.issue();
    for (const Authorization of ['', `Bearer ${'x'.repeat(43)}`]) {
      const response = await acts().request('void', { userId }, {}, { Authorization });
      expect(await response.json()).toMatchObject({ status: 401, code: 'unauthorized' });
    }
  });

  test('reaches its institution alone', async () => {
    const other = 's'.repeat(43);
    const elsewhere = { institution: 'elsewhere', kind: 'staff' } as const;
    await insertApiKey(database.db, sha256(other), elsewhere, new Date());
    const { userId } = await service.active();
    const response = await acts().request('suspend', { userId }, {}, { Authorization: `Bearer ${other}` });
    expect([401, 404]).toContain(response.status);
    expect((await acts().show({ userId })).status).toBe('active');
  });

  test('is not one that is of another kind, or another institution’s, already', async () => {
    const write = (institution: string, kind: 'bank' | 'staff') =>
      insertApiKey(database.db, sha256('k'.repeat(43)), { institution, kind }, new Date());
    await write('akita', 'bank');
    await write('akita', 'bank');
    await expect(write('akita', 'staff')).rejects.toThrow('the staff key of akita is the bank key of akita');
    await expect(write('ehime', 'bank')).rejects.toThrow('the bank key of ehime is the bank key of akita');
  });
});

describe('who acts, and why', () => {
  test('is in the audit, of what was refused as well', async () => {
    const { userId } = await service.active();
    const by = { actor: 'yakuseki.02', reason: ' 紛失のお届け（来店） ', approval: 'P-20261122-0007' };
    await acts().request('suspend', { userId }, by);
    await acts().request('unlock', { userId }, { ...by, approval: undefined });
    const line = { actor: 'yakuseki.02', reason: '紛失のお届け（来店）' };
    expect(await audited(userId)).toEqual([
      { event: 'suspend', outcome: 'done', ...line, approval: 'P-20261122-0007' },
      { event: 'unlock', outcome: 'stopped', ...line, approval: null },
    ]);
  });

  test.each([
    ['no actor', { actor: undefined }, 'actor'],
    ['an actor with a space', { actor: 'staff 01' }, 'actor'],
    ['an actor too long', { actor: 'a'.repeat(65) }, 'actor'],
    ['no reason', { reason: undefined }, 'reason'],
    ['a reason of spaces', { reason: '　 ' }, 'reason'],
    ['a reason too long', { reason: 'あ'.repeat(201) }, 'reason'],
    ['a reason of two lines', { reason: '紛失\n届出' }, 'reason'],
    ['a reason that turns around', { reason: '紛失\u202e' }, 'reason'],
    ['a lone surrogate', { reason: '\ud800' }, 'reason'],
    ['an approval with markup', { approval: '<b>' }, 'approval'],
    ['something else', { code: '12345678' }, ''],
  ])('%s is refused, and nothing is done', async (_what, more, field) => {
    const { userId } = await service.issue();
    const response = await acts().request('void', { userId }, more);
    const problem = (await response.json()) as { fields?: string[] };
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.fields).toEqual(field === '' ? undefined : [field]);
    expect((await acts().show({ userId })).status).toBe('issued');
  });

  test('is not in the log', async () => {
    const { userId } = await service.active();
    await acts().request('suspend', { userId }, { actor: 'staff-nobody', reason: '秘密' });
    const log = service.log.join('\n');
    expect(log).toContain('"path":"/v1/staff/tokens/:userId/suspend"');
    for (const word of ['staff-nobody', '秘密', userId, service.staffKey]) expect(log).not.toContain(word);
  });
});

test('L1: a flood with one kind of key does not keep the other kind out', async () => {
  const few = { atOnce: 3, everyMs: 60_000 };
  const rates = { ...RATES, institution: { ...few, atOnce: 10 }, staff: few };
  const limited = await createTestService(database, { rates, folder: service.folder });
  const { userId } = await service.active();
  const statuses = async (ask: () => Promise<Response>, count: number) => {
    const answers = [];
    for (let sent = 0; sent < count; sent += 1) answers.push((await ask()).status);
    return answers;
  };
  expect(await statuses(() => limited.staff('GET', `/v1/staff/tokens/${userId}`), 4)).toEqual([
    200, 200, 200, 429,
  ]);
  expect(await statuses(() => limited.bank('GET', `/v1/tokens/${userId}`), 11)).toEqual([
    ...Array(10).fill(200),
    429,
  ]);
});
