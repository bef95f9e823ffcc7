import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { type Customer, findCustomer } from '../store/customers.ts';
import { nextAttempt, refuseRequest } from '../store/requests.ts';
import { readTransfer, type TransferRow } from '../store/transfers.ts';
import { presentCode } from '../token/present.ts';
import { barredBy } from '../token/refusals.ts';
import { currentState, isHardware, otpUse } from '../token/state.ts';
import type { Outcome } from '../web/submission.ts';
import { exceeds, executeDirectly, obstacle } from './execute.ts';
import { TRANSFER } from './kind.ts';
import { limitNow } from './limits.ts';

/** How a transfer goes on whose token was not asked. */
interface Entered {
  /** Why nothing is transferred without the OTP in use; undefined where it is. */
  readonly needsOtp?: string | undefined;
  /** The code of a token that cannot be asked. */
  readonly code?: string | undefined;
}

/** 確定する of what needs no 取引認証, if that is still so. */
export async function executeEntered(
  dependencies: BankDependencies,
  institution: Institution,
  id: string,
  { needsOtp, code }: Entered = {},
): Promise<Outcome> {
  const { db } = dependencies;
  const row = await readTransfer(db, id);
  const customer = await findCustomer(db, row.customer_id);
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const use = otpUse(state);
  const barred = barredBy(institution, use, needsOtp);
  if (barred !== undefined) {
    // It cannot be done as things stand; the form shown next is another one.
    await nextAttempt(db, 'transfers', row.id, row.attempt);
    return { kind: 'blocked', notice: barred };
  }
  if (use === 'in-use' && row.kind !== 'own') {
    return isHardware(state) && code !== undefined
      ? executeByCode(dependencies, institution, customer, { row, code, needsOtp })
      : { kind: 'done', to: TRANSFER.pathOf(row.id) };
  }
  await executeDirectly(dependencies, institution, { row, otpInUse: use === 'in-use', code: null });
  return { kind: 'done', to: TRANSFER.pathOf(row.id) };
}

/** By a token that shows no details: its code is spent, and the transfer executed, up to the sum that the institution allows. */
async function executeByCode(
  dependencies: BankDependencies,
  institution: Institution,
  customer: Customer,
  { row, code, needsOtp }: Pick<Entered, 'needsOtp'> & { readonly row: TransferRow; readonly code: string },
): Promise<Outcome> {
  const { db, clock } = dependencies;
  const done: Outcome = { kind: 'done', to: TRANSFER.pathOf(row.id) };
  const most = institution.rules.hardwareLimit ?? 0;
  const now = clock();
  // What cannot go costs no code.
  const limit = limitNow(customer, institution, true, now);
  const reason = exceeds(row, most) ? 'limit' : await obstacle(db, row, limit, now);
  if (reason !== undefined) {
    await refuseRequest(db, 'transfers', row.id, 'unclaimed', { reason, cancel: false });
    return done;
  }
  const submission = JSON.stringify(['transfer', row.id, row.attempt]);
  const presented = await presentCode(dependencies, institution, customer, {
    use: 'verify',
    submission,
    code,
  });
  if (presented.kind === 'unavailable') return presented;
  if (presented.kind === 'accepted') {
    await executeDirectly(dependencies, institution, { row, otpInUse: true, code: null, most });
    return done;
  }
  await nextAttempt(db, 'transfers', row.id, row.attempt);
  if (presented.kind !== 'conflict') return presented;
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const barred = barredBy(institution, otpUse(state), needsOtp);
  return barred === undefined ? done : { kind: 'blocked', notice: barred };
}
