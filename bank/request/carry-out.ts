import type { Institution } from '../../core/institution/directory.ts';
import { hmac } from '../keys.ts';
import { type RequestRow, readRequest, refuseRequest, unclaimRequest } from '../store/requests.ts';
import type { RefusalReason } from '../store/schema.ts';
import type { ServiceAnswer, VerifiedConfirmation } from '../token/client.ts';
import { presentByCode } from './by-code.ts';
import { mailDecision } from './decision.ts';
import { type RequestDependencies, type RequestKind, UnfitError } from './kind.ts';
import { openCode } from './sealed-code.ts';
import { verdictOf } from './verdict.ts';

/**
 * The result of executing a request. pending: not decided; the bank continues with the same key · unreachable: the same,
 * because the token service does not answer · code-refused: it waits for the right code · ended: refused or cancelled
 */
export type Execution = 'done' | 'pending' | 'unreachable' | 'code-refused' | 'ended';

/**
 * Continues a claimed request: uses its confirmation and executes it. Anybody who finds it executing may call this, any
 * number of times: the idempotency key is that of the claim, and it is done once.
 */
export async function carryOut(
  dependencies: RequestDependencies,
  institution: Institution,
  kind: RequestKind,
  id: string,
): Promise<Execution> {
  const { db, keys, logger, serviceFor } = dependencies;
  const { type, table } = kind;
  const row = await readRequest(db, table, id);
  const { user_id, confirmation_id, claimed_at } = row;
  if (row.state !== 'executing') return settled(row);
  if (user_id === null || claimed_at === null) throw new Error(`${type} of no token is in state executing`);
  if (confirmation_id === null) return carryOutByCode(dependencies, institution, kind, row);
  const code = await openCode(dependencies, kind, row);
  const key = hmac(keys.forms, JSON.stringify([type, id, claimed_at.getTime()]));
  const presented = { transaction: await kind.transactionOf(db, id), code };
  const said = await serviceFor(institution).verifyConfirmation(user_id, confirmation_id, presented, key);
  const presentedBy = { customerId: row.customer_id, userId: user_id };
  const verdict = await verdictOf(dependencies, institution, presentedBy, said);
  const event = { institution: institution.key, customer: row.customer_id, event: type, verdict };
  logger.info(event, 'presented confirmation');
  switch (verdict) {
    case 'accepted':
      await fulfilAlone(dependencies, institution, kind, { id, claimedAt: claimed_at });
      break;
    case 'code-refused':
      await unclaimRequest(db, table, id, claimed_at, 'waiting');
      return 'code-refused';
    case 'pending':
    case 'unreachable':
      return verdict;
    default: {
      const refused = { ...presentedBy, id, claimedAt: claimed_at, reason: verdict, said };
      await refuse(dependencies, institution, kind, refused);
    }
  }
  return settled(await readRequest(db, table, id));
}

interface Refused {
  readonly id: string;
  readonly userId: string;
  readonly claimedAt: Date;
  readonly reason: RefusalReason;
  readonly said: ServiceAnswer<VerifiedConfirmation>;
}

async function refuse(
  dependencies: RequestDependencies,
  institution: Institution,
  { table }: RequestKind,
  { id, userId, claimedAt, reason, said }: Refused,
): Promise<void> {
  // For these reasons the confirmation may still be open.
  const cancel = reason === 'token' || reason === 'mismatch';
  await dependencies.db.transaction().execute(async (trx) => {
    const refused = await refuseRequest(trx, table, id, { claimedAt }, { reason, cancel });
    if (!refused || said.kind !== 'ok') return;
    await mailDecision(dependencies, institution, { userId, confirmation: said.value.confirmation }, trx);
  });
}

export function settled({ state, mode }: RequestRow): Execution {
  if (state === 'done') return 'done';
  if (state === 'executing') return 'pending';
  // Another window's code was refused meanwhile.
  return state === 'waiting' && mode === 'code' ? 'code-refused' : 'ended';
}

/**
 * For a token that shows no details. The customer who typed the code has left, so a refused code ends the request. A call
 * that the token service did not look at tells nothing of the one before it.
 */
async function carryOutByCode(
  dependencies: RequestDependencies,
  institution: Institution,
  kind: RequestKind,
  row: RequestRow,
): Promise<Execution> {
  const { db } = dependencies;
  const { id, claimed_at: claimedAt } = row;
  const verdict = await presentByCode(dependencies, institution, kind, row);
  if (verdict === 'unreachable') return verdict;
  if (claimedAt === null || verdict === 'pending' || verdict === 'not-asked') return 'pending';
  if (verdict === 'accepted') await fulfilAlone(dependencies, institution, kind, { id, claimedAt });
  else {
    const reason = verdict === 'token' ? 'token' : 'code';
    await refuseRequest(db, kind.table, id, { claimedAt }, { reason, cancel: false });
  }
  return settled(await readRequest(db, kind.table, id));
}

/** Executes an accepted request in one transaction; if that is not possible after all, refuses it. */
export async function fulfilAlone(
  dependencies: RequestDependencies,
  institution: Institution,
  kind: RequestKind,
  { id, claimedAt }: Pick<Refused, 'id' | 'claimedAt'>,
): Promise<void> {
  const { db, wakeOutbox } = dependencies;
  try {
    await db.transaction().execute((trx) => kind.fulfil(dependencies, institution, id, trx));
    wakeOutbox();
  } catch (error) {
    if (!(error instanceof UnfitError)) throw error;
    await refuseRequest(db, kind.table, id, { claimedAt }, { reason: error.reason, cancel: false });
  }
}
