import type { Institution } from '../../core/institution/directory.ts';
import { findCustomer } from '../store/customers.ts';
import { dropReview, type ReviewRow } from '../store/reviews.ts';
import { findActOf } from '../store/staff.ts';
import { idempotencyKey, type Outcome } from '../web/submission.ts';
import type { CarryOutDependencies } from './carry-out.ts';
import { actOnToken } from './on-token.ts';
import { recordPath } from './paths.ts';
import { logActed, record, recordDone, type WrittenAct } from './written.ts';

/**
 * 緊急利用停止 whose review is written. The idempotency key is that of its form, so any number of calls, at once or after a lost
 * answer, act once.
 * @returns conflict where it does not fit the token as it stands; then there is nothing to review
 */
export async function suspendNow(
  dependencies: CarryOutDependencies,
  written: WrittenAct,
): Promise<Outcome | { readonly kind: 'conflict' }> {
  const { db } = dependencies;
  const { customer, act, key } = written;
  const answer = await actOnToken(dependencies, written, idempotencyKey(dependencies, key, act));
  if (answer.kind === 'unanswered') {
    await record(dependencies, db, written, 'unanswered');
    return { kind: 'unavailable' };
  }
  if (answer.kind === 'busy') {
    // An earlier call may have done it.
    const unknown = (await findActOf(db, key, 'unanswered')) !== undefined;
    if (!unknown) await dropReview(db, key);
    return { kind: 'unavailable', busy: true };
  }
  if (answer.kind === 'conflict') {
    await dropReview(db, key);
    return answer;
  }
  const no = await db.transaction().execute((trx) => recordDone(dependencies, trx, written, answer));
  logActed(dependencies, written);
  return { kind: 'done', to: recordPath(customer.id, no) };
}

/** Finishes one whose answer was lost, or which was never asked for because its process died. */
export async function finishEmergency(
  dependencies: CarryOutDependencies,
  institution: Institution,
  { key, customer_id, user_id, reason, acted_by }: ReviewRow,
): Promise<Outcome | { readonly kind: 'conflict' }> {
  const written: WrittenAct = {
    institution,
    staffId: acted_by,
    customer: await findCustomer(dependencies.db, customer_id),
    userId: user_id,
    act: 'emergency',
    reason,
    key,
  };
  const outcome = await suspendNow(dependencies, written);
  if (outcome.kind === 'conflict') await record(dependencies, dependencies.db, written, 'refused');
  return outcome;
}
