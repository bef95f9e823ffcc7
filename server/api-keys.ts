import { type Kysely, sql } from 'kysely';
import type { StaffAct } from '../core/api/staff.ts';
import { sha256 } from '../host/compare.ts';
import type { ApiKeyKind } from './store/schema.ts';

/** What operators see of an API key. */
export interface ApiKey {
  /** Names the key and is no secret: the beginning of its SHA-256, in hex. */
  readonly id: string;
  readonly institution: string;
  readonly kind: ApiKeyKind;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** Who changes the keys of which institution, when. */
export interface KeyChange {
  readonly institution: string;
  readonly by: StaffAct;
  readonly at: Date;
  /** Of this change, for the audit. */
  readonly requestId: string;
}

const idOf = sql<string>`left(encode(hash, 'hex'), 16)`;

/** Takes a new key into force, and writes who did into the audit. @returns its id */
export async function addApiKey<Schema>(
  db: Kysely<Schema>,
  key: string,
  kind: ApiKeyKind,
  change: KeyChange,
): Promise<string> {
  const { institution, at } = change;
  const { rows } = await sql<{ id: string }>`
    with changed as (
      insert into api_keys (hash, institution, kind, created_at)
      values (${Buffer.from(sha256(key))}, ${institution}, ${kind}, ${at}) returning ${idOf} as id, kind
    ), audited as (${audited('issue-key', change)})
    select id from changed`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the key was not written');
  return row.id;
}

/** Ends a key at once, and writes who did into the audit. @returns whether it was in force */
export async function revokeApiKey<Schema>(
  db: Kysely<Schema>,
  id: string,
  change: KeyChange,
): Promise<boolean> {
  const { rows } = await sql`
    with changed as (
      update api_keys set revoked_at = ${change.at}
      where institution = ${change.institution} and ${idOf} = ${id} and revoked_at is null
      returning ${idOf} as id, kind
    ), audited as (${audited('revoke-key', change)})
    select id from changed`.execute(db);
  return rows.length === 1;
}

const audited = (event: 'issue-key' | 'revoke-key', { institution, by, at, requestId }: KeyChange) => sql`
  insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, actor, reason, approval)
  select ${at}::timestamptz, ${institution}::text, kind || ' key ' || id, null, ${event}::text, 'done', ${requestId}::text,
    ${by.actor}::text, ${by.reason}::text, ${by.approval ?? null}::text
  from changed`;

/** All keys, or an institution's, oldest first. */
export async function listApiKeys<Schema>(db: Kysely<Schema>, institution?: string): Promise<ApiKey[]> {
  const { rows } = await sql<ApiKey>`
    select ${idOf} as id, institution, kind, created_at as "createdAt", revoked_at as "revokedAt" from api_keys
    where ${institution === undefined ? sql`true` : sql`institution = ${institution}`}
    order by institution, kind, created_at, hash`.execute(db);
  return rows;
}
