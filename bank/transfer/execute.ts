import { z } from 'zod';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { hmac } from '../keys.ts';
import { openJson, sealJson } from '../sealed-json.ts';
import type { ServiceAnswer, VerifiedConfirmation } from '../service-client.ts';
import { freeBalance } from '../store/accounts.ts';
import { lockCustomer } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import type { RefusalReason } from '../store/schema.ts';
import {
  claimTransfer,
  detailsOf,
  readTransfer,
  refuseTransfer,
  type TransferRow,
  unclaimTransfer,
} from '../store/transfers.ts';
import { mailDecision } from './decision.ts';
import { limitNow, usedToday } from './limits.ts';
import { BalanceError, move } from './move.ts';

type ExecuteDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger'
>;

/**
 * What came of carrying a transfer out. pending: the token service has not said, it goes on with the same key ·
 * code-refused: it waits for the right code · ended: refused or cancelled
 */
export type Execution = 'done' | 'pending' | 'code-refused' | 'ended';

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
    throw new Error('a direct transfer was left executing');
  const code =
    row.code === null ? undefined : await openJson(keys.sealing, row.code, context(id), z.string());
  const key = hmac(keys.forms, JSON.stringify(['transfer', id, claimed_at.getTime()]));
  const presented = { transfer: detailsOf(row), code };
  const said = await serviceFor(institution).verifyConfirmation(user_id, confirmation_id, presented, key);
  const judged = judge(said);
  const event = { institution: institution.key, customer: row.customer_id, event: 'transfer', judged };
  logger.info(event, 'confirmation presented');
  switch (judged) {
    case 'accepted':
      await moveAlone(dependencies, institution, row);
      break;
    case 'code-refused':
      await unclaimTransfer(db, id, claimed_at);
      return 'code-refused';
    case 'pending':
      return 'pending';
    default:
      await db.transaction().execute(async (trx) => {
        const refused = await refuseTransfer(trx, id, 'executing', { reason: judged, cancel: false });
        if (!refused || said.kind !== 'ok') return;
        const told = { userId: user_id, confirmation: said.value.confirmation };
        await mailDecision(dependencies, institution, told, trx);
      });
  }
  return settled(await readTransfer(db, id));
}

function settled({ state, mode }: TransferRow): Execution {
  if (state === 'done') return 'done';
  if (state === 'executing') return 'pending';
  // Somebody else's code was refused meanwhile.
  return state === 'waiting' && mode === 'code' ? 'code-refused' : 'ended';
}

type Judgement = 'accepted' | 'code-refused' | 'pending' | RefusalReason;

/** What the token service's answer to a verification means for the transfer. */
function judge(said: ServiceAnswer<VerifiedConfirmation>): Judgement {
  if (said.kind === 'unreachable') return 'pending';
  if (said.kind === 'problem') {
    const gone = said.code === 'state_conflict' || said.code === 'token_unknown' || said.code === 'not_found';
    if (gone) return 'token';
    return said.code === 'invalid_request' ? 'mismatch' : 'pending';
  }
  const { accepted, confirmation } = said.value;
  if (accepted) return 'accepted';
  switch (confirmation.status) {
    case 'rejected':
    case 'not-me':
    case 'expired':
    case 'cancelled':
      return confirmation.status;
    case 'confirmed':
      return confirmation.mode === 'code' ? 'code-refused' : 'mismatch';
    case 'waiting':
    case 'spent':
      return 'mismatch';
  }
}

async function moveAlone(
  dependencies: ExecuteDependencies,
  institution: Institution,
  row: TransferRow,
): Promise<void> {
  const { db } = dependencies;
  try {
    await db.transaction().execute((trx) => move(dependencies, institution, row, trx));
  } catch (error) {
    if (!(error instanceof BalanceError)) throw error;
    await refuseTransfer(db, row.id, 'executing', { reason: 'balance', cancel: false });
  }
}

const context = (id: string) => `transfer ${id}`;

function sealCode({ keys, randomBytes }: ExecuteDependencies, id: string, code: string): Promise<Uint8Array> {
  return sealJson(keys.sealing, code, context(id), randomBytes);
}
