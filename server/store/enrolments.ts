import { sql } from 'kysely';
import type { Device } from '../../core/api/bank.ts';
import type { PublicJwk } from '../../core/institution/directory.ts';
import type { Policies, Policy } from '../../core/institution/policy.ts';
import { seconds } from './confirmation-sql.ts';
import type { Database } from './database.ts';
import { standsBehind } from './replacements.ts';
import { takenUntil } from './taken-until.ts';
import type { Write } from './tokens.ts';
import { byToken, inTokenOrder, WRITE_COLUMNS, writeInput } from './write-input.ts';

/** An attempt at 初期設定: the token's three values and keys, and what the token gets if they are right. */
export interface Enrol {
  readonly write: Write;
  /** `''` if no issue has this user id. */
  readonly tokenId: string;
  readonly fits: boolean;
  /** Id of the new device. */
  readonly deviceId: string;
  /** Thumbprint of the key that signed the proof, the proof's id, and when the id may be forgotten. */
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
 * again: the same token asks again because it lost the answer · taken: the values are right, but another token has the issue
 * or another issue has the key · unknown: no such issue · stopped: the issue has ended · limited: tried too often, not judged
 * · overtaken: the token changed before the attempt had its turn; try again
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

/**
 * Seconds for which a try counts, seconds that the tries beside a new one stand for, and most for which tries use up the rate: one
 * is for nodes whose clocks differ.
 */
export const trySeconds = ({ activationTriesAtOnce, activationTryMinutes }: Policy) => ({
  try_s: activationTryMinutes * 60,
  other_tries_s: (activationTriesAtOnce - 1) * activationTryMinutes * 60,
  most_tries_s: (activationTriesAtOnce + 1) * activationTryMinutes * 60,
});

/**
 * Completes 初期設定, once, or counts a try, by the token's row when its turn comes. Every attempt is the same statement, so
 * that the time taken reveals nothing. Each judged try has a line in the audit; an issue has no more of them than void it. All
 * other tries are only counted by the hour, so that strangers cannot make a table grow. The statement sees the devices that
 * existed when it began; if the token has changed since, it judges nothing. Rejects with a unique violation if a serial or a
 * key was taken at the same moment.
 * @param attempts at most one for each issue, in the order of their arrival
 * @returns in the order given
 */
export async function enrolTokens(
  db: Database,
  policies: Policies,
  attempts: readonly Enrol[],
): Promise<EnrolOutcome[]> {
  const inputs = attempts
    .map((attempt, place) => {
      const policy = policies(attempt.write.institution);
      const input = enrolInput(attempt, place);
      return { ...input, ...trySeconds(policy), wrong_to_void: policy.wrongActivationsToVoid };
    })
    .toSorted(byToken);
  const { rows } = await sql<{ place: number; outcome: EnrolOutcome }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
        ${WRITE_COLUMNS}, place integer, token_id text, fits boolean, device_id text, jkt text, jti text,
        proof_until timestamptz, serial text, secret text, receiving_key jsonb, expires_at timestamptz,
        form text, name text, wrong_to_void integer, try_s double precision, other_tries_s double precision,
        most_tries_s double precision)
    ), held as (
      select i.place, t.status, t.enrol_by, t.activation_until,
        (select before.status from tokens before where before.id = i.token_id) as status_before,
        exists (select from devices d where d.jkt = i.jkt and d.token_id = i.token_id) as is_device,
        exists (select from devices d where d.jkt = i.jkt) as key_taken,
        t.replaces is null or exists (
          select from tokens o
          where o.institution = t.institution and o.user_id = t.replaces and ${standsBehind(sql`i.at`)}) as stands
      from input i join tokens t on t.id = i.token_id ${inTokenOrder('i.token_id')} for update of t
    ), outcome as (
      select i.*, case
        when h.place is null then 'unknown'
        when h.status <> h.status_before then 'overtaken'
        when h.status not in ('issued', 'enrolled') or h.status = 'issued' and h.enrol_by <= i.at then 'stopped'
        when not h.stands then 'stopped'
        when h.status = 'enrolled' and h.is_device and i.fits then 'again'
        when ${takenUntil('h.activation_until', 'i.at', sql.ref('i.most_tries_s'))} > i.at + ${seconds('i.other_tries_s')} then 'limited'
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
        activation_until = ${takenUntil('tokens.activation_until', 't.at', sql.ref('t.most_tries_s'))} + ${seconds('t.try_s')},
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

/** Whether this try voids the issue. Tries do not void a token that is set up. */
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
