import { sql } from 'kysely';
import type { Policies } from '../../core/institution/policy.ts';
import { audit, given, locksOf, remember, seconds, wake } from './confirmation-sql.ts';
import type { Database } from './database.ts';
import type { ConfirmationRow } from './schema.ts';
import type { IdempotentWrite, Write } from './tokens.ts';
import { byToken, inTokenOrder, WRITE_COLUMNS, writeInput } from './write-input.ts';

/** A confirmed confirmation to be used. */
export interface Use {
  readonly write: IdempotentWrite;
  readonly id: string;
  readonly tokenId: string;
  /** Whether the bank presented a code; the mode says if one is needed. */
  readonly hasCode: boolean;
  /** Whether the code is the right one for the details; true if the mode needs no code. */
  readonly fits: Promise<boolean>;
}

/** Outcome of a use. overtaken: the confirmation or its token changed before the use had its turn, so it was not judged. */
export type Used =
  | { readonly outcome: 'done'; readonly row: ConfirmationRow }
  | { readonly outcome: 'wrong' | 'spent' | 'overtaken' };

/**
 * Uses confirmed confirmations, at most one of each token, or counts the wrong code. The statement is conditional on the rows
 * when its turn comes, so that one of any number of requests wins. A use gives the question's place back. A wrong code counts
 * towards the token's lock, as a wrong login code does, and several end the confirmation. The statement remembers acceptance
 * and wrong codes; the caller audits a use of a spent confirmation. Rejects with a unique violation, and does nothing, if an
 * idempotency key was used before.
 * @param uses in the order of their arrival, with right and wrong codes alike
 * @returns in the order given
 */
export async function useConfirmations(
  db: Database,
  policies: Policies,
  uses: readonly Use[],
): Promise<Used[]> {
  const inputs = (await Promise.all(uses.map((use) => useInput(policies, use)))).toSorted(byToken);
  const { rows } = await sql<ConfirmationRow & { asked: string; outcome: Used['outcome'] }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb)
        as i(
          ${WRITE_COLUMNS}, id text, token_id text, has_code boolean, fits boolean, wrong_to_lock integer,
          wrong_to_cancel integer, question_s double precision)
    ), held as (
      select i.*, c.status, c.use_by
      from input i join confirmations c on c.id = i.id and c.token_id = i.token_id
      ${inTokenOrder('i.token_id')} for update of c
    ), token_held as (
      select h.*, t.status as token_status, t.expires_at as token_expires_at
      from held h join tokens t on t.id = h.token_id ${inTokenOrder('h.token_id')} for update of t
    ), outcome as (
      select h.*, case
        when h.status = 'spent' then 'spent'
        when h.status <> 'confirmed' or h.use_by <= h.at then 'overtaken'
        when h.token_status <> 'active' or h.token_expires_at <= h.at then 'overtaken'
        when h.fits then 'done'
        else 'wrong' end as outcome
      from token_held h
    ), judged as (
      select * from outcome where outcome in ('done', 'wrong')
    ), used as (
      update confirmations c set
        status = case
          when j.outcome = 'done' then 'spent'
          when c.wrong_codes + 1 >= j.wrong_to_cancel then 'cancelled'
          else c.status end,
        wrong_codes = c.wrong_codes + case j.outcome when 'wrong' then 1 else 0 end
      from judged j where c.id = j.id
      returning c.*
    ), right_token as (
      update tokens set
        failures = case when j.has_code then 0 else failures end,
        asked_until = asked_until - ${seconds('j.question_s')}
      from judged j where tokens.id = j.token_id and j.outcome = 'done'
    ), wrong_token as (
      update tokens set
        failures = failures + 1,
        status = case when failures + 1 >= j.wrong_to_lock then 'locked' else tokens.status end
      from judged j where tokens.id = j.token_id and j.outcome = 'wrong'
      returning j.at, j.institution, j.token_id, j.request_id, tokens.status, tokens.failures
    ), remembered as (${remember('judged', sql`outcome = 'done'`)}
    ), told as (
      select * from outcome where outcome <> 'spent'
    ), audited as (
      insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, failures)
      select at, institution, token_id, id, 'use', outcome, request_id, null::integer from told
      union all ${locksOf('wrong_token')}
    ), woken as (
      select *, ${wake} from used
    )
    select woken.*, outcome.id as asked, outcome.outcome
    from outcome left join woken on woken.id = outcome.id`.execute(db);
  const byId = new Map(rows.map((row) => [row.asked, row]));
  return uses.map(({ id }) => {
    const row = byId.get(id);
    if (row === undefined) return { outcome: 'overtaken' };
    return row.outcome === 'done' ? { outcome: 'done', row } : { outcome: row.outcome };
  });
}

async function useInput(policies: Policies, { write, id, tokenId, hasCode, fits }: Use) {
  const { wrongCodesToLock, wrongCodesToCancel, questionSeconds } = policies(write.institution);
  return {
    ...writeInput(write),
    id,
    token_id: tokenId,
    has_code: hasCode,
    fits: await fits,
    wrong_to_lock: wrongCodesToLock,
    wrong_to_cancel: wrongCodesToCancel,
    question_s: questionSeconds,
  };
}

/** Why a confirmation could not be used. No code was judged, and nothing counts. */
export type UseRefusal = 'stopped' | 'spent' | 'differs';

/** Audits that a confirmation was not used. */
export async function auditRefusedUse(
  db: Database,
  write: Write,
  { id, token_id }: ConfirmationRow,
  reason: UseRefusal,
): Promise<void> {
  await sql`
    with ${given(write)}, refused as (
      select ${id}::text as id, ${token_id}::text as token_id, g.* from g
    ) ${audit('use', sql`${reason}::text`, 'refused')}`.execute(db);
}
