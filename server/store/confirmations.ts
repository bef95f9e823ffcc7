import { type RawBuilder, sql } from 'kysely';
import type { DecisionKind } from '../../core/api/confirmation.ts';
import type { Factor } from '../../core/api/factor.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { DEFAULT_POLICY, type Policies, type Policy, policiesOf } from '../../core/institution/policy.ts';
import {
  audit,
  cancelLogins,
  given,
  remember,
  seconds,
  tell,
  wake,
  wakeAndPush,
  wakeAndTell,
} from './confirmation-sql.ts';
import type { Database } from './database.ts';
import { pushTo } from './push.ts';
import type { ConfirmationRow } from './schema.ts';
import { takenUntil, takenUntilMs } from './taken-until.ts';
import type { IdempotentWrite, Write } from './tokens.ts';
import { byToken, inTokenOrder, WRITE_COLUMNS, writeInput } from './write-input.ts';

/*
 * How often a customer may be asked (ASVS 6.6.4). There are a few places, and every question takes one for a while. A
 * confirmation that is used gives its place back; one that is rejected or left alone takes more.
 */

/** Seconds for which a question that was rejected or left alone takes more places. */
const coolDownS = ({ questionSeconds, unansweredTakesMore }: Policy) => questionSeconds * unansweredTakesMore;

/** Seconds that the places beside the one of a new question stand for. */
const otherPlacesS = ({ questionSeconds, questionsAtOnce }: Policy) =>
  questionSeconds * (questionsAtOnce - 1);

/**
 * Most seconds for which questions use up the places: those that can wait at once, each rejected or left alone, and one for nodes
 * whose clocks differ.
 */
function mostPlacesS(policy: Policy): number {
  const { questionSeconds, questionsAtOnce, decideWithinMinutes } = policy;
  const waiting = questionsAtOnce + Math.ceil((decideWithinMinutes * 60) / questionSeconds);
  return questionSeconds * (questionsAtOnce + 1) + waiting * coolDownS(policy);
}

/** Up to when a token's places are taken, at the time of an input `i`. */
const placesTaken = (at: string, mostS: RawBuilder<unknown> = sql.ref('i.most_places_s')) =>
  takenUntil('tokens.asked_until', at, mostS);

/** A question to a token's customer. */
export interface Ask {
  readonly write: IdempotentWrite;
  readonly confirmation: Pick<
    ConfirmationRow,
    'id' | 'token_id' | 'number' | 'mode' | 'details' | 'expires_at' | 'new_token'
  >;
}

/**
 * Asks customers, each token at most once, if the token is in use and has a place left. One conditional update takes the
 * place. Devices that are subscribed are told with the same statement. Rejects with a unique violation, and does nothing, if an
 * idempotency key or a number is taken.
 * @returns in the order given; undefined if the token may not be asked now
 */
export async function askTokens(
  db: Database,
  policies: Policies,
  asks: readonly Ask[],
): Promise<(ConfirmationRow | undefined)[]> {
  const inputs = asks
    .map(({ write, confirmation }) => {
      const policy = policies(write.institution);
      const places = {
        question_s: policy.questionSeconds,
        other_places_s: otherPlacesS(policy),
        most_places_s: mostPlacesS(policy),
      };
      return { ...writeInput(write), ...confirmation, ...places };
    })
    .toSorted(byToken);
  const { rows } = await sql<ConfirmationRow>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
        ${WRITE_COLUMNS}, id text, token_id text, number text, mode text, details text, expires_at timestamptz,
        new_token text, question_s double precision, other_places_s double precision, most_places_s double precision)
    ), held as (
      select i.* from input i join tokens t on t.id = i.token_id ${inTokenOrder('i.token_id')} for update of t
    ), admitted as (
      update tokens set asked_until = ${placesTaken('i.at')} + ${seconds('i.question_s')}
      from held i
      where tokens.id = i.token_id and tokens.status = 'active' and tokens.expires_at > i.at
        and ${placesTaken('i.at')} <= i.at + ${seconds('i.other_places_s')}
      returning i.*
    ), asked as (
      insert into confirmations (id, institution, token_id, number, mode, details, status, expires_at, new_token)
      select id, institution, token_id, number, mode, details, 'waiting', expires_at, new_token from admitted
      returning *
    ), pushed as (${pushTo('admitted')}),
    remembered as (${remember('admitted')}), audited as (${audit('confirm', sql`'done'`, 'admitted')})
    select asked.*, ${wakeAndPush} from asked`.execute(db);
  return inOrder(asks, ({ confirmation }) => confirmation.id, rows);
}

/** A customer's decision, signed by a device of the token. */
export interface Decide {
  readonly write: Write;
  readonly id: string;
  readonly tokenId: string;
  readonly deviceId: string;
  readonly decision: DecisionKind;
  readonly origin: string | null;
  readonly factors: readonly Factor[] | null;
  readonly signed: string;
}

/**
 * Takes customers' decisions, at most one of each token. A decision counts once, and only while the confirmation waits, the
 * token is in use and its device may decide. "Not me" is taken of one that was not decided, however it ended: whoever asked could
 * otherwise end it in time. It suspends the token and cancels whatever else was asked of it. A rejection takes places; a rejected
 * 新しい端末でのトークン利用 ends.
 * @returns in the order given; undefined if the decision did not count
 */
export async function decideConfirmations(
  db: Database,
  policies: Policies,
  decisions: readonly Decide[],
): Promise<(ConfirmationRow | undefined)[]> {
  const inputs = decisions
    .map(({ write, tokenId, deviceId, ...decided }) => ({
      ...writeInput(write),
      ...decided,
      token_id: tokenId,
      device_id: deviceId,
      use_s: policies(write.institution).useWithinMinutes * 60,
      cool_down_s: coolDownS(policies(write.institution)),
      most_places_s: mostPlacesS(policies(write.institution)),
    }))
    .toSorted(byToken);
  const { rows } = await sql<ConfirmationRow>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
        ${WRITE_COLUMNS}, id text, token_id text, device_id text, decision text, origin text,
        factors jsonb, signed text, use_s double precision, cool_down_s double precision,
        most_places_s double precision)
    ), held as (
      select i.* from input i join confirmations c on c.id = i.id and c.token_id = i.token_id
      ${inTokenOrder('i.token_id')} for update of c
    ), decided as (
      update confirmations c set
        status = i.decision, decision = i.decision, signed_decision = i.signed, device_id = i.device_id,
        decided_at = i.at, origin = i.origin, factors = i.factors,
        use_by = case when i.decision = 'confirmed' then i.at + ${seconds('i.use_s')} end
      from held i, tokens t, devices d
      where c.id = i.id and c.token_id = i.token_id
        and case i.decision
          when 'not-me' then c.status in ('waiting', 'cancelled', 'expired') and c.decision is null
          else c.status = 'waiting' and c.expires_at > i.at
        end
        and t.id = c.token_id and t.status = 'active' and t.expires_at > i.at
        and d.id = i.device_id and d.token_id = c.token_id and d.may_decide
      returning c.*, i.at, i.request_id, i.device_id as decided_by
    ), token_held as (
      select t.id from decided d join tokens t on t.id = d.token_id
      where d.decision <> 'confirmed' ${inTokenOrder('t.id')} for update of t
    ), token as (
      update tokens set
        status = case when d.decision = 'not-me' then 'suspended' else tokens.status end,
        suspended_from = case when d.decision = 'not-me' then tokens.status end,
        suspended_at = case when d.decision = 'not-me' then d.at end,
        suspended_by = case when d.decision = 'not-me' then 'not-me' end,
        replacement = case when d.new_token is null then tokens.replacement end,
        asked_until = ${placesTaken('d.at')} + ${seconds('i.cool_down_s')}
      from decided d join input i on i.id = d.id join token_held h on h.id = d.token_id
      where tokens.id = d.token_id and tokens.status = 'active' and d.decision <> 'confirmed'
    ), dropped as (
      update confirmations c set status = 'cancelled'
      from decided d
      where d.decision = 'not-me' and c.token_id = d.token_id and c.id <> d.id and c.status in ('waiting', 'confirmed')
      returning c.*, d.at, d.request_id, d.decided_by
    ), ${cancelLogins(sql`(select token_id from decided where decision = 'not-me')`)}, changed as (
      select * from decided union all select * from dropped
    ), told as (${tell}), audited as (${audit('decide', sql`status`, 'changed', sql`decided_by`)})
    select *, ${wakeAndTell} from changed`.execute(db);
  return inOrder(decisions, ({ id }) => id, rows);
}

/** Audits that a customer was not asked because they were asked too often. */
export async function refuseToAsk(db: Database, write: Write, tokenId: string): Promise<void> {
  await sql`
    with ${given(write)}, refused as (
      select null::text as id, ${tokenId}::text as token_id, g.* from g
    ) ${audit('confirm', sql`'limited'`, 'refused')}`.execute(db);
}

/**
 * Cancels a confirmation for the bank. Rejects with a unique violation, and does nothing, if the idempotency key was used
 * before.
 * @returns whether the confirmation was live
 */
export async function cancelConfirmation(
  db: Database,
  write: IdempotentWrite,
  { id, token_id }: ConfirmationRow,
): Promise<boolean> {
  const { rows } = await sql`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify([{ ...writeInput(write), id, token_id }])}::jsonb)
        as i(${WRITE_COLUMNS}, id text, token_id text)
    ), cancelled as (
      update confirmations c set status = 'cancelled'
      from asked
      where c.id = asked.id and c.token_id = asked.token_id and c.status in ('waiting', 'confirmed')
        and coalesce(c.use_by, c.expires_at) > asked.at
      returning asked.*
    ), remembered as (${remember('asked', sql`exists (select from cancelled)`)}
    ), audited as (${audit('cancel', sql`'done'`, 'cancelled')})
    select id, ${wake} from cancelled`.execute(db);
  return rows.length === 1;
}

/** Most confirmations that one statement expires, so that it ends long before its timeout. */
const EXPIRE_AT_ONCE = 500;

/**
 * Expires all confirmations that nobody decided or used in time. One that was not decided takes more places.
 * @param institutions of the directory
 */
export async function expireConfirmations(
  db: Database,
  institutions: readonly Pick<Institution, 'key' | 'policy'>[],
  at: Date,
): Promise<void> {
  while ((await expireSome(db, institutions, at)) === EXPIRE_AT_ONCE);
}

/** @returns how many were ended */
async function expireSome(
  db: Database,
  institutions: readonly Pick<Institution, 'key' | 'policy'>[],
  at: Date,
): Promise<number> {
  const policies = policiesOf(institutions);
  const coolDowns = institutions.map(({ key }) => ({
    key,
    cool_down_s: coolDownS(policies(key)),
    most_places_s: mostPlacesS(policies(key)),
  }));
  const mostS = sql`coalesce(p.most_places_s, ${mostPlacesS(DEFAULT_POLICY)})`;
  const { rows } = await sql`
    with ended as (
      update confirmations set status = 'expired'
      where id = any (array(
        select id from confirmations
        where status in ('waiting', 'confirmed') and coalesce(use_by, expires_at) <= ${at}::timestamptz
        order by coalesce(use_by, expires_at) limit ${sql.lit(EXPIRE_AT_ONCE)} for update skip locked))
      returning id, token_id, status, decision, institution
    ), changed as (
      select id, token_id, status, decision, institution, ${at}::timestamptz as at, '' as request_id from ended
    ), left_alone as (
      select token_id, institution, at, count(*)::integer as count from changed
      where decision is null group by token_id, institution, at
    ), held as (
      select t.id from left_alone l join tokens t on t.id = l.token_id ${inTokenOrder('l.token_id')} for update of t
    ), token as (
      update tokens set
        asked_until = ${placesTaken('l.at', mostS)}
          + l.count * make_interval(secs => coalesce(p.cool_down_s, ${coolDownS(DEFAULT_POLICY)}))
      from held h join left_alone l on l.token_id = h.id
        left join jsonb_to_recordset(${JSON.stringify(coolDowns)}::jsonb) as p(
          key text, cool_down_s double precision, most_places_s double precision)
          on p.key = l.institution
      where tokens.id = h.id
    ), told as (${tell}), audited as (${audit('expire', sql`'done'`, 'changed')})
    select id, ${wakeAndTell} from changed`.execute(db);
  return rows.length;
}

/** When a token's customer may be asked again, by the row's `asked_until`: `now` or later. */
export function placeAt(askedUntil: Date | null, policy: Policy, now: number): number {
  return Math.max(now, takenUntilMs(askedUntil, now, mostPlacesS(policy)) - otherPlacesS(policy) * 1000);
}

/** Rows by their ids, in the order of the inputs. */
function inOrder<I>(
  inputs: readonly I[],
  idOf: (input: I) => string,
  rows: readonly ConfirmationRow[],
): (ConfirmationRow | undefined)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return inputs.map((input) => byId.get(idOf(input)));
}
