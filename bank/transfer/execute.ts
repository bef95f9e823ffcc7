import type { Institution } from '../../core/institution/directory.ts';
import { type RequestDependencies, UnfitError } from '../request/kind.ts';
import { freeBalance } from '../store/accounts.ts';
import { lockCustomer } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import { refuseRequest } from '../store/requests.ts';
import { claimTransfer, type TransferRow } from '../store/transfers.ts';
import { limitNow, usedToday } from './limits.ts';
import { move } from './move.ts';

interface Claim {
  readonly row: TransferRow;
  /** Whether the customer's OTP is in use: without it the limits are lower. */
  readonly otpInUse: boolean;
  /** Sealed; null if none is needed. */
  readonly code: Uint8Array | null;
  /** The token that the code is from, if it shows no details, and the most that one transfer may be then, in yen. */
  readonly device?: { readonly userId: string; readonly most: number };
}

/**
 * Takes a transfer to be executed, alone among the customer's: within the day's limit and the balance, counting those
 * under way. Where it does not fit, it is refused for good.
 * @returns whether it was taken now
 */
export async function claim(
  { db, clock }: Pick<RequestDependencies, 'db' | 'clock'>,
  institution: Institution,
  claimed: Claim,
): Promise<boolean> {
  return db.transaction().execute((trx) => claimIn(trx, institution, claimed, clock()));
}

async function claimIn(
  trx: Handle,
  institution: Institution,
  { row, otpInUse, code, device }: Claim,
  now: number,
): Promise<boolean> {
  const customer = await lockCustomer(trx, row.customer_id);
  const limit = limitNow(customer, institution, otpInUse, now);
  const reason = exceeds(row, device?.most) ? 'hardware-limit' : await obstacle(trx, row, limit, now);
  if (reason !== undefined) {
    await refuseRequest(trx, 'transfers', row.id, 'unclaimed', { reason, cancel: true });
    return false;
  }
  const from = row.state === 'entered' ? 'entered' : 'waiting';
  return claimTransfer(trx, row.id, from, { now, code, userId: device?.userId });
}

/** Whether one transfer is more than it may be. */
const exceeds = ({ amount }: Pick<TransferRow, 'amount'>, most: number | undefined): boolean =>
  most !== undefined && Number(amount) > most;

/** Why a transfer cannot be made at present: the day's limit or the balance. */
export async function obstacle(
  db: Handle,
  row: Pick<TransferRow, 'customer_id' | 'from_account' | 'amount'>,
  limit: number,
  now: number,
): Promise<'limit' | 'balance' | undefined> {
  const amount = Number(row.amount);
  if ((await usedToday(db, row.customer_id, now)) + amount > limit) return 'limit';
  return amount > (await freeBalance(db, row.from_account)) ? 'balance' : undefined;
}

/** Executes a transfer that needs no 取引認証, in one transaction. */
export async function executeDirectly(
  dependencies: RequestDependencies,
  institution: Institution,
  claimed: Claim,
): Promise<void> {
  const { db, clock } = dependencies;
  const { row } = claimed;
  try {
    await db.transaction().execute(async (trx) => {
      if (await claimIn(trx, institution, claimed, clock())) await move(dependencies, institution, row, trx);
    });
  } catch (error) {
    if (!(error instanceof UnfitError)) throw error;
    await refuseRequest(db, 'transfers', row.id, 'unclaimed', { reason: error.reason, cancel: false });
  }
}
