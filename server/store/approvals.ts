import { sql } from 'kysely';
import type { ApprovalStatus } from '../../core/api/approval.ts';
import type { Policies, Policy } from '../../core/institution/policy.ts';
import { cancelLogins, seconds, tell } from './confirmation-sql.ts';
import type { Database } from './database.ts';
import { pushTo } from './push.ts';
import type { ApprovalRow, TokenRow } from './schema.ts';
import { takenUntil, takenUntilMs } from './taken-until.ts';
import { isSetUp, type Write } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';
import { WRITE_COLUMNS, writeInput } from './write-input.ts';

/*
 * 承認 of codes. A device that fills asks, and has one question at a time: a newer one takes the place of an older. How often it
 * may ask is one column of its row, as for a token's confirmations. A question ends by its time, a decision, the device that
 * asked, or an act on its token (`acts.ts`). A token or a device that goes out of use otherwise makes it useless by the
 * conditions of the statements. Every statement that waits for both locks the question before its device and its token: a count of the rows
 * to be locked first, which is always true, has it so.
 */

/** Of a row of `tokens t`, at the time of an input `i`. */
const inUse = sql`t.status in ('enrolled', 'active') and t.expires_at > i.at`;

/** The status at a moment, for a token that is as it is then. */
export function approvalStatusAt(
  { status, expires_at }: ApprovalRow,
  token: TokenRow,
  at: Date,
): ApprovalStatus {
  if (status !== 'waiting') return status;
  if (expires_at <= at) return 'expired';
  return isSetUp(token, at) ? 'waiting' : 'withdrawn';
}

/** A question as the device that fills signed it. */
export interface AskForCode {
  readonly write: Write;
  readonly id: string;
  readonly tokenId: string;
  readonly deviceId: string;
  readonly request: string;
}

/** Seconds that the questions beside a new one stand for. */
const othersS = ({ approvalEverySeconds, approvalsAtOnce }: Policy) =>
  approvalEverySeconds * (approvalsAtOnce - 1);

/** Most seconds for which questions use up the rate: one that is refused takes more, and one is for nodes whose clocks differ. */
const mostS = ({ approvalEverySeconds, approvalsAtOnce, unansweredTakesMore }: Policy) =>
  approvalEverySeconds * (approvalsAtOnce + unansweredTakesMore + 1);

/**
 * Asks, if the device may fill, the token is in use and the device has not asked too often. Devices that are subscribed are told
 * with the same statement. Rejects with a unique violation if there is a question of this id, or if the device asks twice at once.
 * @returns undefined where it may not ask now
 */
export async function askForCode(
  db: Database,
  policies: Policies,
  { write, id, tokenId, deviceId, request }: AskForCode,
): Promise<ApprovalRow | undefined> {
  const policy = policies(write.institution);
  const asked = {
    ...writeInput(write),
    id,
    token_id: tokenId,
    device_id: deviceId,
    request,
    wait_s: policy.approvalSeconds,
    every_s: policy.approvalEverySeconds,
    others_s: othersS(policy),
    most_s: mostS(policy),
  };
  const taken = takenUntil('d.asked_until', 'i.at', sql.ref('i.most_s'));
  const { rows } = await sql<ApprovalRow>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([asked])}::jsonb) as i(
        ${WRITE_COLUMNS}, id text, token_id text, device_id text, request text, wait_s double precision,
        every_s double precision, others_s double precision, most_s double precision)
    ), before as (
      select p.id from input i join approvals p on p.device_id = i.device_id where p.status = 'waiting' for update of p
    ), admitted as (
      update devices d set asked_until = ${taken} + ${seconds('i.every_s')}
      from input i join tokens t on t.id = i.token_id
      where d.id = i.device_id and d.token_id = i.token_id and d.removed_at is null and d.may_fill and not d.may_decide
        and ${inUse} and ${taken} <= i.at + ${seconds('i.others_s')} and (select count(*) from before) >= 0
      returning i.*
    ), superseded as (
      update approvals p set status = 'superseded' from admitted a, before b where p.id = b.id
      returning p.id
    ), asked as (
      insert into approvals (id, token_id, device_id, request, status, expires_at)
      select id, token_id, device_id, request, 'waiting', at + ${seconds('wait_s')} from admitted
      where (select count(*) from superseded) >= 0
      returning *
    ), pushed as (${pushTo('admitted', 'token')}),
    audited as (
      insert into audit (at, institution, token_id, event, outcome, request_id, device_id)
      select at, institution, token_id, 'ask-code', 'done', request_id, device_id from admitted
    )
    select asked.*, pg_notify(${sql.lit(WAKE_CHANNEL)}, concat_ws('/', token_id, id,
      case when exists (select from pushed) then 'pushes' end)) as woken
    from asked`.execute(db);
  return rows[0];
}

/** Until when a device has used up its questions. */
export async function askedUntil(db: Database, deviceId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('devices')
    .select('asked_until')
    .where('id', '=', deviceId)
    .executeTakeFirst();
  return row?.asked_until ?? null;
}

/** When a device may ask again, by the column: `now` or later. */
export const mayAskAt = (until: Date | null, policy: Policy, now: number): number =>
  Math.max(now, takenUntilMs(until, now, mostS(policy)) - othersS(policy) * 1000);

export function findApproval(db: Database, tokenId: string, id: string): Promise<ApprovalRow | undefined> {
  return db
    .selectFrom('approvals')
    .selectAll()
    .where('id', '=', id)
    .where('token_id', '=', tokenId)
    .executeTakeFirst();
}

/** The questions that wait for a token's customer, of devices that are not removed; oldest first. */
export function waitingApprovals(db: Database, tokenId: string, at: Date) {
  return db
    .selectFrom('approvals')
    .innerJoin('devices', 'devices.id', 'approvals.device_id')
    .select(['approvals.request', 'approvals.expires_at', 'devices.jkt'])
    .where('approvals.token_id', '=', tokenId)
    .where('approvals.status', '=', 'waiting')
    .where('approvals.expires_at', '>', at)
    .where('devices.removed_at', 'is', null)
    .orderBy('approvals.expires_at')
    .execute();
}

/** The device that asked does not need the code any more. */
export async function withdrawApproval(
  db: Database,
  { tokenId, id, deviceId }: { tokenId: string; id: string; deviceId: string },
): Promise<void> {
  await sql`
    update approvals set status = 'withdrawn'
    where id = ${id} and token_id = ${tokenId} and device_id = ${deviceId} and status = 'waiting'
    returning pg_notify(${sql.lit(WAKE_CHANNEL)}, token_id || '/' || id) as woken`.execute(db);
}

/** A customer's decision, signed by a device of the token that may decide. */
export interface DecideOnCode {
  readonly write: Write;
  readonly id: string;
  readonly tokenId: string;
  readonly deviceId: string;
  readonly decision: Extract<ApprovalRow['status'], 'approved' | 'refused' | 'not-me'>;
  readonly signed: string;
}

/**
 * Takes a decision, once, while the question waits and both devices have their rights. "Not me" is taken of a question that was
 * not decided, however it ended: whoever asked could otherwise end it in time. It suspends the token, cancels what else was asked
 * of it and tells the bank, in the same statement. After a question that was refused its device has to wait longer.
 * Confirmations are locked before their token and without waiting, as everywhere.
 */
export async function decideOnCode(
  db: Database,
  policies: Policies,
  { write, id, tokenId, deviceId, decision, signed }: DecideOnCode,
): Promise<void> {
  const policy = policies(write.institution);
  const asked = {
    ...writeInput(write),
    id,
    token_id: tokenId,
    decider: deviceId,
    decision,
    signed,
    cool_down_s: policy.approvalEverySeconds * policy.unansweredTakesMore,
    most_s: mostS(policy),
  };
  await sql`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([asked])}::jsonb) as i(
        ${WRITE_COLUMNS}, id text, token_id text, decider text, decision text, signed text, cool_down_s double precision,
        most_s double precision)
    ), live as (
      select c.id from input i join confirmations c on c.token_id = i.token_id
      where i.decision = 'not-me' and c.status in ('waiting', 'confirmed')
      for update of c skip locked
    ), decided as (
      update approvals p set status = i.decision, signed_decision = i.signed, decided_by = i.decider
      from input i, tokens t, devices d, devices f
      where p.id = i.id and p.token_id = i.token_id and f.id = p.device_id
        and case i.decision
          when 'not-me' then p.status in ('waiting', 'superseded', 'withdrawn')
          else p.status = 'waiting' and p.expires_at > i.at and f.removed_at is null
        end
        and t.id = i.token_id and ${inUse}
        and d.id = i.decider and d.token_id = i.token_id and d.may_decide and d.removed_at is null
        and (select count(*) from live) >= 0
      returning p.id, p.token_id, p.device_id, p.status, i.at, i.institution, i.request_id, i.decider, i.cool_down_s, i.most_s
    ), cooled as (
      update devices f set asked_until = ${takenUntil('f.asked_until', 'd.at', sql.ref('d.most_s'))} + ${seconds('d.cool_down_s')}
      from decided d where f.id = d.device_id and d.status = 'refused'
    ), suspended as (
      update tokens t set status = 'suspended', suspended_from = t.status, suspended_at = d.at, suspended_by = 'not-me'
      from decided d
      where t.id = d.token_id and d.status = 'not-me' and t.status in ('enrolled', 'active')
      returning d.*
    ), changed as (
      update confirmations c set status = 'cancelled' from live, suspended s where c.id = live.id
      returning c.id, c.token_id, c.institution, c.status, s.at, s.request_id, s.decider
    ), ${cancelLogins(sql`suspended`)}, told as (${tell}), told_of_token as (
      insert into events (id, channel, target, institution, token_id, created_at, due_at)
      select request_id || '.suspend', 'bank', institution, institution, token_id, at, at from suspended
    ), audited as (
      insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, device_id)
      select at, institution, token_id, null, 'decide-code',
        case status when 'approved' then 'confirmed' when 'refused' then 'rejected' else status end, request_id, decider
      from decided
      union all
      select at, institution, token_id, id, 'decide', 'cancelled', request_id, decider from changed
    )
    select pg_notify(${sql.lit(WAKE_CHANNEL)}, concat_ws('/', token_id, id, (
      select string_agg(id, '/') from changed), case when status = 'not-me' then 'events' end)) as woken
    from decided`.execute(db);
}
