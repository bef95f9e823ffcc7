import { z } from 'zod';
import type { Institution } from '../../core/institution/directory.ts';
import { hmac } from '../keys.ts';
import { freeBalance } from '../store/accounts.ts';
import { lockCustomer } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import type { RefusalReason } from '../store/schema.ts';
import { openJson, sealJson } from '../store/sealed-json.ts';
import {
  claimTransfer,
  detailsOf,
  readTransfer,
  refuseTransfer,
  type TransferRow,
  unclaimTransfer,
} from '../store/transfers.ts';
import type { ServiceAnswer, VerifiedConfirmation } from '../token/client.ts';
import { mailDecision } from './decision.ts';
import { limitNow, usedToday } from './limits.ts';
import { BalanceError, move } from './move.ts';
import { type ExecuteDependencies, verdictOf } from './verdict.ts';

/**
 * What came of carrying a transfer out. pending: it is not decided, it goes on with the same key · unreachable: the same,
 * since the token service does not answer · code-refused: it waits for the right code · ended: refused or cancelled
 */
export type Execution = 'done' | 'pending' | 'unreachable' | 'code-refused' | 'ended';

interface Claim {
  readonly row: TransferRow;
  /** Whether the customer's OTP is in use: without it less can be transferred. */
  readonly otpInUse: boolean;
  readonly code?: string | undefined;
}

/**
 * Takes a transfer to be executed, alone among the customer's: within the day's limit and the balance, counting those
 * under way. Where it does not fit, it is refused for good.
 */
export async function claim(
  dependencies: ExecuteDependencies,
  institution: Institution,
  { row, otpInUse, code }: Claim,
): Promise<void> {
  const { db, clock } = dependencies;
  const sealed = code === undefined ? null : await sealCode(dependencies, row.id, code);
  await db.transaction().execute((trx) => claimIn(trx, institution, { row, otpInUse, sealed, now: clock() }));
}

interface ClaimIn {
  readonly row: TransferRow;
  readonly otpInUse: boolean;
  readonly sealed: Uint8Array | null;
  readonly now: number;
}

async function claimIn(
  trx: Handle,
  institution: Institution,
  { row, otpInUse, sealed, now }: ClaimIn,
): Promise<boolean> {
  const customer = await lockCustomer(trx, row.customer_id);
  const limit = limitNow(customer, institution, otpInUse, now);
  const reason = await obstacle(trx, row, limit, now);
  if (reason !== undefined) {
    await refuseTransfer(trx, row.id, 'unclaimed', { reason, cancel: true });
    return false;
  }
  const from = row.state === 'entered' ? 'entered' : 'waiting';
  return claimTransfer(trx, row.id, from, { now, code: sealed });
}

/** Why a transfer cannot go as things stand: the limit of the day or the balance. */
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

/** Executes, in one transaction, a transfer that needs no 取引認証. */
export async function executeDirectly(
  dependencies: ExecuteDependencies,
  institution: Institution,
  { row, otpInUse }: Claim,
): Promise<Execution> {
  const { db, clock } = dependencies;
  try {
    await db.transaction().execute(async (trx) => {
      const claimed = await claimIn(trx, institution, { row, otpInUse, sealed: null, now: clock() });
      if (claimed) await move(dependencies, institution, row, trx);
    });
  } catch (error) {
    if (!(error instanceof BalanceError)) throw error;
    await refuseTransfer(db, row.id, 'unclaimed', { reason: 'balance', cancel: false });
  }
  return settled(await readTransfer(db, row.id));
}

/**
 * Goes on with a claimed transfer: has the confirmation accepted and moves the money. Called by whoever finds it
 * executing, any number of times; the idempotency key is that of the claim and the money moves once.
 */
export async function carryOut(
  dependencies: ExecuteDependencies,
  institution: Institution,
  id: string,
): Promise<Execution> {
  const { db, keys, logger, serviceFor } = dependencies;
  const row = await readTransfer(db, id);
  const { user_id, confirmation_id, claimed_at } = row;
  if (row.state !== 'executing') return settled(row);
  if (user_id === null || confirmation_id === null || claimed_at === null)
    throw new Error('transfer without a confirmation is in state executing');
  const code =
    row.code === null ? undefined : await openJson(keys.sealing, row.code, context(id), z.string());
  const key = hmac(keys.forms, JSON.stringify(['transfer', id, claimed_at.getTime()]));
  const presented = { transaction: detailsOf(row), code };
  const said = await serviceFor(institution).verifyConfirmation(user_id, confirmation_id, presented, key);
  const presentedBy = { customerId: row.customer_id, userId: user_id };
  const verdict = await verdictOf(dependencies, institution, presentedBy, said);
  const event = { institution: institution.key, customer: row.customer_id, event: 'transfer', verdict };
  logger.info(event, 'presented confirmation');
  switch (verdict) {
    case 'accepted':
      await moveAlone(dependencies, institution, row, claimed_at);
      break;
    case 'code-refused':
      await unclaimTransfer(db, id, claimed_at);
      return 'code-refused';
    case 'pending':
    case 'unreachable':
      return verdict;
    default:
      await refuse(dependencies, institution, { ...presentedBy, id, claimedAt: claimed_at }, verdict, said);
  }
  return settled(await readTransfer(db, id));
}

interface Refused {
  readonly id: string;
  readonly userId: string;
  readonly claimedAt: Date;
}

async function refuse(
  dependencies: ExecuteDependencies,
  institution: Institution,
  { id, userId, claimedAt }: Refused,
  reason: RefusalReason,
  said: ServiceAnswer<VerifiedConfirmation>,
): Promise<void> {
  // Of these the confirmation may still be open.
  const cancel = reason === 'token' || reason === 'mismatch';
  await dependencies.db.transaction().execute(async (trx) => {
    const refused = await refuseTransfer(trx, id, { claimedAt }, { reason, cancel });
    if (!refused || said.kind !== 'ok') return;
    await mailDecision(dependencies, institution, { userId, confirmation: said.value.confirmation }, trx);
  });
}

function settled({ state, mode }: TransferRow): Execution {
  if (state === 'done') return 'done';
  if (state === 'executing') return 'pending';
  // Somebody else's code was refused meanwhile.
  return state === 'waiting' && mode === 'code' ? 'code-refused' : 'ended';
}

async function moveAlone(
  dependencies: ExecuteDependencies,
  institution: Institution,
  row: TransferRow,
  claimedAt: Date,
): Promise<void> {
  const { db } = dependencies;
  try {
    await db.transaction().execute((trx) => move(dependencies, institution, row, trx));
  } catch (error) {
    if (!(error instanceof BalanceError)) throw error;
    await refuseTransfer(db, row.id, { claimedAt }, { reason: 'balance', cancel: false });
  }
}

const context = (id: string) => `transfer ${id}`;

function sealCode({ keys, randomBytes }: ExecuteDependencies, id: string, code: string): Promise<Uint8Array> {
  return sealJson(keys.sealing, code, context(id), randomBytes);
}
