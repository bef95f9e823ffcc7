import { type RawBuilder, sql } from 'kysely';
import type { ConfirmationStatus, DecisionKind } from '../../core/api/confirmation.ts';
import { MAX_FAILURES } from '../../core/otp/verify.ts';
import { MAX_WRONG_CODES } from '../../core/transaction/code.ts';
import type { Database } from './database.ts';
import type { AuditEvent, ConfirmationRow } from './schema.ts';
import type { IdempotentWrite, Write } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';

/** How long a confirmation waits for the customer, and how long it is good once confirmed. */
export const LIFETIME_MS = 5 * 60_000;

/**
 * How often a customer may be asked (ASVS 6.6.4): every question takes a place for a minute, five can be taken at once.
 * A confirmation that is used gives its place back; one that is rejected or left alone takes two more.
 */
const PLACE_S = 60;
const PLACES = 5;
const COOL_DOWN_PLACES = 2;

const LIVE = ['waiting', 'confirmed'] as const;

export function findConfirmation(
  db: Database,
  tokenId: string,
  id: string,
): Promise<ConfirmationRow | undefined> {
  return db
    .selectFrom('confirmations')
    .selectAll()
    .where('id', '=', id)
    .where('token_id', '=', tokenId)
    .executeTakeFirst();
}

/** What waits for a token's customer or is confirmed and not used yet, oldest first. */
export function liveConfirmations(db: Database, tokenId: string, at: Date): Promise<ConfirmationRow[]> {
  return db
    .selectFrom('confirmations')
    .selectAll()
    .where('token_id', '=', tokenId)
    .where('status', 'in', LIVE)
    .where((eb) => eb(eb.fn.coalesce('use_by', 'expires_at'), '>', at))
    .orderBy('expires_at')
    .execute();
}

/** The confirmation an idempotency key made. */
export async function confirmationOf(
  db: Database,
  { institution, idempotencyKey }: IdempotentWrite,
): Promise<ConfirmationRow | undefined> {
  return db
    .selectFrom('idempotency')
    .innerJoin('confirmations', 'confirmations.id', 'idempotency.confirmation_id')
    .selectAll('confirmations')
    .where('idempotency.institution', '=', institution)
    .where('idempotency.key', '=', idempotencyKey)
    .executeTakeFirst();
}

export type NewConfirmation = Pick<
  ConfirmationRow,
  'id' | 'token_id' | 'number' | 'mode' | 'details' | 'expires_at'
>;

/**
 * Asks a token's customer, if the token is in use and has a place left: one conditional update takes the place.
 * Rejects with a unique violation where the idempotency key or the number is taken.
 * @returns undefined where the token may not be asked now
 */
export async function insertConfirmation(
  db: Database,
  write: IdempotentWrite,
  { id, token_id, number, mode, details, expires_at }: NewConfirmation,
): Promise<ConfirmationRow | undefined> {
  const { rows } = await sql<ConfirmationRow>`
    with ${given(write)}, admitted as (
      update tokens set asked_until = greatest(asked_until, g.at) + ${places(1)}
      from g
      where id = ${token_id} and status = 'active' and expires_at > g.at
        and greatest(asked_until, g.at) <= g.at + ${places(PLACES - 1)}
      returning id as token_id, ${id}::text as id, g.*
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, confirmation_id, accepted, created_at)
      select institution, ${write.idempotencyKey}, ${write.requestHash}::bytea, token_id, id, true, at from admitted
    ), audited as (${audit('confirm', sql`'done'`, 'admitted')})
    insert into confirmations (id, institution, token_id, number, mode, details, status, expires_at)
    select id, institution, token_id, ${number}, ${mode}, ${details}, 'waiting', ${expires_at}::timestamptz
    from admitted
    returning *, ${wake}`.execute(db);
  return rows[0];
}

/**
 * Takes the customer's decision, once, while the confirmation waits and the token is in use. "Not me" suspends the token
 * and cancels whatever else was asked of it; a rejection takes places.
 * @returns whether this was the one
 */
export async function decideConfirmation(
  db: Database,
  write: Write,
  { id, token_id }: ConfirmationRow,
  decision: DecisionKind,
  signed: string,
): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    with ${given(write)}, decided as (
      update confirmations c set
        status = ${decision}, decision = ${decision}, signed_decision = ${signed}, decided_at = g.at,
        use_by = case when ${decision} = 'confirmed' then g.at + make_interval(secs => ${LIFETIME_MS / 1000}) end
      from g, tokens t
      where c.id = ${id} and c.token_id = ${token_id} and c.status = 'waiting' and c.expires_at > g.at
        and t.id = c.token_id and t.status = 'active'
      returning c.id, c.token_id, c.status, g.*
    ), token as (
      update tokens set
        status = case when ${decision} = 'not-me' then 'suspended' else tokens.status end,
        asked_until = asked_until + case when ${decision} = 'rejected' then ${places(COOL_DOWN_PLACES)} else ${places(0)} end
      from decided where tokens.id = decided.token_id
    ), dropped as (
      update confirmations c set status = 'cancelled'
      from decided d
      where ${decision} = 'not-me' and c.token_id = d.token_id and c.id <> d.id and c.status in ('waiting', 'confirmed')
      returning c.id, c.token_id, c.status, d.at, d.institution, d.request_id
    ), changed as (
      select * from decided union all select * from dropped
    ), told as (${tell}), audited as (${audit('decide', sql`status`, 'changed')})
    select id, ${wake} from changed`.execute(db);
  return rows.some((row) => row.id === id);
}

/**
 * Uses a confirmed confirmation: one conditional update, so that of any number of requests one wins. Its place is given
 * back. Rejects with a unique violation where the idempotency key was used before.
 * @returns whether this was the one
 */
export async function useConfirmation(
  db: Database,
  write: IdempotentWrite,
  { id, token_id }: ConfirmationRow,
): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    with ${given(write)}, used as (
      update confirmations c set status = 'spent'
      from g, tokens t
      where c.id = ${id} and c.token_id = ${token_id} and c.status = 'confirmed' and c.use_by > g.at
        and t.id = c.token_id and t.status = 'active'
      returning c.id, c.token_id, g.*
    ), token as (
      update tokens set failures = 0, asked_until = asked_until - ${places(1)}
      from used where tokens.id = used.token_id
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, confirmation_id, accepted, created_at)
      select institution, ${write.idempotencyKey}, ${write.requestHash}::bytea, token_id, id, true, at from used
    ), audited as (${audit('use', sql`'done'`, 'used')})
    select id, ${wake} from used`.execute(db);
  return rows.length === 1;
}

/** Why a confirmation was not used; only a wrong code counts. */
export type UseRefusal = 'wrong' | 'stopped' | 'spent' | 'differs';

/**
 * Writes down that a confirmation was not used. A wrong code counts towards the token's lock, as a wrong login code does,
 * and after {@link MAX_WRONG_CODES} the confirmation is good for nothing; its refusal is remembered, so that a repeated
 * request does not count twice.
 */
export async function refuseUse(
  db: Database,
  write: IdempotentWrite,
  { id, token_id }: ConfirmationRow,
  reason: UseRefusal,
): Promise<void> {
  await sql`
    with ${given(write)}, refused as (
      select ${id}::text as id, ${token_id}::text as token_id, g.* from g
    ), wrong as (
      update confirmations set
        wrong_codes = wrong_codes + 1,
        status = case when wrong_codes + 1 >= ${MAX_WRONG_CODES} then 'cancelled' else status end
      where ${reason} = 'wrong' and id = ${id} and status = 'confirmed'
      returning id, token_id
    ), token as (
      update tokens set
        failures = failures + 1,
        status = case when failures + 1 >= ${MAX_FAILURES} then 'locked' else status end
      from wrong where tokens.id = wrong.token_id and status = 'active'
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, confirmation_id, accepted, created_at)
      select institution, ${write.idempotencyKey}, ${write.requestHash}::bytea, token_id, id, false, at from refused
      where ${reason} = 'wrong'
    ), audited as (${audit('use', sql`${reason}::text`, 'refused')})
    select id, ${wake} from wrong`.execute(db);
}

/** Writes down that a customer was not asked, having been asked too often. */
export async function refuseToAsk(db: Database, write: Write, tokenId: string): Promise<void> {
  await sql`
    with ${given(write)}, refused as (
      select null::text as id, ${tokenId}::text as token_id, g.* from g
    ) ${audit('confirm', sql`'limited'`, 'refused')}`.execute(db);
}

/** Calls a confirmation off for the bank. @returns whether it was live */
export async function cancelConfirmation(
  db: Database,
  write: Write,
  { id, token_id }: ConfirmationRow,
): Promise<boolean> {
  const { rows } = await sql`
    with ${given(write)}, cancelled as (
      update confirmations c set status = 'cancelled'
      from g
      where c.id = ${id} and c.token_id = ${token_id} and c.status in ('waiting', 'confirmed')
        and coalesce(c.use_by, c.expires_at) > g.at
      returning c.id, c.token_id, g.*
    ), audited as (${audit('cancel', sql`'done'`, 'cancelled')})
    select id, ${wake} from cancelled`.execute(db);
  return rows.length === 1;
}

/** Ends what nobody decided or used in time; being left alone takes places. */
export async function expireConfirmations(db: Database, at: Date): Promise<void> {
  await sql`
    with ended as (
      update confirmations set status = 'expired'
      where status in ('waiting', 'confirmed') and coalesce(use_by, expires_at) <= ${at}::timestamptz
      returning id, token_id, status, decision, institution
    ), changed as (
      select id, token_id, status, decision, institution, ${at}::timestamptz as at, '' as request_id from ended
    ), token as (
      update tokens set asked_until = asked_until + ${places(COOL_DOWN_PLACES)}
      from changed where tokens.id = changed.token_id and changed.decision is null
    ), told as (${tell}), audited as (${audit('expire', sql`'done'`, 'changed')})
    select id, ${wake} from changed`.execute(db);
}

/** What a row is now: expiry counts from its moment on, whenever it is written down. */
export function statusAt({ status, use_by, expires_at }: ConfirmationRow, now: number): ConfirmationStatus {
  const live = status === 'waiting' || status === 'confirmed';
  return live && (use_by ?? expires_at).getTime() <= now ? 'expired' : status;
}

/** The write, as a table `g` of one row. */
const given = ({ at, institution, requestId }: Write) => sql`g as (
  select ${at}::timestamptz as at, ${institution}::text as institution, ${requestId}::text as request_id)`;

const places = (count: number) => sql`make_interval(secs => ${count * PLACE_S}::double precision)`;

/** Writes rows `(id, token_id, at, institution, request_id)` into the audit. */
const audit = (event: AuditEvent, outcome: RawBuilder<unknown>, rows: string) => sql`
  insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id)
  select at, institution, token_id, id, ${event}, ${outcome}, request_id from ${sql.table(rows)}`;

/** Tells the bank of every row `changed`, once for each status. */
const tell = sql`
  insert into events (id, institution, confirmation_id, created_at, due_at)
  select id || '.' || status, institution, id, at, at from changed on conflict do nothing`;

/** Wakes whoever waits for the row's token or confirmation, and who delivers events: `token/confirmation/events`. */
const wake = sql`pg_notify(${sql.lit(WAKE_CHANNEL)}, token_id || '/' || id || '/events') as woken`;
