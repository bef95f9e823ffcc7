import type { StaffToken } from '../../core/api/staff.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { type Customer, findCustomer, forgetLockNotice, registerApplication } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import type { StaffActOutcome } from '../store/schema.ts';
import { findDoneAct, recordStaffAct } from '../store/staff.ts';
import type { TokenAct } from '../token/staff-client.ts';
import { idempotencyKey, type Outcome } from '../web/submission.ts';
import { ACTS, type ActName } from './acts.ts';
import type { SignedIn } from './context.ts';
import { standingOf, whyNot } from './standing.ts';

/** An act as a clerk has confirmed it. */
export interface ConfirmedAct {
  readonly by: SignedIn;
  readonly customer: Customer;
  readonly act: ActName;
  readonly reason: string;
  /** From the paper; empty for other acts. */
  readonly email: string;
  /** The token that the clerk saw; null where there was none. */
  readonly userId: string | null;
  readonly submission: string;
}

const NOTHING_CHANGED = '何も変更していません。';

/** Where what was done is shown. */
export const recordPath = (customerId: string, no: string) => `/customers/${customerId}/records/${no}`;

/** Id of the mail that tells of an act. @param key of its form */
export const mailIdOf = (key: string) => `staff ${key}`;

/**
 * Does an act, writes it down and tells the customer. One of its form is done once, whatever is repeated; two of two
 * forms are as good as one after another.
 */
export async function performAct(dependencies: BankDependencies, confirmed: ConfirmedAct): Promise<Outcome> {
  const { customer, act, userId, submission } = confirmed;
  const before = await findDoneAct(dependencies.db, keyOf(submission));
  if (before !== undefined) return { kind: 'done', to: recordPath(customer.id, before) };
  if (customer.user_id !== userId) {
    await record(dependencies, dependencies.db, confirmed, 'refused');
    return blocked('確認画面を表示したあとに、お客さまのトークンが変わりました。');
  }
  return act === 'register' ? register(dependencies, confirmed) : actOnToken(dependencies, confirmed, act);
}

/** Registration and its mail in one transaction; of any number of callers one registers. */
async function register(dependencies: BankDependencies, confirmed: ConfirmedAct): Promise<Outcome> {
  const { customer, email } = confirmed;
  const { db, clock } = dependencies;
  const registered = await db.transaction().execute(async (trx) => {
    if (!(await registerApplication(trx, customer.id, email, new Date(clock())))) return undefined;
    return finish(dependencies, trx, { ...confirmed, customer: { ...customer, email } });
  });
  if (registered !== undefined) return done(dependencies, confirmed, registered);
  return refuse(dependencies, confirmed);
}

/** The token service decides whether the act fits, and does it, in one statement. */
async function actOnToken(
  dependencies: BankDependencies,
  confirmed: ConfirmedAct,
  act: TokenAct,
): Promise<Outcome> {
  const { by, customer, reason, userId, submission } = confirmed;
  const { db, logger, staff } = dependencies;
  if (userId === null) return refuse(dependencies, confirmed);
  const key = idempotencyKey(dependencies, submission, act, reason);
  const who = { actor: by.clerk.staff_id, reason };
  const answer = await staff.serviceFor(by.institution).act(act, userId, who, key);
  if (answer.kind === 'problem' && answer.code === 'state_conflict') return refuse(dependencies, confirmed);
  if (answer.kind !== 'ok') {
    const detail = answer.kind === 'problem' ? answer.code : answer.reason;
    logger.error({ institution: by.institution.key, act, detail }, 'the token service did not answer staff');
    await record(dependencies, db, confirmed, 'unanswered');
    return { kind: 'unavailable' };
  }
  const no = await db.transaction().execute(async (trx) => {
    // The next 認証停止 is told of anew.
    if (act === 'unlock') await forgetLockNotice(trx, customer.id);
    return finish(dependencies, trx, confirmed, answer.value);
  });
  return done(dependencies, confirmed, no);
}

async function finish(
  dependencies: BankDependencies,
  trx: Handle,
  confirmed: ConfirmedAct,
  token?: StaffToken,
): Promise<string> {
  const { by, customer, act, submission } = confirmed;
  const { kind, text } = ACTS[act].mail;
  if (customer.email !== null) {
    await writeMail(dependencies, trx, {
      id: mailIdOf(keyOf(submission)),
      institution: by.institution,
      customerId: customer.id,
      kind,
      to: customer.email,
      content: text(by.institution, dependencies.clock(), token),
    });
  }
  return record(dependencies, trx, confirmed, 'done');
}

function done(dependencies: BankDependencies, { by, customer, act }: ConfirmedAct, no: string): Outcome {
  dependencies.wakeOutbox();
  dependencies.logger.info(
    { institution: by.institution.key, staff: by.clerk.staff_id, customer: customer.id, event: act },
    'staff acted',
  );
  return { kind: 'done', to: recordPath(customer.id, no) };
}

/** It does not fit what is there now: says so, and is written down as well. */
async function refuse(dependencies: BankDependencies, confirmed: ConfirmedAct): Promise<Outcome> {
  const { by, customer, act } = confirmed;
  await record(dependencies, dependencies.db, confirmed, 'refused');
  const now = await findCustomer(dependencies.db, customer.id);
  const why = whyNot(act, await standingOf(dependencies, by.institution, now));
  return blocked(why ?? 'お手続きのあいだに、お客さまの状態が変わりました。');
}

const blocked = (why: string): Outcome => ({ kind: 'blocked', notice: `${why}${NOTHING_CHANGED}` });

function record(
  { clock }: BankDependencies,
  handle: Handle,
  { by, customer, act, reason, userId, submission }: ConfirmedAct,
  outcome: StaffActOutcome,
): Promise<string> {
  return recordStaffAct(handle, {
    key: keyOf(submission),
    at: new Date(clock()),
    institution: by.institution.key,
    staff_id: by.clerk.staff_id,
    customer_id: customer.id,
    user_id: userId,
    act,
    reason,
    outcome,
  });
}

const keyOf = (submission: string) => sha256(`staff act ${submission}`);
