import { type RawBuilder, sql } from 'kysely';
import type { Device } from '../../core/api/bank.ts';
import type { Database } from './database.ts';
import type { TokenRow } from './schema.ts';
import { findToken } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';

/*
 * 新しい端末でのトークン利用. A token that is to take another's place names it (`replaces`), and is good for that only while the
 * other names it back (`replacement`). That is one column of the old token's row: the last replacement begun is the one that
 * is left, and a trigger empties the column with whatever takes the old token out of use.
 */

/** How a token on a new device stands to the one whose place it is to take. */
export interface Standing {
  readonly by: Date;
  readonly device: Device | undefined;
  /** Whether the old one has confirmed it. */
  readonly confirmed: boolean;
  /** Whether it can still come to that; where not, it is void. */
  readonly stands: boolean;
}

type Replacing = TokenRow & { readonly replaces: string; readonly replace_by: Date };

/** Whether a token has still to take another's place. */
const isReplacing = (row: TokenRow): row is Replacing =>
  row.replaces !== null &&
  row.replace_by !== null &&
  row.activated_at === null &&
  row.status !== 'void' &&
  row.status !== 'released';

/** @returns undefined for a token that is to take nobody's place, or has taken it, or is over */
export async function standingOf(db: Database, row: TokenRow, now: number): Promise<Standing | undefined> {
  if (!isReplacing(row)) return undefined;
  const { rows } = await sql<{ stands: boolean; confirmed: boolean }>`
    select o.status = 'active' and o.replacement = ${row.user_id} as stands,
      ${confirmationFor(sql`${row.id}::text`)} is not null as confirmed
    from tokens o where o.institution = ${row.institution} and o.user_id = ${row.replaces}`.execute(db);
  const [old] = rows;
  return {
    by: row.replace_by,
    device: await deviceOf(db, row),
    confirmed: old?.confirmed ?? false,
    stands: old?.stands === true && row.replace_by.getTime() > now,
  };
}

/** What a token's device says it is. */
export async function deviceOf(db: Database, { id }: Pick<TokenRow, 'id'>): Promise<Device | undefined> {
  const device = await db
    .selectFrom('devices')
    .select(['form', 'name'])
    .where('token_id', '=', id)
    .orderBy('added_at')
    .limit(1)
    .executeTakeFirst();
  if (device === undefined) return undefined;
  return { form: device.form ?? 'other', name: device.name ?? UNNAMED };
}

/** A device that did not say what it is. */
const UNNAMED = '不明';

/** The token that is to take a token's place, as things stand. */
export async function replacementOf(
  db: Database,
  { institution, replacement }: TokenRow,
): Promise<TokenRow | undefined> {
  return replacement === null ? undefined : findToken(db, institution, replacement);
}

/** When another token took this one's place, and what device that is of; undefined where none did. */
export async function takenOverBy(
  db: Database,
  { institution, replaced_by }: TokenRow,
): Promise<{ readonly at: string; readonly device: Device | undefined } | undefined> {
  const row = replaced_by === null ? undefined : await findToken(db, institution, replaced_by);
  if (row === undefined || row.activated_at === null) return undefined;
  return { at: row.activated_at.toISOString(), device: await deviceOf(db, row) };
}

/** The confirmation of the old token `o`, used, that is for the token `id`. */
const confirmationFor = (id: RawBuilder<unknown>) => sql<string | null>`(
  select c.id from confirmations c where c.new_token = ${id} and c.token_id = o.id and c.status = 'spent' limit 1)`;

/**
 * Of codes that are to put tokens into others' places, rows `input`: the old tokens, locked before the new ones as by
 * everybody who changes both, and whether each stands behind its new one.
 */
export const replacedTokens = sql`replaced as (
  select i.place, o.id, t.user_id as new_user_id, ${confirmationFor(sql.ref('t.id'))} as confirmation_id,
    o.status = 'active' and o.replacement = t.user_id and t.replace_by > i.at as stands
  from input i
    join tokens t on t.id = i.token_id
    join tokens o on o.institution = t.institution and o.user_id = t.replaces
  for update of o
), `;

/** Whether the old token of an input `i` stands behind the new one and has confirmed it. */
export const mayTakeOver = sql`coalesce((
  select r.stands and r.confirmation_id is not null from replaced r where r.place = i.place), false)`;

/** Releases the old tokens of codes that were taken, rows `outcome`, and writes that down. */
export const releaseReplaced = sql`, taken_over as (
  update tokens o set
    status = 'released', released_at = a.at, secret = null, activation_password = null, replacement = null,
    replaced_by = r.new_user_id
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
