import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PROOF_LIFETIME_S } from '../../../core/api/token.ts';
import { policyOf } from '../../../core/institution/policy.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { sweep } from '../../../server/store/sweep.ts';
import { SENPOKU } from '../../institutions.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { approvals, newId, type Question } from '../../service/test-approval.ts';
import { confirmations } from '../../service/test-confirmation.ts';
import { type Desktop, pairings } from '../../service/test-pairing.ts';
import { replacements } from '../../service/test-replacement.ts';
import { type Customer, createTestService, type TestService } from '../../service/test-service.ts';
import { createTestToken } from '../../service/test-token.ts';

/** 承認 of codes: a desktop asks, the phone decides, the service relays. */

const { approvalSeconds, approvalsAtOnce, approvalEverySeconds } = policyOf(SENPOKU);
const ACT = { actor: 'staff01', reason: '試験' };

let database: OpenDatabase;
let service: TestService;
let pairing: ReturnType<typeof pairings>;
let approval: ReturnType<typeof approvals>;
let phone: Customer;
let desktop: Desktop;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database);
  pairing = pairings(service);
  approval = approvals(service);
});
afterAll(() => database.close());

beforeEach(async () => {
  phone = await service.active();
  desktop = await pairing.pair(phone);
});

const byStaff = (act: string) => service.staff('POST', `/v1/staff/tokens/${phone.userId}/${act}`, ACT);

/** By how much the clock is ahead, in milliseconds. */
const moved = () => service.clock.now() - Date.now();

const audited = () =>
  service.db
    .selectFrom('audit')
    .select(['event', 'outcome', 'device_id'])
    .where('token_id', '=', phone.tokenId)
    .where('event', 'in', ['ask-code', 'decide-code', 'decide', 'suspend'])
    .orderBy('id')
    .execute();

describe('a question', () => {
  test('is shown on the phone as the desktop signed it, and its code reaches the desktop and nobody else', async () => {
    const question = await approval.ask(desktop, phone);
    const { said: list } = await approval.list(phone);
    expect(list?.approvals).toMatchObject([{ request: question.request, jkt: desktop.token.jkt }]);
    expect((await approval.look(question)).said).toMatchObject({ status: 'waiting' });

    const waiting = approval.look(question, '?wait=20');
    expect((await approval.decide(phone, question, 'approved', { code: '24681357' })).said?.status).toBe(
      'approved',
    );
    const { said } = await waiting;
    expect(said?.status).toBe('approved');
    const decision = decodeJwt<{ code: string }>(said?.decision ?? '');
    expect(await desktop.token.openCode(decision.code)).toBe('24681357');
    const row = await service.db.selectFrom('approvals').selectAll().where('id', '=', question.id).execute();
    expect(JSON.stringify(row)).not.toContain('24681357');
    expect((await approval.list(phone)).said?.approvals).toEqual([]);
    expect(await audited()).toMatchObject([
      { event: 'ask-code', outcome: 'done', device_id: desktop.pairing },
      { event: 'decide-code', outcome: 'confirmed' },
    ]);
  });

  test('is answered again where its answer was lost, and asks nothing anew', async () => {
    const question = await approval.ask(desktop, phone);
    expect(await approval.send(question)).toMatchObject({ status: 201 });
    expect((await approval.list(phone)).said?.approvals).toHaveLength(1);
    const other = await approval.sign(desktop, phone, { approval: question.id, number: '43' });
    expect(await approval.send(other)).toMatchObject({ status: 409, code: 'state_conflict' });
    const before = moved();
    service.clock.move(before + (PROOF_LIFETIME_S + 1) * 1000);
    expect(await approval.send(question)).toMatchObject({ status: 201 });
    service.clock.move(before);
  });

  test('takes the place of the one before it', async () => {
    const first = await approval.ask(desktop, phone);
    const second = await approval.ask(desktop, phone);
    expect((await approval.look(first)).said?.status).toBe('superseded');
    expect((await approval.list(phone)).said?.approvals).toMatchObject([{ request: second.request }]);
    expect(await approval.decide(phone, first, 'approved')).toMatchObject({ status: 409 });
  });

  test('ends with its time', async () => {
    const question = await approval.ask(desktop, phone);
    const before = moved();
    service.clock.move(before + approvalSeconds * 1000);
    expect((await approval.look(question)).said?.status).toBe('expired');
    expect((await approval.list(phone)).said?.approvals).toEqual([]);
    expect(await approval.decide(phone, question, 'approved')).toMatchObject({ status: 409 });
    service.clock.move(before);
  });

  test('is withdrawn by its desktop', async () => {
    const question = await approval.ask(desktop, phone);
    expect((await approval.withdraw(question)).said?.status).toBe('withdrawn');
    expect(await approval.decide(phone, question, 'approved')).toMatchObject({ status: 409 });
  });

  test('that was approved before its desktop withdraws it, or asks it again, tells it the decision all the same', async () => {
    const question = await approval.ask(desktop, phone);
    const signed = await approval.signDecision(phone, question, 'approved');
    await approval.sendDecision(phone, question, signed);
    const told = { status: 'approved', decision: signed };
    expect((await approval.withdraw(question)).said).toMatchObject(told);
    expect((await approval.send(question)).said).toMatchObject(told);
  });

  test.each(['suspend', 'release'])('ends when staff %s the token', async (act) => {
    const question = await approval.ask(desktop, phone);
    const waiting = approval.look(question, '?wait=20');
    await byStaff(act);
    expect((await waiting).said?.status).toBe('withdrawn');
    expect(await approval.decide(phone, question, 'approved')).toMatchObject({ status: 409 });
    const next = await approval.sign(desktop, phone);
    expect(await approval.send(next)).toMatchObject({ status: 409, code: 'state_conflict' });
  });

  test('stays withdrawn when the token is resumed', async () => {
    const question = await approval.ask(desktop, phone);
    await byStaff('suspend');
    await byStaff('resume');
    expect((await approval.look(question)).said?.status).toBe('withdrawn');
    expect((await approval.list(phone)).said?.approvals).toEqual([]);
    expect(await approval.decide(phone, question, 'approved')).toMatchObject({ status: 409 });
  });

  test('ends when its desktop is removed', async () => {
    const question = await approval.ask(desktop, phone);
    const waiting = approval.look(question, '?wait=20');
    await pairing.remove(phone, desktop.pairing);
    expect(await waiting).toMatchObject({ status: 404, code: 'token_unknown' });
    expect(await approval.look(question)).toMatchObject({ status: 404, code: 'token_unknown' });
    expect((await approval.list(phone)).said?.approvals).toEqual([]);
    expect(await approval.decide(phone, question, 'approved')).toMatchObject({ status: 409 });
  });

  test('is forgotten with its code some minutes after its end', async () => {
    const question = await approval.ask(desktop, phone);
    await approval.decide(phone, question, 'approved');
    await sweep(service.db, new Date(service.clock.now() + 15 * 60_000));
    expect(await approval.look(question)).toMatchObject({ status: 404, code: 'not_found' });
  });

  test.each([
    ['another token', { tokenId: 'A'.repeat(22) }],
    ['another time', { iat: 1_700_000_000 }],
    ['an origin with a path', { origin: 'https://bank.example/x' }],
    ['no number', { number: undefined }],
  ])('for %s is none', async (_what, claims) => {
    expect(await approval.send(await approval.sign(desktop, phone, claims))).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
  });

  test('by another key than that of the proof is none', async () => {
    const forged = await approval.sign(desktop, phone, {}, await createTestToken());
    expect(await approval.send(forged)).toMatchObject({ status: 400 });
  });

  test('is asked by no device that decides, and decided and listed by none that fills', async () => {
    const own = await approval.sign({ token: phone.token }, phone);
    expect(await approval.send(own)).toMatchObject({ status: 403, code: 'device_not_allowed' });
    const question = await approval.ask(desktop, phone);
    expect(await approval.decide({ token: desktop.token }, question, 'approved')).toMatchObject({
      status: 403,
    });
    expect(await approval.list({ token: desktop.token })).toMatchObject({ status: 403 });
  });

  test('is seen by no other device, and by no other token', async () => {
    const question = await approval.ask(desktop, phone);
    const second = await pairing.pair(phone);
    expect(await approval.look({ ...question, desktop: second.token })).toMatchObject({ status: 404 });
    const other = await service.active();
    expect((await approval.list(other)).said?.approvals).toEqual([]);
    expect(await approval.decide(other, question, 'approved')).toMatchObject({ status: 404 });
  });
});

describe('a decision', () => {
  test.each([
    ['that is any text', () => 'x'],
    ['with a key beside the agreed one', (jwe: string) => jwe.replace('..', '.AAAA.')],
    ['without its tag', (jwe: string) => jwe.slice(0, jwe.lastIndexOf('.'))],
  ])('with a code %s is none, and the question waits', async (_what, code) => {
    const question = await approval.ask(desktop, phone);
    const good = await approval.signDecision(phone, question, 'approved');
    const claims = { code: code(decodeJwt<{ code: string }>(good).code) };
    expect(await approval.decide(phone, question, 'approved', { claims })).toMatchObject({ status: 400 });
    expect((await approval.look(question)).said?.status).toBe('waiting');
    expect((await approval.sendDecision(phone, question, good)).said?.status).toBe('approved');
  });

  test('is taken once: the same again is answered, another is refused', async () => {
    const question = await approval.ask(desktop, phone);
    const signed = await approval.signDecision(phone, question, 'approved', { code: '11111111' });
    for (let time = 0; time < 2; time += 1) {
      expect((await approval.sendDecision(phone, question, signed)).said?.status).toBe('approved');
    }
    expect(await approval.decide(phone, question, 'refused')).toMatchObject({ status: 409 });
    await approval.decide(phone, question, 'approved', { code: '22222222' });
    const { said } = await approval.look(question);
    const { code } = decodeJwt<{ code: string }>(said?.decision ?? '');
    expect(await desktop.token.openCode(code)).toBe('11111111');
  });

  test('on another question of the same desktop is none: an approval cannot be replayed', async () => {
    const first = await approval.ask(desktop, phone);
    const signed = await approval.signDecision(phone, first, 'approved');
    await approval.sendDecision(phone, first, signed);
    const second = await approval.ask(desktop, phone);
    expect(await approval.sendDecision(phone, second, signed)).toMatchObject({
      status: 400,
      code: 'invalid_request',
    });
    expect((await approval.look(second)).said).toMatchObject({ status: 'waiting' });
  });

  test.each([
    ['by another key', { forged: true }],
    ['on what the phone was not shown', { claims: { request: 'A'.repeat(43) } }],
    ['without a code', { claims: { code: undefined } }],
  ])('%s is none', async (_what, { forged = false, claims = {} }: { forged?: boolean; claims?: object }) => {
    const question = await approval.ask(desktop, phone);
    const signer = forged ? { token: await createTestToken() } : phone;
    const signed = await approval.signDecision(signer, question, 'approved', { claims });
    expect(await approval.sendDecision(phone, question, signed)).toMatchObject({ status: 400 });
    expect((await approval.look(question)).said?.status).toBe('waiting');
  });

  test('that it is not the customer suspends the token, cancels what waits, and the bank hears of it', async () => {
    const { ask, shown } = confirmations(service);
    await ask(phone);
    const question = await approval.ask(desktop, phone);
    expect((await approval.decide(phone, question, 'not-me')).said?.status).toBe('not-me');
    const token = await (await service.staff('GET', `/v1/staff/tokens/${phone.userId}`)).json();
    expect(token).toMatchObject({ status: 'suspended', suspendedFrom: 'active', suspendedBy: 'not-me' });
    expect(await shown(phone)).toEqual([]);
    const events = await service.db
      .selectFrom('events')
      .select(['channel', 'kind'])
      .where('token_id', '=', phone.tokenId)
      .where('kind', 'is', null)
      .execute();
    expect(events).toEqual([{ channel: 'bank', kind: null }]);
    expect(await audited()).toMatchObject([
      { event: 'ask-code' },
      { event: 'decide-code', outcome: 'not-me' },
      { event: 'decide', outcome: 'cancelled' },
    ]);
    expect((await approval.look(question)).said?.status).toBe('not-me');
  });
});

describe('that it is not the customer suspends the token also where the question', () => {
  test.each<[string, (question: Question) => Promise<unknown>]>([
    ['ran out of time', async () => service.clock.move(moved() + approvalSeconds * 1000)],
    ['was withdrawn', (question) => approval.withdraw(question)],
    ['was replaced by another', () => approval.ask(desktop, phone)],
    ['is of a desktop that was removed', () => pairing.remove(phone, desktop.pairing)],
  ])('%s', async (_what, end) => {
    const question = await approval.ask(desktop, phone);
    const before = moved();
    await end(question);
    expect(await approval.decide(phone, question, 'refused')).toMatchObject({ status: 409 });
    expect((await approval.decide(phone, question, 'not-me')).said?.status).toBe('not-me');
    service.clock.move(before);
    const token = await (await service.staff('GET', `/v1/staff/tokens/${phone.userId}`)).json();
    expect(token).toMatchObject({ status: 'suspended', suspendedBy: 'not-me' });
  });
});

test('that it is not the customer takes back no decision', async () => {
  const question = await approval.ask(desktop, phone);
  await approval.decide(phone, question, 'approved');
  expect(await approval.decide(phone, question, 'not-me')).toMatchObject({ status: 409 });
  expect((await approval.look(question)).said?.status).toBe('approved');
});

describe('how often a desktop may ask', () => {
  test('so often at once, then after a while; another desktop of the token goes on', async () => {
    for (let asked = 0; asked < approvalsAtOnce; asked += 1) await approval.ask(desktop, phone);
    const { status, code, retryAfter } = await approval.send(await approval.sign(desktop, phone));
    expect({ status, code }).toEqual({ status: 429, code: 'rate_limited' });
    expect(Number(retryAfter)).toBeGreaterThan(0);
    expect(Number(retryAfter)).toBeLessThanOrEqual(approvalEverySeconds);
    await approval.ask(await pairing.pair(phone), phone);
    const before = moved();
    service.clock.move(before + Number(retryAfter) * 1000);
    await approval.ask(desktop, phone);
    service.clock.move(before);
  });

  test('a question that was refused costs more', async () => {
    const question = await approval.ask(desktop, phone);
    await approval.decide(phone, question, 'refused');
    const sent: number[] = [];
    for (let asked = 1; asked < approvalsAtOnce; asked += 1) {
      sent.push((await approval.send(await approval.sign(desktop, phone))).status);
    }
    expect(sent).toContain(429);
  });
});

test('a token that is set up and not in use yet is asked as well: 利用開始 is filled too', async () => {
  const enrolled = await service.enrol();
  const filler = await pairing.pair(enrolled);
  const question = await approval.ask(filler, enrolled);
  expect((await approval.decide(enrolled, question, 'approved')).said?.status).toBe('approved');
});

test('a token that can no longer take another’s place is void: it is asked for no code, and given no device', async () => {
  const fresh = await replacements(service).fresh(phone);
  const filler = await pairing.pair(fresh);
  await approval.ask(filler, fresh);
  await byStaff('suspend');
  const over = { status: 409, code: 'state_conflict' };
  expect(await approval.send(await approval.sign(filler, fresh))).toMatchObject(over);
  expect(await pairing.claim(fresh, (await pairing.begin()).code)).toMatchObject(over);
});

test('an id that a question of another token has is refused', async () => {
  const question = await approval.ask(desktop, phone);
  const other = await service.active();
  const stranger = await pairing.pair(other);
  const same = await approval.sign(stranger, other, { approval: question.id });
  expect(await approval.send(same)).toMatchObject({ status: 409, code: 'state_conflict' });
  expect(await approval.look({ id: newId(), request: '', desktop: stranger.token })).toMatchObject({
    status: 404,
  });
});
