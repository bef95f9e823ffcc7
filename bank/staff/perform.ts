import { tellFormerAddress } from '../change/email.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { type Customer, findCustomer, lockCustomer, registerApplication } from '../store/customers.ts';
import { insertReview } from '../store/reviews.ts';
import { type Clerk, findActOf, findClerk } from '../store/staff.ts';
import { findUnpairing, insertUnpairing } from '../store/unpairings.ts';
import type { Outcome } from '../web/submission.ts';
import type { ActName } from './acts.ts';
import type { SignedIn } from './context.ts';
import { emergency } from './emergency.ts';
import { doKept, type KeptAct } from './kept-act.ts';
import { pairedText } from './pages/devices.ts';
import { recordPath } from './paths.ts';
import { mayAct } from './roles.ts';
import { type Standing, standingOf, whyNot } from './standing.ts';
import { pairedDevices } from './token-status.ts';
import { unpairing } from './unpairing.ts';
import { logActed, NOTHING_CHANGED, record, recordDone, type WrittenAct } from './written.ts';

/** An act as a clerk has confirmed it. */
export interface ConfirmedAct {
  readonly by: SignedIn;
  readonly customer: Customer;
  readonly act: ActName;
  readonly reason: string;
  /** From the paper; empty for other acts. */
  readonly email: string;
  /** In yen; undefined for other acts. */
  readonly limit: number | undefined;
  /** Id of the paired device; empty for other acts. */
  readonly device: string;
  /** The token that the clerk saw; null where there was none. */
  readonly userId: string | null;
  readonly submission: string;
}

export const TOKEN_CHANGED = `確認画面を表示したあとに、お客さまのトークンが変わりました。${NOTHING_CHANGED}`;

/** How an act that is confirmed is written down. */
export const writtenOf = ({ by, customer, act, reason, userId, submission }: ConfirmedAct): WrittenAct => ({
  institution: by.institution,
  staffId: by.clerk.staff_id,
  customer,
  userId,
  act,
  reason,
  key: sha256(`staff act ${submission}`),
});

/**
 * Does what one clerk does alone, writes it down and tells the customer. A form acts once, however often it is
 * sent.
 */
export async function performAct(dependencies: BankDependencies, confirmed: ConfirmedAct): Promise<Outcome> {
  const { customer, act, userId } = confirmed;
  const written = writtenOf(confirmed);
  const before = await findActOf(dependencies.db, written.key, 'done');
  if (before !== undefined) return { kind: 'done', to: recordPath(customer.id, before) };
  if (customer.user_id !== userId) {
    await record(dependencies, dependencies.db, written, 'refused');
    return { kind: 'blocked', notice: TOKEN_CHANGED };
  }
  if (act === 'register') return register(dependencies, confirmed, written);
  return act === 'unpair'
    ? unpair(dependencies, confirmed, written)
    : suspendAtOnce(dependencies, confirmed, written);
}

/** Registration and its mails in one transaction; of any number of callers one registers. */
async function register(
  dependencies: BankDependencies,
  { email, by }: ConfirmedAct,
  written: WrittenAct,
): Promise<Outcome> {
  const { db, clock } = dependencies;
  const { customer, institution, key } = written;
  const registered = await db.transaction().execute(async (trx) => {
    const { email: former } = await lockCustomer(trx, customer.id);
    const registration = { email, by: by.clerk.id, at: new Date(clock()) };
    if (!(await registerApplication(trx, customer.id, registration))) return undefined;
    const change = { institution, customerId: customer.id, former, address: email };
    await tellFormerAddress(dependencies, trx, { ...change, id: `register ${key}` });
    return recordDone(dependencies, trx, { ...written, customer: { ...customer, email } });
  });
  return registered === undefined
    ? refuse(dependencies, by, written)
    : done(dependencies, written, registered);
}

/** 緊急利用停止. The review is written before the call, so a supervisor looks at it whatever comes of the call. */
async function suspendAtOnce(
  dependencies: BankDependencies,
  { by }: ConfirmedAct,
  written: WrittenAct,
): Promise<Outcome> {
  const { db, clock } = dependencies;
  const { customer, userId, reason, key, institution } = written;
  if (userId === null) return refuse(dependencies, by, written);
  const due = {
    key,
    institution: institution.key,
    customer_id: customer.id,
    user_id: userId,
    reason,
    acted_at: new Date(clock()),
  };
  const asked = await insertReview(db, due, by.clerk.id);
  if (asked === undefined) return refuse(dependencies, by, written);
  return doOrRefuse(dependencies, by, emergency(dependencies, written), asked === 'first');
}

/** パソコンとの連携の解除. It is kept before the call, with what the device says it is: after the call nobody knows that. */
async function unpair(
  dependencies: BankDependencies,
  { by, device }: ConfirmedAct,
  written: WrittenAct,
): Promise<Outcome> {
  const { db, clock } = dependencies;
  const { customer, userId, reason, key, institution } = written;
  const isFirst = (await findUnpairing(db, key)) === undefined;
  if (isFirst) {
    const standing = await standingOf(dependencies, institution, customer);
    if (standing.state.kind === 'unknown') return { kind: 'blocked', notice: refusalOf('unpair', standing) };
    const paired = pairedDevices(standing.state).find(({ id }) => id === device);
    if (userId === null || paired === undefined) return refuse(dependencies, by, written);
    const due = {
      id: key,
      institution: institution.key,
      customer_id: customer.id,
      user_id: userId,
      device_id: device,
      device: pairedText(paired),
      reason,
      acted_at: new Date(clock()),
    };
    await insertUnpairing(db, due, by.clerk.id);
  }
  const kept = await findUnpairing(db, key);
  if (kept === undefined) return refuse(dependencies, by, written);
  return doOrRefuse(dependencies, by, unpairing(dependencies, written, kept), isFirst);
}

/** @param isFirst whether the act is asked for the first time: an earlier call may have done it */
async function doOrRefuse(
  dependencies: BankDependencies,
  by: SignedIn,
  act: KeptAct,
  isFirst: boolean,
): Promise<Outcome> {
  const outcome = await doKept(dependencies, act);
  if (outcome.kind === 'conflict') return refuse(dependencies, by, act.written);
  if (outcome.kind !== 'unavailable' || !outcome.busy) return outcome;
  if (!isFirst) return { kind: 'unavailable' };
  await act.drop(dependencies.db);
  return outcome;
}

function done(dependencies: BankDependencies, written: WrittenAct, no: string): Outcome {
  logActed(dependencies, written);
  return { kind: 'done', to: recordPath(written.customer.id, no) };
}

/** Writes down that the act did not fit the present state, and says why. */
async function refuse(
  dependencies: BankDependencies,
  { clerk }: SignedIn,
  written: WrittenAct,
): Promise<Outcome> {
  await record(dependencies, dependencies.db, written, 'refused');
  if (!(await stillActs(dependencies, clerk))) return { kind: 'blocked', notice: ROLE_GONE };
  return { kind: 'blocked', notice: await whyRefused(dependencies, written) };
}

async function whyRefused(
  dependencies: BankDependencies,
  { customer, institution, act }: Pick<WrittenAct, 'customer' | 'institution' | 'act'>,
): Promise<string> {
  const now = await findCustomer(dependencies.db, customer.id);
  return refusalOf(act, await standingOf(dependencies, institution, now));
}

const refusalOf = (act: ActName, standing: Standing): string =>
  `${whyNot(act, standing) ?? 'お手続きのあいだに、お客さまの状態が変わりました。'}${NOTHING_CHANGED}`;

/** Whether a member of staff may act now, read from the table. */
export async function stillActs({ db }: Pick<BankDependencies, 'db'>, { id }: Clerk): Promise<boolean> {
  const now = await findClerk(db, id);
  return now !== undefined && mayAct(now);
}

export const ROLE_GONE = `操作のあいだに権限が変わったため、行えません。${NOTHING_CHANGED}`;
