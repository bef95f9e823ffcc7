import { sql } from 'kysely';
import type { Device } from '../../core/api/bank.ts';
import type { PublicJwk } from '../../core/institution/directory.ts';
import type { Policies } from '../../core/institution/policy.ts';
import type { Database } from './database.ts';
import type { Write } from './tokens.ts';
import { byToken, WRITE_COLUMNS, writeInput } from './write-input.ts';

/**
 * How often a 利用開始パスワード may be tried for one issue, whoever tries: ten times at once, and once an hour after.
 * A stranger's tries stop being judged long before they could void the issue.
 */
export const ACTIVATION_TRIES = 10;
export const ACTIVATION_TRY_S = 60 * 60;

/** A token's three values and keys, and what it becomes if they are right. */
export interface Enrol {
  readonly write: Write;
  /** `''` where no issue has these values. */
  readonly tokenId: string;
  readonly fits: boolean;
  /** Id of the device it becomes. */
  readonly deviceId: string;
  /** Thumbprint of the key that signed the proof, the proof's id, and until when that is remembered. */
  readonly jkt: string;
  readonly jti: string;
  readonly proofUntil: Date;
  readonly serial: string;
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly receivingKey: PublicJwk;
  readonly expiresAt: Date;
  readonly device: Device | undefined;
}

/**
 * again: the same token asks again, its answer lost · taken: the values are right, but the issue or the key is another's
 * already · unknown: no such issue · stopped: it is over · limited: tried too often, and not judged · overtaken: the token
 * changed before the attempt had its turn; try again
 */
export type EnrolOutcome =
  | 'done'
  | 'again'
  | 'wrong'
  | 'taken'
  | 'unknown'
  | 'stopped'
  | 'limited'
  | 'overtaken';

export const tries = (count: number) =>
  sql`make_interval(secs => ${count * ACTIVATION_TRY_S}::double precision)`;

/**
 * Completes 初期設定, once, or counts a try, by the row as it is when its turn comes. Every attempt is the same statement,
 * so that its time tells nothing. Tries that were judged have a line each in the audit, of which an issue has at most as
 * many as void it; all others are strangers', who are counted by the hour: nobody can make a table grow.
 * Of devices a statement sees those there were when it began: where the token has changed since then, nothing is judged.
 * Rejects with a unique violation where a serial or a key was taken at the same moment.
 * @param attempts of one issue at most one, in the order of their arrival
 * @returns in the order given
 */
export async function enrolTokens(
  db: Database,
  policies: Policies,
  attempts: readonly Enrol[],
): Promise<EnrolOutcome[]> {
  const inputs = attempts
    .map((attempt, place) => ({
      ...enrolInput(attempt, place),
      wrong_to_void: policies(attempt.write.institution).wrongActivationsToVoid,
    }))
    .toSorted(byToken);
  const { rows } = await sql<{ place: number; outcome: EnrolOutcome }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
        ${WRITE_COLUMNS}, place integer, token_id text, fits boolean, device_id text, jkt text, jti text,
        proof_until timestamptz, serial text, secret text, receiving_key jsonb, expires_at timestamptz,
        form text, name text, wrong_to_void integer)
    ), held as (
      select i.place, t.status, t.enrol_by, t.activation_until,
        (select before.status from tokens before where before.id = i.token_id) as status_before,
        exists (select from devices d where d.jkt = i.jkt and d.token_id = i.token_id) as is_device,
        exists (select from devices d where d.jkt = i.jkt) as key_taken,
        t.replaces is null or t.replace_by > i.at and exists (
          select from tokens o
          where o.institution = t.institution and o.user_id = t.replaces and o.replacement = t.user_id) as stands
      from input i join tokens t on t.id = i.token_id for update of t
    ), outcome as (
      select i.*, case
        when h.place is null then 'unknown'
        when h.status <> h.status_before then 'overtaken'
        when h.status not in ('issued', 'enrolled') or h.status = 'issued' and h.enrol_by <= i.at then 'stopped'
        when not h.stands then 'stopped'
        when h.status = 'enrolled' and h.is_device and i.fits then 'again'
        when greatest(h.activation_until, i.at) > i.at + ${tries(ACTIVATION_TRIES - 1)} then 'limited'
        when not i.fits then 'wrong'
        when h.status = 'enrolled' or h.key_taken then 'taken'
        else 'done' end as outcome
      from input i left join held h on h.place = i.place
    ), enrolled as (
      update tokens set
        status = 'enrolled', serial = o.serial, secret = decode(o.secret, 'hex'), enrolled_at = o.at,
        expires_at = o.expires_at
      from outcome o where tokens.id = o.token_id and o.outcome = 'done'
    ), added as (
      insert into devices (id, token_id, jkt, receiving_key, may_make_codes, may_decide, may_fill, added_at, form, name)
      select device_id, token_id, jkt, receiving_key, true, true, true, at, form, name from outcome where outcome = 'done'
    ), known as (
      insert into proofs (jti, expires_at)
      select jti, proof_until from outcome where outcome = 'done' on conflict do nothing
    ), tried as (
      select * from outcome where outcome in ('wrong', 'taken')
    ), counted as (
      update tokens set
        activation_failures = activation_failures + 1,
        activation_until = greatest(activation_until, t.at) + ${tries(1)},
        activation_password = case when ${isOver} then null else activation_password end,
        status = case when ${isOver} then 'void' else status end
      from tried t where tokens.id = t.token_id
    ), audited as (
      insert into audit (at, institution, token_id, event, outcome, request_id, device_id)
      select at, institution, token_id, 'enrol', outcome, request_id, case outcome when 'done' then device_id end
      from outcome where outcome in ('done', 'wrong', 'taken')
    ), strangers as (
      insert into stranger_counts (institution, event, outcome, since, count)
      select institution, 'enrol', outcome, date_trunc('hour', at, 'UTC') as since, count(*)
      from outcome where outcome in ('unknown', 'stopped', 'limited')
      group by institution, outcome, since
      on conflict (institution, event, outcome, since) do update set count = stranger_counts.count + excluded.count
    )
    select place, outcome from outcome`.execute(db);
  const outcomes = new Map(rows.map(({ place, outcome }) => [place, outcome]));
  return attempts.map((_, place) => outcomes.get(place) ?? 'unknown');
}

/** Whether this try is the last of an issue; a token that is set up is not voided by tries. */
const isOver = sql`tokens.status = 'issued' and activation_failures + 1 >= t.wrong_to_void`;

function enrolInput(
  {
    write,
    tokenId,
    fits,
    deviceId,
    jkt,
    jti,
    proofUntil,
    serial,
    secret,
    receivingKey,
    expiresAt,
    device,
  }: Enrol,
  place: number,
) {
  return {
    ...writeInput(write),
    place,
    token_id: tokenId,
    fits,
    device_id: deviceId,
    jkt,
    jti,
    proof_until: proofUntil,
    serial,
    secret: Buffer.from(secret).toString('hex'),
    receiving_key: receivingKey,
    expires_at: expiresAt,
    ...device,
  };
}
