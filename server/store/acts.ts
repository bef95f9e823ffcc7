import { type RawBuilder, sql } from 'kysely';
import { CUSTOMER, type StaffAct } from '../../core/api/staff.ts';
import { cancelLogins, tell } from './confirmation-sql.ts';
import type { Database } from './database.ts';
import { ISSUE_COLUMNS, issue, issueInput, type NewToken } from './issues.ts';
import type { IdempotentWrite } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';
import { WRITE_COLUMNS, writeInput } from './write-input.ts';

/** A token's status, or what it was before a suspension. */
const standing = sql`coalesce(t.suspended_from, t.status)`;
const isInUse = sql`${standing} in ('active', 'locked')`;
const ranOut = sql`t.status = 'issued' and t.enrol_by <= a.at`;
const unsuspended = sql`suspended_from = null, suspended_at = null, suspended_by = null`;
const isOver = sql`${unsuspended}, secret = null, activation_password = null`;
/** What becomes of a token that is taken out of use at `a.at`. */
export const released = sql`status = 'released', released_at = a.at, ${isOver}`;

interface ActRule {
  /** The state in which the token `t` must be when the act `a` has its turn, */
  readonly when: RawBuilder<unknown>;
  /** the change that the act makes to it, */
  readonly set: RawBuilder<unknown>;
  /** and which of its live confirmations `c` alone the act cancels; unless given, whatever the customer was asked. */
  readonly cancelsOnly?: RawBuilder<unknown>;
}

/** Acts on a token that need no code. From every status but the two ends an act leads on. */
const ACTS = {
  // Wrong codes at 利用開始 lock too; such a token is not in use yet.
  unlock: {
    when: sql`t.status = 'locked'`,
    set: sql`failures = 0, status = case when t.activated_at is null then 'enrolled' else 'active' end`,
  },
  suspend: {
    when: sql`t.status in ('issued', 'enrolled', 'active', 'locked') and not (${ranOut})`,
    set: sql`status = 'suspended', suspended_from = t.status, suspended_at = a.at,
      suspended_by = case when a.by_customer then 'customer' else 'staff' end`,
  },
  resume: { when: sql`t.status = 'suspended'`, set: sql`status = t.suspended_from, ${unsuspended}` },
  release: { when: isInUse, set: released },
  void: { when: sql`${standing} in ('issued', 'enrolled')`, set: sql`status = 'void', ${isOver}` },
  replace: { when: isInUse, set: released },
  /** 新しい端末でのトークン利用 begins: only the token that is issued with it may take this one's place. */
  'begin-replacement': {
    when: sql`t.status = 'active' and t.expires_at > a.at`,
    set: sql`replacement = a.user_id`,
    cancelsOnly: sql`c.new_token is not null`,
  },
} as const satisfies Record<string, ActRule>;

export type Act = keyof typeof ACTS;

export interface ActOnToken {
  readonly write: IdempotentWrite;
  readonly tokenId: string;
  readonly act: Act;
  /** The member of staff who acts, and why; undefined if the bank acts. */
  readonly by?: StaffAct | undefined;
  /** Given if the customer acts, with the device unless they act at the bank. The bank gets an event about it. */
  readonly byCustomer?: { readonly deviceId?: string | undefined } | undefined;
  /** The token that is issued in its place. */
  readonly replacement?: NewToken | undefined;
}

/** Withdraws the questions for codes of the tokens `acted`, and cancels the pairings that their devices have begun to decide. */
const endOfDevices = sql`questions as (
  select p.id from acted a join approvals p on p.token_id = a.token_id
  where p.status = 'waiting'
  for update of p skip locked
), withdrawn as (
  update approvals p set status = 'withdrawn' from questions q where p.id = q.id
), under_way as (
  select p.id from acted a join pairings p on p.token_id = a.token_id
  where p.status in ('claimed', 'answered', 'symbols')
  for update of p skip locked
), called_off as (
  update pairings p set status = 'cancelled', code_hash = null from under_way u where p.id = u.id
  returning pg_notify(${sql.lit(WAKE_CHANNEL)}, p.id) as woken
)`;

/**
 * Acts on a token, if its status allows it when the act has its turn. Act and audit are one statement: of any number of
 * concurrent acts on any number of nodes, each sees what the one before it left, and the same act is done once. It cancels
 * what the customer was asked before and tells the bank. Rejects with a unique violation, and does nothing, if the
 * idempotency key was used before.
 * @returns whether the status allowed it
 */
export async function actOnToken(
  db: Database,
  { write, tokenId, act, by, byCustomer, replacement }: ActOnToken,
): Promise<boolean> {
  const { when, set, cancelsOnly }: ActRule = ACTS[act];
  const asked = {
    ...writeInput(write),
    token_id: tokenId,
    ...by,
    ...(byCustomer && { actor: CUSTOMER, by_customer: true, device_id: byCustomer.deviceId }),
    ...(replacement && issueInput(replacement)),
  };
  // Confirmations are locked before their token, as everywhere, and without waiting, so that no two statements wait for each
  // other. What another statement holds is skipped: its token's status makes it useless, and the act that ends that cancels it.
  const { rows } = await sql`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify([asked])}::jsonb) as i(
        ${WRITE_COLUMNS}, token_id text, actor text, reason text, approval text, by_customer boolean, device_id text,
        ${ISSUE_COLUMNS})
    ), live as (
      select c.id from asked a join confirmations c on c.token_id = a.token_id
      where c.status in ('waiting', 'confirmed') and coalesce(c.use_by, c.expires_at) > a.at and ${cancelsOnly ?? sql`true`}
      for update of c skip locked
    ), acted as (
      update tokens t set ${set} from asked a
      where t.id = a.token_id and ${when} and (select count(*) from live) >= 0
      returning a.*
    ), issued as (
      ${issue('acted')} where issue_id is not null
    ), changed as (
      update confirmations c set status = 'cancelled' from live, acted where c.id = live.id
      returning c.id, c.token_id, c.institution, c.status, acted.at, acted.request_id
    ), ${cancelsOnly === undefined ? sql`${cancelLogins(sql`acted`)}, ${endOfDevices}, ` : sql``}told as (
      ${tell}
    ), told_of_token as (
      insert into events (id, channel, target, institution, token_id, created_at, due_at)
      select request_id || '.' || ${act}::text, 'bank', institution, institution, token_id, at, at from acted
      where by_customer
    ), outcome as (
      select asked.*, acted.key is not null as done from asked left join acted on true
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, accepted, created_at)
      select institution, key, decode(request_hash, 'hex'),
        case when done then coalesce(issue_id, token_id) else token_id end, done, at
      from outcome
    ), audited as (
      insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, device_id, actor, reason,
        approval)
      select at, institution, token_id, null, ${act}::text, case when done then 'done' else 'stopped' end, request_id,
        device_id, actor, reason, approval
      from outcome
      union all
      select at, institution, issue_id, null, 'issue', 'done', request_id, null, actor, reason, approval
      from outcome where done and issue_id is not null
      union all
      select c.at, c.institution, c.token_id, c.id, 'cancel', 'done', c.request_id, o.device_id, o.actor, o.reason,
        o.approval
      from changed c, outcome o
    )
    select pg_notify(${sql.lit(WAKE_CHANNEL)}, concat_ws('/', token_id, (
      select string_agg(id, '/') || '/events' from changed), case when by_customer then 'events' end)) as woken
    from acted`.execute(db);
  return rows.length === 1;
}
