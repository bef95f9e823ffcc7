import type { BankDependencies } from '../context.ts';
import { confirmationPasswordError } from '../customer/confirmation-password.ts';
import { findCustomer } from '../store/customers.ts';
import { nextAttempt, readTransfer, type TransferRow } from '../store/transfers.ts';
import { stoppedNotice } from '../token/refusals.ts';
import { currentState, otpUse } from '../token/state.ts';
import type { BankContext } from '../web/render.ts';
import type { Outcome } from '../web/submission.ts';
import { CONFIRMATION_CODE_NOT_ACCEPTED } from './confirmation-code.ts';
import { carryOut, claim, executeDirectly } from './execute.ts';

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
  const error = await confirmationPasswordError(dependencies, institution, customer, password);
  if (error !== undefined) {
    await nextAttempt(db, id, row.attempt);
    return { kind: 'refused', errors: [error] };
  }
  if (row.state === 'entered') return executeEntered(c, dependencies, row);
  await claim(dependencies, institution, { row, otpInUse: true, code });
  const execution = await carryOut(dependencies, institution, id);
  return execution === 'code-refused' ? { kind: 'refused', errors: [CONFIRMATION_CODE_NOT_ACCEPTED] } : done;
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
