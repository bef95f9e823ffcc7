import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { policySchema } from '../../../core/institution/policy.ts';
import type { Transaction } from '../../../core/transaction/types.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { staffActs } from '../../service/staff-acts.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { type Fresh, PHONE, replacements } from '../../service/test-replacement.ts';
import {
  type Customer,
  createTestService,
  defaultInstitutions,
  ORIGIN,
  type TestService,
  wrongCode,
} from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';
import { EMAIL_CHANGE, LIMIT_CHANGE, TRANSFER } from '../core/transaction/example.ts';

/** W2: a token on a new device takes the place of one in use, with that one's confirmation and no other way. */

let database: OpenDatabase;
let service: TestService;
let byCode: TestService;

beforeAll(async () => {
  database = await openServiceMemory();
  const institutions = defaultInstitutions('approve').map((one) => ({
    ...one,
    policy: policySchema.parse({ replaceWithinHours: 2 }),
  }));
  service = await createTestService(database, { institutions });
  byCode = await createTestService(database, { confirmation: 'code', folder: service.folder });
});
afterAll(() => database.close());

const problem = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { code: string }).code,
});
const UNCONFIRMED = { status: 409, code: 'replacement_unconfirmed' };
const CONFLICT = { status: 409, code: 'state_conflict' };

/** A customer with a token in use, and one on a new device that waits. */
async function twoTokens(): Promise<{ old: Customer; fresh: Fresh }> {
  const old = await service.active();
  return { old, fresh: await replacements(service).fresh(old) };
}

const statusOf = async (token: { userId: string }) => (await replacements(service).show(token)).status;

/** What a token is told of itself. */
async function toldTo({ token }: Customer) {
  const url = `${ORIGIN}/v1/token`;
  const proof = await token.proof({ method: 'GET', url, timeMs: service.clock.now() });
  const answer = await service.app.request(url, { headers: { DPoP: proof } });
  return decodeJwt(((await answer.json()) as { state: string }).state);
}

describe('with the old token’s confirmation', () => {
  test('the new one takes its place with its first code, and the old one is released with that', async () => {
    const { begin, show, setUp, approve, activate, audited } = replacements(service);
    const old = await service.active();
    const issued = await begin(old);
    expect(issued).toMatchObject({ status: 'issued', replaces: old.userId });
    expect(issued.takingOver).toEqual({ by: issued.enrolBy, confirmed: false });
    expect(await show(old)).toMatchObject({ status: 'active', replacement: issued.userId });
    const fresh = await setUp(issued);
    expect((await show(fresh)).takingOver).toMatchObject({ device: PHONE, confirmed: false });
    await approve(old, fresh);
    expect((await show(fresh)).takingOver?.confirmed).toBe(true);
    expect(await statusOf(old)).toBe('active');
    const taken = await activate(fresh, await fresh.code());
    expect(await taken.json()).toMatchObject({
      accepted: true,
      token: { status: 'active', replaces: old.userId },
    });
    const after = await show(old);
    expect(after).toMatchObject({ status: 'released', replacedBy: fresh.userId });
    expect(after.replacement).toBeUndefined();
    expect(after.releasedAt).toBe((await show(fresh)).activatedAt);
    expect((await audited(old)).slice(-4)).toEqual([
      'confirm done',
      'decide confirmed',
      'use done',
      'replace done',
    ]);
    expect(await audited(fresh)).toEqual(['issue done', 'enrol done', 'activate done']);
  });

  test('the audit of the release names the confirmation, and the old key is gone', async () => {
    const { approve, activate } = replacements(service);
    const { old, fresh } = await twoTokens();
    const { id } = await approve(old, fresh);
    await activate(fresh, await fresh.code());
    const line = await database.db
      .selectFrom('audit')
      .selectAll()
      .where('token_id', '=', old.tokenId)
      .where('event', '=', 'replace')
      .executeTakeFirstOrThrow();
    expect(line).toMatchObject({ outcome: 'done', confirmation_id: id });
    const row = await database.db
      .selectFrom('tokens')
      .selectAll()
      .where('id', '=', old.tokenId)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ secret: null, activation_password: null, replacement: null });
  });

  test('the old token is told which device took its place, and when', async () => {
    const { approve, activate, show } = replacements(service);
    const { old, fresh } = await twoTokens();
    await approve(old, fresh);
    expect(await toldTo(old)).toMatchObject({ status: 'active' });
    expect(await toldTo(old)).not.toHaveProperty('replacedBy');
    await activate(fresh, await fresh.code());
    const { activatedAt: at } = await show(fresh);
    expect(await toldTo(old)).toMatchObject({ status: 'released', replacedBy: { at, device: PHONE } });
    expect(await toldTo(fresh)).toMatchObject({ status: 'active' });
  });

  test('codes of the new one are good from then on, those of the old one nowhere', async () => {
    const { approve, activate } = replacements(service);
    const { old, fresh } = await twoTokens();
    await approve(old, fresh);
    await activate(fresh, await fresh.code());
    service.nextStep();
    expect((await service.present('verify', fresh, await fresh.code())).accepted).toBe(true);
    const answer = await service.bank('POST', `/v1/tokens/${old.userId}/verify`, { code: await old.code() });
    expect(await problem(answer)).toEqual(CONFLICT);
  });

  test('a wrong code of the new one counts, and changes nothing of the old one', async () => {
    const { approve, activate } = replacements(service);
    const { old, fresh } = await twoTokens();
    await approve(old, fresh);
    const wrong = await activate(fresh, await wrongCode(fresh));
    expect(await wrong.json()).toMatchObject({ accepted: false, token: { status: 'enrolled' } });
    expect(await statusOf(old)).toBe('active');
    expect(await (await activate(fresh, await fresh.code())).json()).toMatchObject({ accepted: true });
  });

  test('a repeat with the same key is answered again and acts once', async () => {
    const { request, approve, activate, audited, setUp } = replacements(service);
    const old = await service.active();
    const key = { 'Idempotency-Key': crypto.randomUUID() };
    const [first, second] = [await request(old, key), await request(old, key)];
    const issued = (await first.json()) as { userId: string };
    expect(await second.json()).toMatchObject({ userId: issued.userId });
    const fresh = await setUp(issued);
    await approve(old, fresh);
    const use = { 'Idempotency-Key': crypto.randomUUID() };
    const code = await fresh.code();
    for (let time = 0; time < 2; time += 1) {
      expect(await (await activate(fresh, code, use)).json()).toMatchObject({ accepted: true });
    }
    expect((await audited(old)).filter((line) => line === 'replace done')).toHaveLength(1);
    const other = await service.bank(
      'POST',
      `/v1/tokens/${fresh.userId}/activate`,
      { code: '12345678' },
      use,
    );
    expect(await problem(other)).toEqual({ status: 409, code: 'idempotency_conflict' });
  });

  test('in code mode the code made for the new device is needed as well', async () => {
    const { fresh: make, activate } = replacements(byCode);
    const { ask, decide, verify } = confirmations(byCode);
    const old = await byCode.active();
    const fresh = await make(old);
    const asked = await ask(old, fresh.transaction);
    await decide(old, asked, 'confirmed');
    expect(await problem(await activate(fresh, await fresh.code()))).toEqual(UNCONFIRMED);
    const { transaction } = fresh;
    const login = await verify(old, asked, { transaction, code: await old.code() });
    expect(login.accepted).toBe(false);
    expect(await problem(await activate(fresh, await fresh.code()))).toEqual(UNCONFIRMED);
    const code = await replacements(byCode).codeOf(old, asked);
    expect((await verify(old, asked, { transaction, code })).accepted).toBe(true);
    expect(await (await activate(fresh, await fresh.code())).json()).toMatchObject({ accepted: true });
  });
});

describe('without it', () => {
  test('W2: neither a login code of the old token nor one of the new one replaces', async () => {
    const { activate } = replacements(service);
    const { old, fresh } = await twoTokens();
    expect((await service.present('verify', old, await old.code())).accepted).toBe(true);
    expect(await problem(await activate(fresh, await fresh.code()))).toEqual(UNCONFIRMED);
    expect(await problem(await activate(fresh, await old.code()))).toEqual(UNCONFIRMED);
    expect(await statusOf(old)).toBe('active');
    expect(await statusOf(fresh)).toBe('enrolled');
  });

  test('asked and not decided, or confirmed and not used, is not enough', async () => {
    const { activate } = replacements(service);
    const { ask, decide } = confirmations(service);
    const { old, fresh } = await twoTokens();
    const asked = await ask(old, fresh.transaction);
    expect(await problem(await activate(fresh, await fresh.code()))).toEqual(UNCONFIRMED);
    await decide(old, asked, 'confirmed');
    expect(await problem(await activate(fresh, await fresh.code()))).toEqual(UNCONFIRMED);
  });

  test.each<Transaction>([TRANSFER, LIMIT_CHANGE, EMAIL_CHANGE])(
    'a confirmed and used $type is worth nothing',
    async (transaction) => {
      const { activate } = replacements(service);
      const { ask, decide, verify } = confirmations(service);
      const { old, fresh } = await twoTokens();
      const asked = await ask(old, transaction);
      await decide(old, asked, 'confirmed');
      expect((await verify(old, asked, { transaction: fresh.transaction })).accepted).toBe(false);
      expect((await verify(old, asked, { transaction })).accepted).toBe(true);
      expect(await problem(await activate(fresh, await fresh.code()))).toEqual(UNCONFIRMED);
    },
  );

  test('the new device is asked about as it described itself, and as nothing else', async () => {
    const { path, shown, ask } = confirmations(service);
    const { old, fresh } = await twoTokens();
    const { transaction } = fresh;
    for (const other of [
      { ...transaction, device: 'Safari (iPhone)' },
      { ...transaction, form: 'extension' },
      { ...transaction, serial: '123456789' },
      { ...transaction, setUpAt: '2026-01-01T00:00:00.000Z' },
    ]) {
      const answer = await service.bank('POST', path(old), { transaction: other });
      expect(await problem(answer)).toEqual({ status: 400, code: 'invalid_request' });
    }
    expect(await shown(old)).toEqual([]);
    await ask(old, transaction);
    const [one] = await shown(old);
    expect(JSON.parse(one?.details ?? '').transaction).toEqual(transaction);
  });

  test('nothing is asked where no new device waits', async () => {
    const { path } = confirmations(service);
    const { fresh } = await twoTokens();
    const another = await service.active();
    const answer = await service.bank('POST', path(another), { transaction: fresh.transaction });
    expect(await problem(answer)).toEqual(CONFLICT);
    const { begin } = replacements(service);
    await begin(another);
    const early = await service.bank('POST', path(another), { transaction: fresh.transaction });
    expect(await problem(early)).toEqual(CONFLICT);
  });

  test.each(['issued', 'enrolled', 'locked', 'suspended from active', 'released', 'void'] as const)(
    'begins for no token that is %s',
    async (state) => {
      const token = await staffActs(service).make[state]();
      expect(await problem(await replacements(service).request(token))).toEqual(CONFLICT);
    },
  );

  test('begins for no token of another institution', async () => {
    const old = await service.active();
    const other = await service.keyOf('bank', 'akita');
    const response = await replacements(service).request(old, { Authorization: `Bearer ${other}` });
    expect(await problem(response)).toEqual({ status: 404, code: 'token_unknown' });
  });
});

describe('it ends', () => {
  const decided = (decision: 'rejected' | 'not-me') => async (old: Customer, asked: Transaction) => {
    const { ask, decide } = confirmations(service);
    await decide(old, await ask(old, asked), decision);
  };

  test.each([
    ['rejects it', decided('rejected')],
    ['knows nothing of it', decided('not-me')],
  ])('when the old token’s holder %s', async (_how, decide) => {
    const { activate } = replacements(service);
    const { old, fresh } = await twoTokens();
    await decide(old, fresh.transaction);
    expect(await statusOf(fresh)).toBe('void');
    expect(await problem(await activate(fresh, await fresh.code()))).toEqual(CONFLICT);
  });

  /** How it ends before it is confirmed, and after. */
  const ENDS: readonly (readonly [string, (old: Customer, fresh: { userId: string }) => Promise<unknown>])[] =
    [
      ['when the old token’s holder knows nothing of a transfer', (old) => decided('not-me')(old, TRANSFER)],
      ['when the old token is suspended', (old) => staffActs(service).done('suspend', old)],
      ['when the old token is released by staff', (old) => staffActs(service).done('release', old)],
      ['when the old token is replaced by staff', (old) => staffActs(service).done('replace', old)],
      [
        'when the old token is released by its code',
        async (old) => service.present('release', old, await old.code()),
      ],
      [
        'when the old token is locked by wrong codes',
        async (old) => {
          const wrong = await wrongCode(old);
          for (let time = 0; time < 10; time += 1) await service.present('verify', old, wrong);
        },
      ],
      ['when another begins', (old) => replacements(service).begin(old)],
      [
        'when the bank breaks it off',
        (_old, { userId }) => service.bank('POST', `/v1/tokens/${userId}/void`),
      ],
      ['when its time is over', async () => service.nextStep(2 * 60 + 1)],
    ];

  test.each(ENDS)('%s: the new token is void, and its code puts it nowhere', async (_when, end) => {
    const { approve, activate, show } = replacements(service);
    const { old, fresh } = await twoTokens();
    await approve(old, fresh);
    await end(old, fresh);
    expect(await statusOf(fresh)).toBe('void');
    expect(await toldTo(fresh)).toMatchObject({ status: 'void' });
    expect(await problem(await activate(fresh, await fresh.code()))).toEqual(CONFLICT);
    expect((await show(old)).replacedBy).toBeUndefined();
  });

  test.each(ENDS)('%s, before 初期設定: nobody can set it up', async (_when, end) => {
    const old = await service.active();
    const issued = await replacements(service).begin(old);
    await end(old, issued);
    const values = { userId: issued.userId, activationPassword: '97531' };
    const late = await service.enrolRequest(await createTestToken(), values);
    expect(await problem(late)).toEqual({ status: 403, code: 'enrolment_refused' });
  });

  test('for good: what is resumed or unlocked is not waited for again', async () => {
    const { approve, activate, begin } = replacements(service);
    const { old, fresh } = await twoTokens();
    await approve(old, fresh);
    const { done } = staffActs(service);
    await done('suspend', old);
    await done('resume', old);
    expect(await statusOf(old)).toBe('active');
    expect(await statusOf(fresh)).toBe('void');
    expect(await problem(await activate(fresh, await fresh.code()))).toEqual(CONFLICT);
    expect((await begin(old)).status).toBe('issued');
  });

  test('with a second one, whose question replaces that of the first', async () => {
    const { begin, setUp, approve, activate } = replacements(service);
    const { ask, shown } = confirmations(service);
    const { old, fresh } = await twoTokens();
    const transfer = await ask(old);
    await ask(old, fresh.transaction);
    const second = await setUp(await begin(old));
    // A transfer that waits goes on; the question about the first device does not.
    expect((await shown(old)).map(({ details }) => JSON.parse(details).confirmation)).toEqual([transfer.id]);
    await approve(old, second);
    expect(await (await activate(second, await second.code())).json()).toMatchObject({ accepted: true });
    expect(await statusOf(old)).toBe('released');
  });

  test('the confirmation of one device is worth nothing for the next', async () => {
    const { begin, setUp, approve, activate } = replacements(service);
    const { old, fresh } = await twoTokens();
    await approve(old, fresh);
    const second = await setUp(await begin(old));
    expect(await problem(await activate(second, await second.code()))).toEqual(UNCONFIRMED);
  });
});

describe('the device', () => {
  test('that says nothing of itself is shown as such', async () => {
    const { begin, show, setUp } = replacements(service);
    const issued = await begin(await service.active());
    await setUp(issued, null);
    expect((await show(issued)).takingOver?.device).toEqual({ form: 'other', name: '不明' });
  });

  test.each(['\u202eChrome', 'Chrome\n(Android)', '<b>Chrome</b>', 'x'.repeat(31), ' '])(
    '%j is no name',
    async (name) => {
      const issued = await replacements(service).begin(await service.active());
      const values = { userId: issued.userId, activationPassword: '97531', device: { ...PHONE, name } };
      const answer = await service.enrolRequest(await createTestToken(), values);
      expect(await answer.json()).toMatchObject({ code: 'invalid_request', fields: ['device.name'] });
    },
  );
});
