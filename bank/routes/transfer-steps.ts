import { confirmationPasswordError } from '../confirmation-password.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import type { BankContext } from '../render.ts';
import type { ServiceAnswer } from '../service-client.ts';
import { findCustomer } from '../store/customers.ts';
import { detailsOf, nextAttempt, noteAsked, readTransfer, type TransferRow } from '../store/transfers.ts';
import type { Outcome } from '../submission.ts';
import { currentState, noticeLock } from '../token-state.ts';
import { tellCancelled } from '../transfer/chores.ts';
import { CONFIRMATION_CODE_NOT_ACCEPTED } from '../transfer/code-input.ts';
import { carryOut, claim, executeDirectly, obstacle } from '../transfer/execute.ts';
import { limitNow } from '../transfer/limits.ts';
import { otpUse, stoppedNotice } from '../transfer/otp-use.ts';

const OBSTACLES = {
  limit:
    '本日の振込・振替限度額を超えるため、お手続きできません。「戻る」ボタンを押して金額を変更してください。',
  balance: '出金口座の残高が不足しています。「戻る」ボタンを押して金額または出金口座を変更してください。',
};

const TOO_OFTEN =
  '短い時間に続けて取引認証が申し込まれたため、ただいま受け付けられません。1分ほど経ってから、もう一度「取引認証へ進む」を押して下さい。';

const TOKEN_NOT_READY =
  'トークンがご利用いただけない状態のため、取引認証ができません。「ワンタイムパスワード申請」の画面で登録状況をご確認ください。';

const NAMES_REFUSED =
  'お振込先の名称に使用できない文字が含まれています。「戻る」ボタンを押して修正してください。';

/** 取引認証へ進む: asks the customer's token, once for each transfer. */
export async function askToConfirm(
  c: BankContext,
  dependencies: BankDependencies,
  row: TransferRow,
): Promise<Outcome> {
  const { db, clock, keys, serviceFor } = dependencies;
  const { institution } = c.get('site');
  const done: Outcome = { kind: 'done', to: `/transfer/${row.id}` };
  const customer = await findCustomer(db, row.customer_id);
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const use = otpUse(state);
  if (use === 'stopped') return blocked(dependencies, row, stoppedNotice(institution));
  if (use === 'not-in-use' || row.kind === 'own' || customer.user_id === null) return done;
  const limit = limitNow(customer, institution, true, clock());
  const found = await obstacle(db, row, limit, clock());
  if (found !== undefined) return blocked(dependencies, row, OBSTACLES[found]);
  const key = hmac(keys.forms, JSON.stringify(['confirm', row.id]));
  const asked = await serviceFor(institution).confirm(customer.user_id, detailsOf(row), key);
  if (asked.kind !== 'ok') return notAsked(dependencies, row, asked);
  if (!(await noteAsked(db, row.id, customer.user_id, asked.value))) {
    // Broken off while the question was on its way.
    const called = { ...row, user_id: customer.user_id, confirmation_id: asked.value.id };
    const { state: now } = await readTransfer(db, row.id);
    if (now === 'cancelled') await tellCancelled(dependencies, institution, called);
  }
  return done;
}

async function notAsked(
  dependencies: BankDependencies,
  row: TransferRow,
  answer: Exclude<ServiceAnswer<unknown>, { kind: 'ok' }>,
): Promise<Outcome> {
  const { logger } = dependencies;
  if (answer.kind === 'unreachable') return { kind: 'unavailable' };
  logger.warn({ transfer: row.id, code: answer.code, fields: answer.fields }, 'confirmation not asked for');
  switch (answer.code) {
    case 'rate_limited':
      return blocked(dependencies, row, TOO_OFTEN);
    case 'state_conflict':
      return blocked(dependencies, row, TOKEN_NOT_READY);
    case 'invalid_request':
      return blocked(dependencies, row, NAMES_REFUSED);
    default:
      return { kind: 'unavailable' };
  }
}

/** It cannot be done as things stand; the form shown next is another one. */
async function blocked({ db }: BankDependencies, row: TransferRow, notice: string): Promise<Outcome> {
  await nextAttempt(db, row.id, row.attempt);
  return { kind: 'blocked', notice };
}

interface Execute {
  readonly password: string;
  readonly code: string | undefined;
}

/** 確定する: the password first, a wrong one costs no code; then the stored transfer, never what a form says. */
export async function executeOnce(
  c: BankContext,
  dependencies: BankDependencies,
  id: string,
  { password, code }: Execute,
): Promise<Outcome> {
  const { db } = dependencies;
  const { institution } = c.get('site');
  const row = await readTransfer(db, id);
  const done: Outcome = { kind: 'done', to: `/transfer/${id}` };
  const customer = await findCustomer(db, row.customer_id);
  const error = await confirmationPasswordError(dependencies, customer, password);
  if (error !== undefined) {
    await nextAttempt(db, id, row.attempt);
    return { kind: 'refused', errors: [error] };
  }
  if (row.state === 'entered') return executeEntered(c, dependencies, row);
  await claim(dependencies, institution, { row, otpInUse: true, code });
  if ((await carryOut(dependencies, institution, id)) !== 'code-refused') return done;
  const state = await currentState(dependencies, institution, customer);
  if (state !== undefined && 'token' in state) {
    await noticeLock(dependencies, institution, customer, state.token);
  }
  return { kind: 'refused', errors: [CONFIRMATION_CODE_NOT_ACCEPTED] };
}

/** What needs no 取引認証, if that is still so. */
async function executeEntered(
  c: BankContext,
  dependencies: BankDependencies,
  row: TransferRow,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const customer = await findCustomer(dependencies.db, row.customer_id);
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const use = otpUse(state);
  if (use === 'stopped') return blocked(dependencies, row, stoppedNotice(institution));
  if (use === 'not-in-use' || row.kind === 'own') {
    await executeDirectly(dependencies, institution, { row, otpInUse: use === 'in-use' });
  }
  return { kind: 'done', to: `/transfer/${row.id}` };
}
