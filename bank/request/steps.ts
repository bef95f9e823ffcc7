import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { type Customer, findCustomer } from '../store/customers.ts';
import { type RequestRow, readRequest } from '../store/requests.ts';
import type { FieldError } from '../web/form.ts';
import type { Outcome } from '../web/submission.ts';
import { carryOut } from './carry-out.ts';
import { CONFIRMATION_CODE_NOT_ACCEPTED } from './confirmation-code.ts';
import type { RequestKind } from './kind.ts';
import { sealCode } from './sealed-code.ts';

const OTHER_CODE_REFUSED = '別の画面で操作されたため、もう一度入力してください。';

export interface Execute {
  /** Checks the second password and counts the try. */
  readonly passwordError: (customer: Customer) => Promise<FieldError | undefined>;
  readonly code: string | undefined;
  /** What to do if the token was never asked. */
  readonly unasked?: (row: RequestRow) => Promise<Outcome>;
}

/** 確定する: checks the password first, so that a wrong one spends no code; then uses what is stored, never the form. */
export async function executeOnce(
  dependencies: BankDependencies,
  institution: Institution,
  kind: RequestKind,
  id: string,
  { passwordError, code, unasked }: Execute,
): Promise<Outcome> {
  const { db } = dependencies;
  const row = await readRequest(db, kind.table, id);
  const done: Outcome = { kind: 'done', to: kind.pathOf(id) };
  const customer = await findCustomer(db, row.customer_id);
  const error = await passwordError(customer);
  if (error !== undefined) return { kind: 'refused', errors: [error] };
  if (row.state === 'entered') return unasked?.(row) ?? done;
  const sealed = await sealCode(dependencies, kind, id, code);
  const isOurs = await kind.claim(dependencies, institution, id, sealed);
  if ((await carryOut(dependencies, institution, kind, id)) !== 'code-refused') return done;
  return isOurs
    ? { kind: 'refused', errors: [CONFIRMATION_CODE_NOT_ACCEPTED] }
    : { kind: 'blocked', notice: OTHER_CODE_REFUSED };
}
