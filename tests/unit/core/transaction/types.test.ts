import { h } from 'preact';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { canDecide, initialConfirm, reduceConfirm } from '../../../../components/confirm/confirm-state.ts';
import { labelsOf } from '../../../../components/confirm/confirm-words.ts';
import { Question } from '../../../../components/confirm/question.tsx';
import type { Texts } from '../../../../components/text.ts';
import { detailsShape } from '../../../../core/messages/details.ts';
import type { PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { canonicalText, type Details } from '../../../../core/transaction/details.ts';
import { compareShown, readShown } from '../../../../core/transaction/shown.ts';
import type { Transaction } from '../../../../core/transaction/types.ts';
import { readDetails } from '../../../../platform/service/details.ts';
import type { OpenDatabase } from '../../../../server/store/database.ts';
import { openServiceMemory } from '../../../service/memory.ts';
import { confirmations, TRANSFER } from '../../../service/test-confirmation.ts';
import { type Customer, createTestService, type TestService } from '../../../service/test-service.ts';
import { draw, itemsIn } from '../../components/draw.ts';
import { text } from '../../components/texts.ts';

/*
 * A field that is added to a table, and nowhere else, and a type that is added to the tables: both before any part of the
 * product is loaded, as if they stood in the file.
 */
await vi.hoisted(async () => {
  const { TRANSACTIONS } = await import('../../../../core/transaction/types.ts');
  const { transfer } = TRANSACTIONS;
  const memo = { kind: 'name', most: 20, label: 'memo', onPage: { label: /^振込メモ$/ } };
  Object.assign(transfer.fields, { memo });
  const donation = { ...transfer, heading: 'donation', fields: { ...transfer.fields } };
  Object.assign(TRANSACTIONS, { donation });
});

const texts: Texts = (key, ...substitutions) =>
  ({ memo: 'メモ', donation: '寄付の確認' })[key as string] ?? text(key, ...substitutions);

/** A transaction with the memo, which no type made at compile time knows. */
const withMemo = (memo: string, more: object = {}): Transaction =>
  Object.assign({}, TRANSFER, { memo }, more);
const PAYMENT = withMemo('ゲンジツ');

let database: OpenDatabase;
let service: TestService;
let customer: Customer;

beforeAll(async () => {
  database = await openServiceMemory();
  service = await createTestService(database, { confirmation: 'code' });
}, 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  customer = await service.active();
});

const bank = () => confirmations(service);

/** What the customer's token makes of the one thing it is asked. */
async function asked(): Promise<{ canonical: string; details: Details }> {
  const [one] = await bank().shown(customer);
  const canonical = one?.details ?? '';
  const read = readDetails(canonical, { id: customer.tokenId, institution: 'senpoku' });
  if (read.kind !== 'details') throw new Error(`it is ${read.kind}`);
  return { canonical, details: read.details };
}

const pending = (details: Details, changes: Partial<PendingConfirmation> = {}): PendingConfirmation => ({
  tokenId: details.token,
  details,
  canonical: canonicalText(details),
  mode: 'code',
  status: 'waiting',
  useBy: undefined,
  onPage: undefined,
  ...changes,
});

/** The question on the token's screen. */
function question(confirmation: PendingConfirmation) {
  const at = Date.parse(confirmation.details.requestedAt);
  const state = reduceConfirm(initialConfirm(at), {
    kind: 'listed',
    confirmations: [confirmation],
    failed: [],
    at,
  });
  const { shown } = state;
  if (shown === undefined) throw new Error('one alone is shown');
  const model = { state: { peek: () => state } } as Parameters<typeof Question>[0]['model'];
  const drawn = draw(h(Question, { model, state, shown, name: undefined, face: undefined }), texts);
  return { drawn, state, shown };
}

describe('a field that is added to a table', () => {
  test('is wanted of the bank, in its form', async () => {
    const refused = async (transaction: object) => {
      const answer = await service.bank('POST', bank().path(customer), { transaction });
      return { status: answer.status, ...((await answer.json()) as { fields: string[] }) };
    };
    expect(await refused(TRANSFER)).toMatchObject({ status: 400, fields: ['transaction.memo'] });
    expect(await refused(withMemo('ゲン\u202eジツ'))).toMatchObject({
      status: 400,
      fields: ['transaction.memo'],
    });
    expect(await refused(withMemo('ア'.repeat(21)))).toMatchObject({ fields: ['transaction.memo'] });
  });

  test('is signed, in the one form of a name', async () => {
    await bank().ask(customer, withMemo('ｹﾞﾝｼﾞﾂ'));
    const { canonical, details } = await asked();
    expect(JSON.parse(canonical).transaction).toEqual(PAYMENT);
    expect(details.transaction).toEqual(PAYMENT);
  });

  test('is shown, under its label and where its table has it', async () => {
    await bank().ask(customer, PAYMENT);
    const { details } = await asked();
    const { drawn } = question(pending(details));
    expect(itemsIn(drawn).map(([label]) => label)).toEqual([
      'お振込金額',
      'お振込先人名',
      'お振込先',
      'メモ',
      'お振込申請日時',
    ]);
    expect(itemsIn(drawn)).toContainEqual(['メモ', 'ゲンジツ']);
  });

  test('is wanted wherever details are read: by the token, and again where they are drawn', async () => {
    await bank().ask(customer, PAYMENT);
    const { details } = await asked();
    const token = { id: customer.tokenId, institution: 'senpoku' };
    for (const transaction of [TRANSFER, withMemo('ｹﾞﾝｼﾞﾂ'), withMemo(''), withMemo('ゲン\u200bジツ')]) {
      expect(readDetails(canonicalText({ ...details, transaction }), token).kind).toBe('untrusted');
    }
    expect(detailsShape(details)).toBe(true);
    expect(detailsShape({ ...details, transaction: TRANSFER })).toBe(false);
  });

  test('is compared with the bank’s page, and what differs there is called out and not confirmed', async () => {
    await bank().ask(customer, PAYMENT);
    const { details } = await asked();
    const compared = (page: string) => compareShown(details.transaction, [readShown(page)]);
    expect(compared('振込メモ\tゲンジツ')).toEqual({ amount: 'unread', payee: 'unread', memo: 'same' });
    expect(compared('振込メモ\t***').memo).toBe('unread');
    const onPage = compared('振込メモ\tベツノモノ');
    expect(onPage.memo).toBe('different');
    const { drawn, state, shown } = question(pending(details, { onPage }));
    expect(drawn.querySelector('.differing')?.textContent).toBe('メモ');
    expect(canDecide(state, shown, 'confirmed')).toBe(false);
    expect(labelsOf(texts, details, shown.differs)).toEqual(['メモ']);
  });

  test('voids the code and the confirmation where it is another than was confirmed', async () => {
    const { ask, decide, verify, codeFor } = bank();
    const confirmation = await ask(customer, PAYMENT);
    await decide(customer, confirmation, 'confirmed');
    const { canonical, details } = await asked();
    const code = await codeFor(customer, canonical);
    const other = withMemo('ベツノモノ');
    const ofOther = await codeFor(customer, canonicalText({ ...details, transaction: other }));
    expect(ofOther).not.toBe(code);
    const use = async (transaction: Transaction, presented: string) =>
      (await verify(customer, confirmation, { transaction, code: presented })).accepted;
    expect(await use(other, code)).toBe(false);
    expect(await use(other, ofOther)).toBe(false);
    expect(await use(PAYMENT, ofOther)).toBe(false);
    expect(await use(PAYMENT, code)).toBe(true);
  });
});

describe('a type that is added to the tables', () => {
  const DONATION = withMemo('ゲンジツ', { type: 'donation' });

  test('is asked, signed with its name, and shown under its heading', async () => {
    await bank().ask(customer, DONATION);
    const { canonical, details } = await asked();
    expect(JSON.parse(canonical).transaction).toEqual(DONATION);
    const { drawn } = question(pending(details));
    expect(drawn.querySelector('h1')?.textContent).toBe('寄付の確認');
    expect(detailsShape(details)).toBe(true);
  });

  test('gives nothing to one of the same fields: no code, no approval', async () => {
    const { ask, decide, verify, codeFor } = bank();
    const confirmation = await ask(customer, PAYMENT);
    await decide(customer, confirmation, 'confirmed');
    const { canonical, details } = await asked();
    const code = await codeFor(customer, canonical);
    const ofDonation = await codeFor(customer, canonicalText({ ...details, transaction: DONATION }));
    expect(ofDonation).not.toBe(code);
    const use = async (transaction: Transaction, presented: string) =>
      (await verify(customer, confirmation, { transaction, code: presented })).accepted;
    expect(await use(DONATION, code)).toBe(false);
    expect(await use(DONATION, ofDonation)).toBe(false);
    expect(await use(PAYMENT, ofDonation)).toBe(false);
    expect(await use(PAYMENT, code)).toBe(true);
  });
});

test('a type that is in no table is refused by the service and not shown by a token', async () => {
  const transaction = { ...PAYMENT, type: 'another' };
  const answer = await service.bank('POST', bank().path(customer), { transaction });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'invalid_request', fields: ['transaction.type'] });
  await bank().ask(customer, PAYMENT);
  const { details } = await asked();
  const text = canonicalText({ ...details, transaction });
  const token = { id: customer.tokenId, institution: 'senpoku' };
  expect(readDetails(text, token)).toEqual({ kind: 'unsupported' });
  expect(readDetails(text, { ...token, id: 'another' })).toEqual({ kind: 'untrusted' });
  for (const type of ['toString', '__proto__', 'constructor']) {
    const inherited = canonicalText({ ...details, transaction: { ...PAYMENT, type } });
    expect(readDetails(inherited, token)).toEqual({ kind: 'unsupported' });
  }
});
