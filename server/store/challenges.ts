import { sql } from 'kysely';
import type { ChallengeStatus, ChallengeUse } from '../../core/api/challenge.ts';
import type { Factor } from '../../core/api/factor.ts';
import type { Policies } from '../../core/institution/policy.ts';
import { CODE_USES } from './codes.ts';
import { seconds, tell } from './confirmation-sql.ts';
import type { Database } from './database.ts';
import { mayTakeOver, releaseReplaced, replacedTokens, wakeReplaced } from './replacements.ts';
import type { ChallengeRow, TokenRow } from './schema.ts';
import type { IdempotentWrite, Write } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';
import { byToken, inTokenOrder, WRITE_COLUMNS, writeInput } from './write-input.ts';

/*
 * Logins by signature. So many challenges of a token wait at once as there are places, and a unique index lets each be taken
 * once: an attacker's session may hold one beside the customer's, and cannot take its place. Every statement locks challenges
 * before tokens. An act on the token (`acts.ts`) and a "not me" cancel its challenges; where it goes out of use otherwise, the
 * conditions of the statements make them useless.
 */

/** A challenge, and how its token stands. */
export interface ChallengeOfToken extends ChallengeRow {
  readonly token_status: TokenRow['status'];
  readonly token_expires_at: Date | null;
}

/** The status at a moment, for a token that is as it is then. */
export function challengeStatusAt(row: ChallengeOfToken, at: Date): ChallengeStatus {
  const { status, use, expires_at, token_status, token_expires_at } = row;
  if (status !== 'waiting' && status !== 'signed') return status;
  if (expires_at <= at) return 'expired';
  const isInUse = token_status === CODE_USES[use].from && token_expires_at !== null && token_expires_at > at;
  return isInUse ? status : 'cancelled';
}

/** What a use needs of its token, and leads to: as rows `u (use, from_status, to_status)`. */
const uses = sql`(values ${sql.join(
  (['verify', 'activate', 'release'] as const).map(
    (use) => sql`(${sql.lit(use)}, ${sql.lit(CODE_USES[use].from)}, ${sql.lit(CODE_USES[use].to)})`,
  ),
)}) as u(use, from_status, to_status)`;

const wake = sql`pg_notify(${sql.lit(WAKE_CHANNEL)}, token_id || '/' || id) as woken`;

/** A challenge for a session of the bank's. */
export interface AskSignature {
  readonly write: IdempotentWrite;
  readonly id: string;
  readonly tokenId: string;
  readonly use: ChallengeUse;
  readonly number: string;
}

/**
 * Makes challenges, each token at most one, if the token may be used so and has a place left. Rejects with a unique violation,
 * and does nothing, if an idempotency key, a number or a place was taken in the meantime.
 * @returns in the order given; undefined where none may be made now
 */
export async function askSignatures(
  db: Database,
  policies: Policies,
  asks: readonly AskSignature[],
): Promise<(ChallengeRow | undefined)[]> {
  const inputs = asks
    .map(({ write, id, tokenId, use, number }) => {
      const { challengeSeconds, challengesAtOnce } = policies(write.institution);
      const policy = { wait_s: challengeSeconds, places: challengesAtOnce };
      return { ...writeInput(write), id, token_id: tokenId, use, number, ...policy };
    })
    .toSorted(byToken);
  const { rows } = await sql<ChallengeRow>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
        ${WRITE_COLUMNS}, id text, token_id text, use text, number text, wait_s double precision, places integer)
    ), over as (
      update challenges set status = 'expired'
      where id = any (array(
        select c.id from input i join challenges c on c.token_id = i.token_id
        where c.status = 'waiting' and c.expires_at <= i.at ${inTokenOrder('i.token_id')} for update of c skip locked))
      returning id
    ), placed as (
      select i.*, (
        select min(p) from generate_series(1, i.places) p where not exists (
          select from challenges c
          where c.token_id = i.token_id and c.status = 'waiting' and c.expires_at > i.at and c.place = p)) as place
      from input i join ${uses} on u.use = i.use join tokens t on t.id = i.token_id
      where t.status = u.from_status and t.expires_at > i.at
    ), asked as (
      insert into challenges (id, institution, token_id, use, number, place, status, expires_at)
      select id, institution, token_id, use, number, place, 'waiting', at + ${seconds('wait_s')} from placed
      where place is not null and (select count(*) from over) >= 0
      returning *
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, challenge_id, accepted, created_at)
      select institution, key, decode(request_hash, 'hex'), token_id, id, true, at from placed where place is not null
    )
    select asked.*, ${wake} from asked`.execute(db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return asks.map(({ id }) => byId.get(id));
}

/** A signature by a device of the token. */
export interface Sign {
  readonly write: Write;
  readonly id: string;
  readonly tokenId: string;
  readonly deviceId: string;
  readonly use: ChallengeUse;
  readonly origin: string;
  /** Whether the origin is one of the institution's; where not, the challenge is refused. */
  readonly isOwnOrigin: boolean;
  readonly factors: readonly Factor[];
  readonly signature: string;
}

/**
 * Takes signatures, at most one of each token, each while its challenge waits, the token may be used so and the device has the
 * token's keys.
 * @returns in the order given; undefined for a signature that did not count
 */
export async function signChallenges(
  db: Database,
  policies: Policies,
  signatures: readonly Sign[],
): Promise<(ChallengeRow | undefined)[]> {
  const inputs = signatures
    .map(({ write, tokenId, deviceId, isOwnOrigin, ...signed }) => ({
      ...writeInput(write),
      ...signed,
      token_id: tokenId,
      device_id: deviceId,
      status: isOwnOrigin ? 'signed' : 'refused',
      good_s: policies(write.institution).challengeSeconds,
    }))
    .toSorted(byToken);
  const { rows } = await sql<ChallengeRow>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
        ${WRITE_COLUMNS}, id text, token_id text, device_id text, use text, origin text, factors jsonb, signature text,
        status text, good_s double precision)
    ), held as (
      select i.* from input i join challenges c on c.id = i.id and c.token_id = i.token_id
      ${inTokenOrder('i.token_id')} for update of c
    ), signed as (
      update challenges c set
        status = i.status, signed_at = i.at, origin = i.origin, factors = i.factors, signature = i.signature,
        device_id = i.device_id, expires_at = i.at + ${seconds('i.good_s')}
      from held i join ${uses} on u.use = i.use, tokens t, devices d
      where c.id = i.id and c.use = i.use and c.status = 'waiting' and c.expires_at > i.at
        and t.id = c.token_id and t.status = u.from_status and t.expires_at > i.at
        and d.id = i.device_id and d.token_id = c.token_id and d.may_make_codes and d.removed_at is null
      returning c.*, i.request_id
    ), audited as (
      insert into audit (at, institution, token_id, event, outcome, request_id, device_id, origin, factors)
      select signed_at, institution, token_id, 'sign', case status when 'signed' then 'done' else 'off-origin' end,
        request_id, device_id, origin, factors
      from signed
    )
    select *, ${wake} from signed`.execute(db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return signatures.map(({ id }) => byId.get(id));
}

/** The use of a signed challenge in a code's place. */
export interface UseSignature {
  readonly write: IdempotentWrite;
  readonly id: string;
  readonly tokenId: string;
}

/** stopped: it is not signed, or not in time, or its token takes nothing. It never counts as a wrong code. */
export type UsedSignature =
  | { readonly outcome: 'done'; readonly row: ChallengeRow }
  | { readonly outcome: 'spent' | 'stopped' };

/**
 * Uses signed challenges, at most one of each token, each once, and does to the tokens what a code would. A signed challenge that
 * is not accepted is over. The statement is conditional on the rows when its turn comes; it remembers and audits the outcomes.
 * Rejects with a unique violation, and does nothing, if an idempotency key was used before.
 * @param takesOver whether the tokens are to take the places of others: as in `takeCodes`
 * @returns in the order given; undefined where the token has no such challenge
 */
export async function useSignatures(
  db: Database,
  signatures: readonly UseSignature[],
  takesOver = false,
): Promise<(UsedSignature | undefined)[]> {
  const inputs = signatures
    .map(({ write, id, tokenId }, place) => ({ ...writeInput(write), place, id, token_id: tokenId }))
    .toSorted(byToken);
  const where = (fragment: typeof mayTakeOver) => (takesOver ? fragment : sql``);
  const { rows } = await sql<ChallengeRow & { asked: string; outcome: UsedSignature['outcome'] }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
        ${WRITE_COLUMNS}, place integer, id text, token_id text)
    ), held as (
      select i.*, c.use, c.status, c.expires_at, c.device_id, c.origin, c.factors
      from input i join challenges c on c.id = i.id and c.token_id = i.token_id
      ${inTokenOrder('i.token_id')} for update of c
    ), ${where(replacedTokens)}token_held as (
      select i.*, t.status as token_status, t.expires_at as token_expires_at,
        ${takesOver ? mayTakeOver : sql`true`} as free
      from held i join tokens t on t.id = i.token_id ${inTokenOrder('i.token_id')} for update of t
    ), outcome as (
      select h.*, u.to_status, case
        when h.status = 'spent' then 'spent'
        when h.status <> 'signed' or h.expires_at <= h.at then 'stopped'
        when h.token_status <> u.from_status or h.token_expires_at <= h.at or not h.free then 'stopped'
        else 'done' end as outcome
      from token_held h join ${uses} on u.use = h.use
    ), used as (
      update challenges c set status = case
        when o.outcome = 'done' then 'spent'
        when o.expires_at <= o.at then 'expired'
        else 'cancelled' end
      from outcome o where c.id = o.id and o.status = 'signed'
      returning c.*
    ), changed as (
      update tokens set
        status = o.to_status,
        activated_at = case o.use when 'activate' then o.at else activated_at end,
        activation_password = case o.use when 'activate' then null else activation_password end,
        released_at = case o.use when 'release' then o.at else released_at end,
        secret = case o.use when 'release' then null else secret end
      from outcome o where tokens.id = o.token_id and o.outcome = 'done' and o.use <> 'verify'
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, challenge_id, accepted, created_at)
      select institution, key, decode(request_hash, 'hex'), token_id, id, outcome = 'done', at from outcome
    ), audited as (
      insert into audit (at, institution, token_id, event, outcome, request_id, device_id, origin, factors)
      select at, institution, token_id, use, outcome, request_id, device_id, origin, factors from outcome
    )${where(releaseReplaced)}
    select used.*, outcome.id as asked, outcome.outcome${where(wakeReplaced)}
    from outcome left join used on used.id = outcome.id`.execute(db);
  const byId = new Map(rows.map((row) => [row.asked, row]));
  return signatures.map(({ id }) => {
    const row = byId.get(id);
    return row?.outcome === 'done' ? { outcome: 'done', row } : row && { outcome: row.outcome };
  });
}

/**
 * Cancels a challenge for the bank. Rejects with a unique violation, and does nothing, if the idempotency key was used before.
 * @returns whether it was waiting or signed
 */
export async function cancelChallenge(db: Database, { write, id, tokenId }: UseSignature): Promise<boolean> {
  const asked = { ...writeInput(write), id, token_id: tokenId };
  const { rows } = await sql`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify([asked])}::jsonb) as i(${WRITE_COLUMNS}, id text, token_id text)
    ), cancelled as (
      update challenges c set status = 'cancelled' from asked a
      where c.id = a.id and c.token_id = a.token_id and c.status in ('waiting', 'signed') and c.expires_at > a.at
      returning c.id, c.token_id
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, challenge_id, accepted, created_at)
      select institution, key, decode(request_hash, 'hex'), token_id, id, exists (select from cancelled), at from asked
    )
    select id, ${wake} from cancelled`.execute(db);
  return rows.length === 1;
}

/** 心当たりがない: a login that the customer does not know of, as a device of the token says. */
export interface DisownChallenge {
  readonly write: Write;
  readonly id: string;
  readonly tokenId: string;
  readonly deviceId: string;
}

/**
 * Takes "not me" of a challenge that was not used, however it ended, as `decideConfirmations` does. It suspends the token, cancels
 * what else was asked of it and tells the bank, in one statement. Confirmations and challenges are locked before their token, as everywhere, and those that go with it without waiting:
 * two that are disowned at once do not wait for each other.
 */
export async function disownChallenge(
  db: Database,
  { write, id, tokenId, deviceId }: DisownChallenge,
): Promise<void> {
  const asked = { ...writeInput(write), id, token_id: tokenId, decider: deviceId };
  await sql`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([asked])}::jsonb) as i(
        ${WRITE_COLUMNS}, id text, token_id text, decider text)
    ), live as (
      select c.id from input i join confirmations c on c.token_id = i.token_id
      where c.status in ('waiting', 'confirmed')
      for update of c skip locked
    ), own as (
      select c.id from input i join challenges c on c.id = i.id and c.token_id = i.token_id for update of c
    ), others as (
      select c.id from input i join challenges c on c.token_id = i.token_id
      where c.id <> i.id and c.status in ('waiting', 'signed') and (select count(*) from own) >= 0
      for update of c skip locked
    ), disowned as (
      update challenges c set status = 'not-me', device_id = i.decider
      from input i, tokens t, devices d
      where c.id = i.id and c.token_id = i.token_id and c.status in ('waiting', 'signed', 'cancelled', 'expired')
        and t.id = i.token_id and t.status in ('enrolled', 'active') and t.expires_at > i.at
        and d.id = i.decider and d.token_id = i.token_id and d.may_make_codes and d.removed_at is null
        and (select count(*) from live) >= 0 and (select count(*) from others) >= 0
      returning c.id, c.token_id, i.at, i.institution, i.request_id, i.decider
    ), suspended as (
      update tokens t set status = 'suspended', suspended_from = t.status, suspended_at = d.at, suspended_by = 'not-me'
      from disowned d where t.id = d.token_id and t.status in ('enrolled', 'active')
      returning d.*
    ), dropped as (
      update challenges c set status = 'cancelled' from others, disowned where c.id = others.id
      returning c.id
    ), changed as (
      update confirmations c set status = 'cancelled' from live, suspended s where c.id = live.id
      returning c.id, c.token_id, c.institution, c.status, s.at, s.request_id, s.decider
    ), told as (${tell}), told_of_token as (
      insert into events (id, channel, target, institution, token_id, created_at, due_at)
      select request_id || '.suspend', 'bank', institution, institution, token_id, at, at from suspended
    ), audited as (
      insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, device_id)
      select at, institution, token_id, null, 'sign', 'not-me', request_id, decider from disowned
      union all
      select at, institution, token_id, id, 'decide', 'cancelled', request_id, decider from changed
    )
    select pg_notify(${sql.lit(WAKE_CHANNEL)}, concat_ws('/', token_id, id, (
      select string_agg(id, '/') from changed), 'events')) as woken
    from disowned`.execute(db);
}

/** Challenges by their ids, in the order given; undefined for an unknown id. */
export async function findChallenges(
  db: Database,
  ids: readonly string[],
): Promise<(ChallengeOfToken | undefined)[]> {
  const rows = await db
    .selectFrom('challenges')
    .innerJoin('tokens', 'tokens.id', 'challenges.token_id')
    .selectAll('challenges')
    .select(['tokens.status as token_status', 'tokens.expires_at as token_expires_at'])
    .where((eb) => eb('challenges.id', '=', eb.fn.any(eb.val([...new Set(ids)]))))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id));
}

/** The challenges that wait for a token's signature, whether or not the token may give it; oldest first. */
export function waitingChallenges(db: Database, tokenId: string, at: Date): Promise<ChallengeRow[]> {
  return db
    .selectFrom('challenges')
    .selectAll()
    .where('token_id', '=', tokenId)
    .where('status', '=', 'waiting')
    .where('expires_at', '>', at)
    .orderBy('expires_at')
    .execute();
}

/** The challenge that was made with an idempotency key; undefined also once it is forgotten. */
export function challengeOf(
  db: Database,
  { institution, idempotencyKey }: IdempotentWrite,
): Promise<ChallengeOfToken | undefined> {
  return db
    .selectFrom('idempotency')
    .innerJoin('challenges', 'challenges.id', 'idempotency.challenge_id')
    .innerJoin('tokens', 'tokens.id', 'challenges.token_id')
    .selectAll('challenges')
    .select(['tokens.status as token_status', 'tokens.expires_at as token_expires_at'])
    .where('idempotency.institution', '=', institution)
    .where('idempotency.key', '=', idempotencyKey)
    .executeTakeFirst();
}
