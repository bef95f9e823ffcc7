import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { findCustomer } from '../store/customers.ts';
import { type ProposalRow, settleProposal } from '../store/proposals.ts';
import { REPEAT_MS } from '../token/client.ts';
import { idempotencyKey, type Outcome } from '../web/submission.ts';
import { actOnToken, findOnToken, type OnToken } from './on-token.ts';
import { proposalPath, recordPath } from './paths.ts';
import { logActed, record, recordDone, type WrittenAct } from './written.ts';

export type CarryOutDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'keys' | 'randomBytes' | 'staff' | 'logger' | 'wakeOutbox'
>;

/**
 * Does what was approved, or finds out what came of it where the token service may have forgotten the key.
 * @returns unavailable where the outcome is not known, or the token service was busy
 */
export async function carryOut(
  dependencies: CarryOutDependencies,
  institution: Institution,
  proposal: ProposalRow,
): Promise<Outcome> {
  const written = await writtenProposal(dependencies, institution, proposal);
  const age = dependencies.clock() - (proposal.decided_at?.getTime() ?? 0);
  return age < REPEAT_MS
    ? carryOutWritten(dependencies, written, String(proposal.id))
    : settle(dependencies, written, String(proposal.id), await findOnToken(dependencies, written));
}

/**
 * Does what was approved, as it will be written down. The idempotency key is the proposal's, so any number of calls, at once or
 * after a lost answer, act once. The proposal stays approved until the outcome is known.
 */
export async function carryOutWritten(
  dependencies: CarryOutDependencies,
  written: WrittenAct,
  id: string,
): Promise<Outcome> {
  const key = idempotencyKey(dependencies, `proposal ${id}`, written.act);
  return settle(dependencies, written, id, await actOnToken(dependencies, written, key));
}

async function settle(
  dependencies: CarryOutDependencies,
  written: WrittenAct,
  id: string,
  answer: OnToken,
): Promise<Outcome> {
  const { db } = dependencies;
  if (answer.kind === 'busy') return { kind: 'unavailable', busy: true };
  if (answer.kind === 'unanswered') {
    await record(dependencies, db, written, 'unanswered');
    return { kind: 'unavailable' };
  }
  const no = await db.transaction().execute(async (trx) => {
    if (!(await settleProposal(trx, id, answer.kind === 'done' ? 'done' : 'failed'))) return undefined;
    if (answer.kind === 'done') return recordDone(dependencies, trx, written, answer);
    await record(dependencies, trx, written, 'refused');
    return undefined;
  });
  if (no === undefined) return { kind: 'done', to: proposalPath(id) };
  logActed(dependencies, written);
  return { kind: 'done', to: recordPath(written.customer.id, no) };
}

/** The act is the proposer's, with the proposer's reason, whoever carries it out. */
export async function writtenProposal(
  { db }: Pick<BankDependencies, 'db'>,
  institution: Institution,
  { id, proposed_by, customer_id, user_id, act, reason }: ProposalRow,
): Promise<WrittenAct> {
  return {
    institution,
    staffId: proposed_by,
    customer: await findCustomer(db, customer_id),
    userId: user_id,
    act,
    reason,
    key: sha256(`staff proposal ${id}`),
    proposal: String(id),
  };
}
