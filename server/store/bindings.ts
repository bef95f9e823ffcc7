import { sql } from 'kysely';
import type { Policy } from '../../core/institution/policy.ts';
import type { Judgement } from '../../core/otp/verify.ts';
import type { CodeOutcome } from './codes.ts';
import { locksOf, seconds } from './confirmation-sql.ts';
import type { Database } from './database.ts';
import { trySeconds } from './enrolments.ts';
import type { TokenRow } from './schema.ts';
import { takenUntil } from './taken-until.ts';
import type { IdempotentWrite } from './tokens.ts';
import { inTokenOrder, WRITE_COLUMNS, writeInput } from './write-input.ts';

/**
 * A token whose serial a request names, bound or not. Of an unbound hardware token neither `user_id` nor `enrol_by` is set:
 * nobody issued it to anybody.
 */
export type SerialRow = Omit<TokenRow, 'user_id' | 'enrol_by'> & {
  readonly user_id: string | null;
  readonly enrol_by: Date | null;
};

/** The token of an institution with a serial. */
export function findSerial(
  db: Database,
  institution: string,
  serial: string,
): Promise<SerialRow | undefined> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where('institution', '=', institution)
    .where('serial', '=', serial)
    .executeTakeFirst();
}

/** What came of it: of the token that was to be bound, or else of the one given back for it. */
export type BindOutcome = CodeOutcome | 'unknown' | 'limited';

export type CodeJudged = Judgement | { readonly kind: 'stopped' };

/** A token that is to become a contract's by its serial, in the place of another or of none. */
export interface Binding {
  readonly write: IdempotentWrite;
  /** `''` where nobody has the serial. */
  readonly tokenId: string;
  readonly judgement: CodeJudged;
  /** Its ユーザID, where it has none yet. */
  readonly userId: string;
  /** Its 有効期限, where it has none yet. */
  readonly expiresAt: Date;
  /** The token that is given back for it. */
  readonly old?: { readonly tokenId: string; readonly judgement: CodeJudged };
  readonly policy: Policy;
}

/**
 * Binds an unbound token, and releases the one that is given back for it: both or neither, by the rows as they are when
 * their turn comes, so that of two contracts at once, on any number of nodes, one has the token. One statement, with what is
 * remembered and audited. A wrong code of the new token counts as a try at it, as those at an issue do; a wrong code of the old
 * one counts towards its lock. What comes of a serial that is not bound is nobody's, and only counted by the hour. Rejects
 * with a unique violation, and does nothing, where the idempotency key was used before, or the ユーザID is taken.
 */
export async function bindToken(db: Database, binding: Binding): Promise<BindOutcome> {
  const { rows } = await sql<{ outcome: BindOutcome }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([inputOf(binding)])}::jsonb) as i(
        ${WRITE_COLUMNS}, token_id text, judged text, step integer, drift integer, user_id text, expires_at timestamptz,
        old_id text, old_judged text, old_step integer, wrong_to_lock integer, try_s double precision,
        other_tries_s double precision, most_tries_s double precision)
    ), held as (
      select t.* from tokens t, input i where t.id in (i.token_id, i.old_id) ${inTokenOrder('t.id')} for update of t
    ), outcome as (
      select i.*, coalesce(n.user_id, i.user_id) as new_user_id, case
          when n.id is null then 'unknown'
          when n.status <> 'enrolled' or n.kind = 'software' or n.enrol_by <= i.at or n.expires_at <= i.at then 'stopped'
          when ${takenUntil('n.activation_until', 'i.at', sql.ref('i.most_tries_s'))} > i.at + ${seconds('i.other_tries_s')} then 'limited'
          when i.judged <> 'fresh' then i.judged
          when n.last_step >= i.step then 'spent'
          else 'done' end as new_outcome,
        case
          when i.old_id is null then 'done'
          when o.status in ('locked', 'suspended') or o.expires_at <= i.at then 'stopped'
          when o.status <> 'active' then 'overtaken'
          when i.old_judged <> 'fresh' then i.old_judged
          when o.last_step >= i.old_step then 'spent'
          else 'done' end as old_outcome
      from input i left join held n on n.id = i.token_id left join held o on o.id = i.old_id
    ), judged as (
      select *, new_outcome = 'done' and old_outcome = 'done' as done from outcome
    ), bound as (
      update tokens set
        status = 'active', user_id = j.new_user_id, enrol_by = coalesce(tokens.enrol_by, j.at), activated_at = j.at,
        last_step = j.step, drift = j.drift, failures = 0, activation_until = null,
        expires_at = coalesce(tokens.expires_at, j.expires_at)
      from judged j where tokens.id = j.token_id and j.done
    ), tried as (
      update tokens set
        activation_failures = activation_failures + 1,
        activation_until = ${takenUntil('tokens.activation_until', 'j.at', sql.ref('j.most_tries_s'))} + ${seconds('j.try_s')}
      from judged j where tokens.id = j.token_id and j.new_outcome = 'wrong'
    ), released as (
      update tokens set
        status = 'released', released_at = j.at, last_step = j.old_step, failures = 0, secret = null,
        activation_password = null, replaced_by = j.new_user_id
      from judged j where tokens.id = j.old_id and j.done
    ), counted as (
      update tokens set
        failures = failures + 1,
        status = case when failures + 1 >= j.wrong_to_lock then 'locked' else tokens.status end
      from judged j where tokens.id = j.old_id and j.old_outcome = 'wrong'
      returning j.at, j.institution, tokens.id as token_id, j.request_id, tokens.status, tokens.failures
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, accepted, created_at)
      select institution, key, decode(request_hash, 'hex'), token_id, done, at from judged
    ), audited as (
      insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, failures)
      select at, institution, token_id, null, 'bind', 'done', request_id, null::integer from judged where done
      union all
      select at, institution, old_id, null, 'exchange',
        case when done then 'done' when old_outcome = 'done' then 'not-bound' else old_outcome end, request_id, null
      from judged where old_id is not null
      union all ${locksOf('counted')}
    ), strangers as (
      insert into stranger_counts (institution, event, outcome, since, count)
      select institution, 'bind', new_outcome, date_trunc('hour', at, 'UTC'), 1 from judged where new_outcome <> 'done'
      on conflict (institution, event, outcome, since) do update set count = stranger_counts.count + excluded.count
    )
    select case new_outcome when 'done' then old_outcome else new_outcome end as outcome from judged`.execute(
    db,
  );
  return rows[0]?.outcome ?? 'overtaken';
}

function inputOf({ write, tokenId, judgement, userId, expiresAt, old, policy }: Binding) {
  return {
    ...writeInput(write),
    token_id: tokenId,
    judged: judgement.kind,
    ...(judgement.kind === 'fresh' && { step: judgement.step, drift: judgement.drift }),
    user_id: userId,
    expires_at: expiresAt,
    ...trySeconds(policy),
    wrong_to_lock: policy.wrongCodesToLock,
    ...(old && {
      old_id: old.tokenId,
      old_judged: old.judgement.kind,
      ...(old.judgement.kind === 'fresh' && { old_step: old.judgement.step }),
    }),
  };
}
