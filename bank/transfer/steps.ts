import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { findCustomer } from '../store/customers.ts';
import { nextAttempt } from '../store/requests.ts';
import { readTransfer } from '../store/transfers.ts';
import { stoppedNotice } from '../token/refusals.ts';
import { currentState, otpUse } from '../token/state.ts';
import type { Outcome } from '../web/submission.ts';
import { executeDirectly } from './execute.ts';
import { TRANSFER } from './kind.ts';

/** 確定する of what needs no 取引認証, if that is still so. */
export async function executeEntered(
  dependencies: BankDependencies,
  institution: Institution,
  id: string,
): Promise<Outcome> {
  const { db } = dependencies;
  const row = await readTransfer(db, id);
  const customer = await findCustomer(db, row.customer_id);
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const use = otpUse(state);
  if (use === 'stopped') {
    // It cannot be done as things stand; the form shown next is another one.
    await nextAttempt(db, 'transfers', row.id, row.attempt);
    return { kind: 'blocked', notice: stoppedNotice(institution) };
  }
  if (use === 'not-in-use' || row.kind === 'own') {
    await executeDirectly(dependencies, institution, { row, otpInUse: use === 'in-use', code: null });
  }
  return { kind: 'done', to: TRANSFER.pathOf(row.id) };
}
