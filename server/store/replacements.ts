import { type RawBuilder, sql } from 'kysely';
import type { Device } from '../../core/api/bank.ts';
import { released } from './acts.ts';
import type { Database } from './database.ts';
import type { TokenRow } from './schema.ts';
import { findToken } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';

/*
 * 新しい端末でのトークン利用. A token that is to take another's place names the other one (`replaces`). It may take that place
 * only while the other one names it back (`replacement`). The old token's row has one such column, so only the replacement
 * that was begun last counts. A trigger empties the column when the old token goes out of use.
 */

/** How a token on a new device stands to the one whose place it is to take. */
export interface Standing {
  readonly by: Date;
  readonly device: Device | undefined;
  /** Whether the old one has confirmed it. */
  readonly confirmed: boolean;
  /** Whether it can still take that place; where not, it is void. */
  readonly stands: boolean;
}

type Replacing = TokenRow & { readonly replaces: string; readonly replace_by: Date };

/** Whether a token was issued to take another's place and has not taken it yet. */
const isReplacing = (row: TokenRow): row is Replacing =>
  row.replaces !== null &&
  row.replace_by !== null &&
  row.activated_at === null &&
  row.status !== 'void' &&
  row.status !== 'released';

/** @returns undefined for a token that replaces none, has taken its place already, or has ended */
export async function standingOf(db: Database, row: TokenRow, now: number): Promise<Standing | undefined> {
  if (!isReplacing(row)) return undefined;
  const { rows } = await sql<{ device: Device | null; confirmed: boolean; stands: boolean }>`
    select ${device} as device, ${confirmation} is not null as confirmed,
      ${standsBehind(sql`${new Date(now)}::timestamptz`)} as stands
    from tokens t left join tokens o on o.institution = t.institution and o.user_id = t.replaces
    where t.id = ${row.id}`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error('token disappeared from the database');
  return { ...found, by: row.replace_by, device: found.device ?? undefined };
}

/** Name of a device that did not say what it is. */
export const UNNAMED = '不明';

/** What the first device of the token `t` says it is, as a {@link Device}; null where the token has no device. */
const device = sql`(
  select jsonb_build_object('form', coalesce(d.form, 'other'), 'name', coalesce(d.name, ${sql.lit(UNNAMED)}))
  from devices d where d.token_id = t.id order by d.added_at limit 1)`;

/** Id of the used confirmation in which the customer let the token `t` replace the old token `o`; null where there is none. */
const confirmation = sql`(
  select c.id from confirmations c where c.new_token = t.id and c.token_id = o.id and c.status = 'spent' limit 1)`;

/** Whether the new token `t` may still take the place of the old token `o` at a moment. */
export const standsBehind = (at: RawBuilder<unknown>) =>
  sql`coalesce(o.status = 'active' and o.replacement = t.user_id and t.replace_by > ${at}, false)`;

/** The token that is to take a token's place; undefined where no replacement is under way. */
export async function replacementOf(
  db: Database,
  { institution, replacement }: TokenRow,
): Promise<TokenRow | undefined> {
  return replacement === null ? undefined : findToken(db, institution, replacement);
}

/** When another token took this one's place, and what that token's device is; undefined where none did. */
export async function takenOverBy(
  db: Database,
  { institution, replaced_by }: TokenRow,
): Promise<{ readonly at: string; readonly device: Device | undefined } | undefined> {
  if (replaced_by === null) return undefined;
  const { rows } = await sql<{ at: Date | null; device: Device | null }>`
    select t.activated_at as at, ${device} as device
    from tokens t where t.institution = ${institution} and t.user_id = ${replaced_by}`.execute(db);
  const [found] = rows;
  return found?.at ? { at: found.at.toISOString(), device: found.device ?? undefined } : undefined;
}

/**
 * The old tokens whose place the codes, rows `input`, are to take, and whether each new token still may. Every statement
 * that changes two such tokens locks the old one first.
 */
export const replacedTokens = sql`replaced as (
  select i.place, o.id, t.user_id as new_user_id, ${confirmation} as confirmation_id,
    ${standsBehind(sql`i.at`)} as stands
  from input i
    join tokens t on t.id = i.token_id
    join tokens o on o.institution = t.institution and o.user_id = t.replaces
  for update of o
), `;

/** Whether the token of an input `i` may take the old one's place, and the customer has confirmed it on the old one. */
export const mayTakeOver = sql`coalesce((
  select r.stands and r.confirmation_id is not null from replaced r where r.place = i.place), false)`;

/** Releases the old tokens whose replacement was done, by rows `outcome`, and writes that into the audit. */
export const releaseReplaced = sql`, taken_over as (
  update tokens o set ${released}, replacement = null, replaced_by = r.new_user_id
  from outcome a join replaced r on r.place = a.place
  where o.id = r.id and a.outcome = 'done'
  returning o.id, a.place, a.at, a.institution, a.request_id, r.confirmation_id
), audited_old as (
  insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id)
  select at, institution, id, confirmation_id, 'replace', 'done', request_id from taken_over
)`;

/** Wakes the devices of the tokens that were replaced. */
export const wakeReplaced = sql`, (
  select pg_notify(${sql.lit(WAKE_CHANNEL)}, id)::text from taken_over where taken_over.place = outcome.place) as woken`;
