import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { presentByCode } from '../request/by-code.ts';
import { fulfilAlone } from '../request/carry-out.ts';
import { sealCode } from '../request/sealed-code.ts';
import { type Customer, findCustomer } from '../store/customers.ts';
import { unclaimRequest } from '../store/requests.ts';
import { readTransfer, type TransferRow } from '../store/transfers.ts';
import { CODE_LENGTH_WRONG, CODE_NOT_ACCEPTED } from '../token/code-input.ts';
import { barredBy } from '../token/refusals.ts';
import { currentState, isHardware, otpUse } from '../token/state.ts';
import type { Outcome } from '../web/submission.ts';
import { claim, executeDirectly } from './execute.ts';
import { TRANSFER } from './kind.ts';

/** How to execute a transfer that the token was not asked to confirm. */
interface Entered {
  /** Why the transfer needs the OTP in use; undefined if it is in use. */
  readonly needsOtp?: string | undefined;
  /** The code of a token that cannot be asked for a confirmation. */
  readonly code?: string | undefined;
}

interface ByCode extends Pick<Entered, 'needsOtp'> {
  readonly row: TransferRow;
  readonly userId: string;
  readonly code: string;
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
  if (barred !== undefined) return { kind: 'blocked', notice: barred };
  if (use === 'in-use' && row.kind !== 'own') {
    return state.kind !== 'none' && isHardware(state) && code !== undefined
      ? executeByCode(dependencies, institution, customer, {
          row,
          userId: state.token.userId,
          code,
          needsOtp,
        })
      : { kind: 'done', to: TRANSFER.pathOf(row.id) };
  }
  await executeDirectly(dependencies, institution, { row, otpInUse: use === 'in-use', code: null });
  return { kind: 'done', to: TRANSFER.pathOf(row.id) };
}

/**
 * Executes a transfer by the code of a token that shows no details, up to the limit for such tokens. The transfer is claimed
 * with its code before the code is presented: after a crash in between, a chore finds it executing and ends it once.
 */
async function executeByCode(
  dependencies: BankDependencies,
  institution: Institution,
  customer: Customer,
  { row, userId, code, needsOtp }: ByCode,
): Promise<Outcome> {
  const { db } = dependencies;
  const done: Outcome = { kind: 'done', to: TRANSFER.pathOf(row.id) };
  const device = { userId, most: institution.rules.hardwareLimit ?? 0 };
  const sealed = await sealCode(dependencies, TRANSFER, row.id, code);
  // What cannot go costs no code.
  if (!(await claim(dependencies, institution, { row, otpInUse: true, code: sealed, device }))) return done;
  const claimed = await readTransfer(db, row.id);
  const { claimed_at: claimedAt } = claimed;
  if (claimed.state !== 'executing' || claimedAt === null) return done;
  const verdict = await presentByCode(dependencies, institution, TRANSFER, claimed);
  if (verdict === 'accepted')
    await fulfilAlone(dependencies, institution, TRANSFER, { id: row.id, claimedAt });
  // Not decided: the page says so, and the bank continues.
  if (verdict === 'accepted' || verdict === 'pending' || verdict === 'unreachable') return done;
  await unclaimRequest(db, 'transfers', row.id, claimedAt, 'entered');
  if (verdict === 'not-asked') return { kind: 'unavailable' };
  if (verdict !== 'token')
    return { kind: 'refused', errors: [verdict === 'length' ? CODE_LENGTH_WRONG : CODE_NOT_ACCEPTED] };
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const barred = barredBy(institution, otpUse(state), needsOtp);
  return barred === undefined ? done : { kind: 'blocked', notice: barred };
}
