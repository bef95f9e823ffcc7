import { type RawBuilder, sql } from 'kysely';
import type { AuditEvent } from '../../core/api/audit.ts';
import type { Write } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';

/** Fragments that the statements about confirmations share. */

/** The write, as a table `g` of one row. */
export const given = ({ at, institution, requestId }: Write) => sql`g as (
  select ${at}::timestamptz as at, ${institution}::text as institution, ${requestId}::text as request_id)`;

/** Remembers the outcome of rows that carry an idempotent write. */
export const remember = (rows: string, accepted: RawBuilder<unknown> = sql`true`) => sql`
  insert into idempotency (institution, key, request_hash, token_id, confirmation_id, accepted, created_at)
  select institution, key, decode(request_hash, 'hex'), token_id, id, ${accepted}, at from ${sql.table(rows)}`;

/** Writes rows `(id, token_id, at, institution, request_id)` into the audit. */
export const audit = (
  event: AuditEvent,
  outcome: RawBuilder<unknown>,
  rows: string,
  device: RawBuilder<unknown> = sql`null`,
) => sql`
  insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, device_id)
  select at, institution, token_id, id, ${event}, ${outcome}, request_id, ${device} from ${sql.table(rows)}`;

/** Audit rows of the tokens `(at, institution, token_id, request_id, status, failures)` that a wrong code has just locked. */
export const locksOf = (counted: string) => sql`
  select at, institution, token_id, null::text, 'lock', 'done', request_id, failures
  from ${sql.table(counted)} where status = 'locked'`;

/** Ids that one notification, of at most 8,000 bytes, has; whoever is not woken looks now and then. */
const MOST_WOKEN = 100;

/**
 * Wakes those who wait for the token of a row `outcome`, or for a pairing with it, where a wrong code has just locked it, as
 * {@link locksOf} says: `token/pairing`.
 */
export const wakeLocked = (counted: string) => sql`(
  select pg_notify(${sql.lit(WAKE_CHANNEL)}, concat_ws('/', l.token_id, (
    select string_agg(p.id, '/') from (
      select id from pairings
      where token_id = l.token_id and status in ('claimed', 'answered', 'symbols') limit ${sql.lit(MOST_WOKEN)}) p)))::text
  from ${sql.table(counted)} l where l.token_id = outcome.token_id and l.status = 'locked') as locked_woken`;

/** Makes an event for the bank of every row `changed`, once for each status. */
export const tell = sql`
  insert into events (id, channel, target, institution, confirmation_id, created_at, due_at)
  select id || '.' || status, 'bank', institution, institution, id, at, at from changed on conflict do nothing`;

/**
 * Cancels the logins of the tokens of rows `(token_id)`, but for those that another statement holds: no two may wait for each
 * other.
 */
export const cancelLogins = (rows: RawBuilder<unknown>) => sql`logins as (
  select c.id from ${rows} r join challenges c on c.token_id = r.token_id
  where c.status in ('waiting', 'signed')
  for update of c skip locked
), logins_cancelled as (
  update challenges c set status = 'cancelled' from logins where c.id = logins.id
)`;

/** Wakes those who wait for the row's token or confirmation: `token/confirmation`. */
export const wake = sql`pg_notify(${sql.lit(WAKE_CHANNEL)}, token_id || '/' || id) as woken`;

/** Wakes also the delivery of events, after {@link tell}: `token/confirmation/events`. */
export const wakeAndTell = sql`pg_notify(${sql.lit(WAKE_CHANNEL)}, token_id || '/' || id || '/events') as woken`;

/** Wakes also the delivery of what was `pushed` for the row `asked`: `token/confirmation/pushes`. */
export const wakeAndPush = sql`pg_notify(${sql.lit(WAKE_CHANNEL)}, concat_ws('/', asked.token_id, asked.id,
  case when exists (select from pushed where confirmation_id = asked.id) then 'pushes' end)) as woken`;

/** A column of seconds as an interval. */
export const seconds = (column: string) => sql`make_interval(secs => ${sql.ref(column)})`;
