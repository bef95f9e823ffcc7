import type { Token } from '../../../../core/api/bank.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { type Policy, policyOf } from '../../../../core/institution/policy.ts';
import { normaliseDigits } from '../../../../core/otp/code.ts';
import { tellFormerAddress } from '../../../change/email.ts';
import type { BankDependencies } from '../../../context.ts';
import {
  confirmationPasswordError,
  missingConfirmationPassword,
} from '../../../customer/confirmation-password.ts';
import { sha256 } from '../../../keys.ts';
import { writeMail } from '../../../mail/outbox.ts';
import { issueMail } from '../../../mail/texts.ts';
import { type Customer, findCustomer, linkToken, lockCustomer } from '../../../store/customers.ts';
import { addPendingVoid } from '../../../store/pending-voids.ts';
import {
  checkMailPassword,
  MAIL_PASSWORD_FIELD,
  mailPasswordMessages,
  typedMailPasswordError,
} from '../../../token/mail-password.ts';
import { voidPending } from '../../../token/pending-voids.ts';
import { refusalOf } from '../../../token/refusals.ts';
import { currentState } from '../../../token/state.ts';
import type { FieldError } from '../../../web/form.ts';
import { openSession } from '../../../web/guard.ts';
import type { BankContext } from '../../../web/render.ts';
import { changeSession } from '../../../web/session.ts';
import type { IssueDraft } from '../../../web/session-data.ts';
import { idempotencyKey, type Outcome } from '../../../web/submission.ts';

export const NO_DRAFT =
  'この申込のお手続きは、すでに完了しているか、中止されたか、別の画面で入力し直されています。登録状況をご確認のうえ、必要な場合はもう一度はじめから操作してください。';

/** The input of the confirmation page of トークン発行. */
export interface IssueConfirmation {
  readonly mailPassword: string;
  readonly confirmationPassword: string;
  /** Errors of fields that are empty or cannot be right; they do not count as tries. */
  missing(draft: IssueDraft): FieldError[];
}

export function readIssueConfirmation(form: ReadonlyMap<string, string>): IssueConfirmation {
  const mailPassword = normaliseDigits(form.get(MAIL_PASSWORD_FIELD) ?? '');
  const confirmationPassword = form.get('confirmation_password') ?? '';
  return {
    mailPassword,
    confirmationPassword,
    missing: (draft) =>
      [
        draft.mailPassword && typedMailPasswordError(mailPassword),
        missingConfirmationPassword(confirmationPassword),
      ].filter((error) => error !== undefined),
  };
}

interface Confirming {
  readonly submission: string;
  readonly draft: IssueDraft;
  readonly confirmation: IssueConfirmation;
}

/** 確定する: checks both passwords, issues the token, voids the one it replaces, then saves everything in one transaction. */
export async function confirmIssue(
  c: BankContext,
  dependencies: BankDependencies,
  { submission, draft, confirmation }: Confirming,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const sessionId = c.get('visitor').id;
  const customer = await customerOf(c, dependencies);
  const errors = [
    await mailPasswordError(dependencies, policyOf(institution), sessionId, {
      sent: draft,
      typed: confirmation.mailPassword,
    }),
    await confirmationPasswordError(dependencies, institution, customer, confirmation.confirmationPassword),
  ].filter((error) => error !== undefined);
  if (errors.length > 0) return { kind: 'refused', errors };
  const state = await issuable(dependencies, institution, customer);
  if ('outcome' in state) return state.outcome;
  const key = idempotencyKey(dependencies, submission, 'issue');
  const issued = await dependencies.serviceFor(institution).issue(draft.activationPassword, key);
  if (issued.kind !== 'ok') return { kind: 'unavailable' };
  const newest = { submission, draft, token: issued.value, customer, replaced: state.unused };
  const { userId } = issued.value;
  // Another tab may have issued by this draft: then the customer's token is that one, and stays.
  if (await isCurrent(dependencies, sessionId, draft)) {
    const obstacle = await voidReplaced(c, dependencies, newest);
    if (obstacle !== undefined) return obstacle;
    if (await record(c, dependencies, newest)) return ISSUED;
  }
  // The same form that was sent twice got the same token twice.
  if ((await customerOf(c, dependencies)).user_id === userId) return ISSUED;
  await giveUp(dependencies, institution, userId);
  return { kind: 'blocked', notice: NO_DRAFT };
}

const ISSUED: Outcome = { kind: 'done', to: '/otp/issue/complete' };

/** Whether a token can be issued now. `unused` is an earlier one that was never in use. */
async function issuable(
  dependencies: BankDependencies,
  institution: Institution,
  customer: Customer,
): Promise<{ readonly outcome: Outcome } | { readonly unused: string | undefined }> {
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { outcome: { kind: 'unavailable' } };
  const refusal = refusalOf('issue', state, institution, dependencies.clock());
  if (refusal !== undefined) return { outcome: { kind: 'blocked', notice: refusal } };
  return { unused: state.kind === 'issued' || state.kind === 'enrolled' ? state.token.userId : undefined };
}

/** Whether a session still has a draft. */
const isCurrent = (dependencies: BankDependencies, sessionId: string, draft: IssueDraft) =>
  changeSession(dependencies, sessionId, async (data) => ({
    data,
    result: data.issueDraft?.id === draft.id,
  }));

/**
 * Voids the earlier token before the new one takes its place: where 利用開始 in another tab came first, the service refuses,
 * and the earlier one stays the customer's. If the bank dies after this, the same form issues the token.
 * @returns why the new token cannot take its place
 */
async function voidReplaced(
  c: BankContext,
  dependencies: BankDependencies,
  { submission, customer, token, replaced }: Issued,
): Promise<Outcome | undefined> {
  if (replaced === undefined) return undefined;
  const { institution } = c.get('site');
  const key = idempotencyKey(dependencies, submission, 'void');
  const said = await dependencies.serviceFor(institution).voidIssue(replaced, key);
  if (said.kind === 'ok') return undefined;
  if (said.kind !== 'problem' || said.code !== 'state_conflict') return { kind: 'unavailable' };
  const now = await issuable(dependencies, institution, customer);
  if (!('outcome' in now)) return undefined;
  if (now.outcome.kind === 'blocked') await giveUp(dependencies, institution, token.userId);
  return now.outcome;
}

/** Counts in the transaction that locks the session, so that simultaneous guesses are all counted. */
async function mailPasswordError(
  dependencies: BankDependencies,
  policy: Policy,
  sessionId: string,
  { sent, typed }: { readonly sent: IssueDraft; readonly typed: string },
): Promise<FieldError | undefined> {
  if (sent.mailPassword === undefined) return undefined;
  const check = await changeSession(dependencies, sessionId, async (data) => {
    const draft = data.issueDraft;
    if (draft?.mailPassword === undefined) return { data, result: 'expired' as const };
    const result = checkMailPassword(draft.mailPassword, typed, dependencies.clock(), policy);
    if (result === 'right' || result === 'expired') return { data, result };
    const mailPassword = { ...draft.mailPassword, wrong: draft.mailPassword.wrong + 1 };
    return { data: { ...data, issueDraft: { ...draft, mailPassword } }, result };
  });
  if (check === 'right') return undefined;
  return { field: MAIL_PASSWORD_FIELD, message: mailPasswordMessages(policy)[check ?? 'expired'] };
}

interface Issued {
  readonly submission: string;
  readonly draft: IssueDraft;
  readonly token: Token;
  readonly customer: Customer;
  /** An earlier token that was never in use and that the new one replaces. */
  readonly replaced: string | undefined;
}

/** @returns false if the draft or the customer's token is no longer what it was */
async function record(
  c: BankContext,
  dependencies: BankDependencies,
  { submission, draft, token, customer }: Issued,
): Promise<boolean> {
  const { clock, logger, wakeOutbox } = dependencies;
  const { institution } = c.get('site');
  const { serviceId, userId } = token;
  const { email } = draft;
  const from = customer.user_id;
  const recorded = await changeSession(dependencies, c.get('visitor').id, async (data, trx) => {
    const { issueDraft, ...rest } = data;
    const isNow = issueDraft?.id === draft.id;
    const at = new Date(clock());
    const { email: former } = await lockCustomer(trx, customer.id);
    if (!isNow || !(await linkToken(trx, customer.id, { from, to: userId, email, at })))
      return { data, result: false };
    await writeMail(dependencies, trx, {
      id: sha256(`issue ${submission}`),
      institution,
      customerId: customer.id,
      kind: 'issue',
      to: email,
      content: issueMail(institution, serviceId, userId),
    });
    const change = { institution, customerId: customer.id, former, address: email };
    await tellFormerAddress(dependencies, trx, { ...change, id: `issue ${submission}` });
    const completion = { kind: 'issue' as const, email, serviceId, userId };
    return { data: { ...rest, completion }, result: true };
  });
  if (!recorded) return false;
  logger.info({ institution: institution.key, customer: customer.id, event: 'issue' }, 'issued token');
  wakeOutbox();
  return true;
}

/** Voids what was issued meanwhile and is nobody's. */
async function giveUp(dependencies: BankDependencies, { key }: Institution, userId: string): Promise<void> {
  const { db, clock } = dependencies;
  await addPendingVoid(db, { institution: key, user_id: userId }, new Date(clock()));
  await voidPending(dependencies);
}

function customerOf(c: BankContext, { db }: BankDependencies): Promise<Customer> {
  return findCustomer(db, openSession(c).customerId);
}
