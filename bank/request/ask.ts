import { familyOf } from '../../core/family/families.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import { nextAttempt, noteAsked, type RequestRow, readRequest } from '../store/requests.ts';
import type { ServiceAnswer } from '../token/client.ts';
import { doOnce, type Outcome } from '../web/submission.ts';
import { tellCancelled } from './cancel.ts';
import type { RequestKind } from './kind.ts';

/** Wait before the next question, if the token service names none. */
const RETRY_AFTER_S = 60;

const tooOften = ({ words }: RequestKind, seconds: number) =>
  `短い時間に続けて取引認証が申し込まれたため、ただいま受け付けられません。${Math.max(1, Math.ceil(seconds / 60))}分ほど経ってから、もう一度「${words.button}」ボタンを押して下さい。`;

const tokenNotReady = (institution: Institution) =>
  `トークンがご利用いただけない状態のため、取引認証ができません。「${familyOf(institution).words.otpMenu}」の画面で登録状況をご確認ください。`;

/**
 * Asks the customer's token to confirm what was entered. Each request asks one question, however often this is called, at
 * once or after a lost answer.
 */
export function askToConfirm(
  dependencies: BankDependencies,
  institution: Institution,
  kind: RequestKind,
  row: RequestRow,
  userId: string,
): Promise<Outcome> {
  return doOnce(dependencies, JSON.stringify(['confirm', row.id, row.attempt]), () =>
    ask(dependencies, institution, kind, row, userId),
  );
}

async function ask(
  dependencies: BankDependencies,
  institution: Institution,
  kind: RequestKind,
  row: RequestRow,
  userId: string,
): Promise<Outcome> {
  const { db, keys, serviceFor } = dependencies;
  const key = hmac(keys.forms, JSON.stringify(['confirm', row.id]));
  const transaction = await kind.transactionOf(db, row.id);
  const asked = await serviceFor(institution).confirm(userId, transaction, key);
  if (asked.kind !== 'ok') return notAsked(dependencies, institution, kind, row, asked);
  if (!(await noteAsked(db, kind.table, row.id, userId, asked.value))) {
    // The request was cancelled while the question was on its way.
    const called = { ...row, user_id: userId, confirmation_id: asked.value.id };
    const { state: now } = await readRequest(db, kind.table, row.id);
    if (now === 'cancelled') await tellCancelled(dependencies, institution, kind.table, called);
  }
  return { kind: 'done', to: kind.pathOf(row.id) };
}

/** No question was asked. If the request is not possible at present, the next form is another attempt. */
async function notAsked(
  { db, logger }: BankDependencies,
  institution: Institution,
  kind: RequestKind,
  row: RequestRow,
  answer: Exclude<ServiceAnswer<unknown>, { kind: 'ok' }>,
): Promise<Outcome> {
  if (answer.kind === 'unreachable') return { kind: 'unavailable' };
  logger.warn(
    { request: row.id, code: answer.code, fields: answer.fields },
    'token service refused to ask for the confirmation',
  );
  const notice = noticeOf(institution, kind, answer);
  if (notice === undefined) return { kind: 'unavailable' };
  await nextAttempt(db, kind.table, row.id, row.attempt);
  return { kind: 'blocked', notice };
}

function noticeOf(
  institution: Institution,
  kind: RequestKind,
  { code, retryAfterS = RETRY_AFTER_S }: Extract<ServiceAnswer<unknown>, { kind: 'problem' }>,
): string | undefined {
  switch (code) {
    case 'rate_limited':
      return tooOften(kind, retryAfterS);
    case 'state_conflict':
      return tokenNotReady(institution);
    case 'invalid_request':
      return kind.words.refused;
    default:
      return undefined;
  }
}
