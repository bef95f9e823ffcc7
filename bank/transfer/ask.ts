import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import { detailsOf, nextAttempt, noteAsked, readTransfer, type TransferRow } from '../store/transfers.ts';
import type { ServiceAnswer } from '../token/client.ts';
import { doOnce, type Outcome } from '../web/submission.ts';
import { tellCancelled } from './chores.ts';

/** When a customer who asked too often can try again, where the token service does not say. */
const RETRY_AFTER_S = 60;

const tooOften = (seconds: number) =>
  `短い時間に続けて取引認証が申し込まれたため、ただいま受け付けられません。${Math.max(1, Math.ceil(seconds / 60))}分ほど経ってから、もう一度「確認画面」ボタンを押して下さい。`;

const TOKEN_NOT_READY =
  'トークンがご利用いただけない状態のため、取引認証ができません。「ワンタイムパスワード申請」の画面で登録状況をご確認ください。';

const NAMES_REFUSED =
  'お振込先の名称に使用できない文字が含まれています。修正して、もう一度「確認画面」ボタンを押して下さい。';

/**
 * Asks the customer's token to confirm an entered transfer: one question for each transfer, however often this is
 * called, at once or after an answer was lost.
 */
export function askToConfirm(
  dependencies: BankDependencies,
  institution: Institution,
  row: TransferRow,
  userId: string,
): Promise<Outcome> {
  return doOnce(dependencies, JSON.stringify(['confirm', row.id, row.attempt]), () =>
    ask(dependencies, institution, row, userId),
  );
}

async function ask(
  dependencies: BankDependencies,
  institution: Institution,
  row: TransferRow,
  userId: string,
): Promise<Outcome> {
  const { db, keys, serviceFor } = dependencies;
  const key = hmac(keys.forms, JSON.stringify(['confirm', row.id]));
  const asked = await serviceFor(institution).confirm(userId, detailsOf(row), key);
  if (asked.kind !== 'ok') return notAsked(dependencies, row, asked);
  if (!(await noteAsked(db, row.id, userId, asked.value))) {
    // Broken off while the question was on its way.
    const called = { ...row, user_id: userId, confirmation_id: asked.value.id };
    const { state: now } = await readTransfer(db, row.id);
    if (now === 'cancelled') await tellCancelled(dependencies, institution, called);
  }
  return { kind: 'done', to: `/transfer/${row.id}` };
}

/** Nothing was asked; where it cannot be done as things stand, the next form is another try. */
async function notAsked(
  { db, logger }: BankDependencies,
  row: TransferRow,
  answer: Exclude<ServiceAnswer<unknown>, { kind: 'ok' }>,
): Promise<Outcome> {
  if (answer.kind === 'unreachable') return { kind: 'unavailable' };
  logger.warn(
    { transfer: row.id, code: answer.code, fields: answer.fields },
    'token service refused to ask for the confirmation',
  );
  const notice = noticeOf(answer);
  if (notice === undefined) return { kind: 'unavailable' };
  await nextAttempt(db, row.id, row.attempt);
  return { kind: 'blocked', notice };
}

function noticeOf({
  code,
  retryAfterS = RETRY_AFTER_S,
}: Extract<ServiceAnswer<unknown>, { kind: 'problem' }>): string | undefined {
  switch (code) {
    case 'rate_limited':
      return tooOften(retryAfterS);
    case 'state_conflict':
      return TOKEN_NOT_READY;
    case 'invalid_request':
      return NAMES_REFUSED;
    default:
      return undefined;
  }
}
