import { sql } from 'kysely';
import type { TokenParameters } from '../token-parameters.ts';
import type { Database } from './database.ts';
import type { AuditOutcome, TokenRow } from './schema.ts';

/** Who asked, for the audit and to recognise a repeated request. */
export interface Write {
  readonly institution: string;
  readonly requestId: string;
  readonly at: Date;
}

export interface IdempotentWrite extends Write {
  readonly idempotencyKey: string;
  readonly requestHash: Uint8Array<ArrayBuffer>;
}

/** What an earlier request with the same idempotency key came to. */
export interface Remembered {
  readonly requestHash: Uint8Array;
  readonly tokenId: string;
  readonly accepted: boolean;
}

export function findToken(db: Database, institution: string, userId: string): Promise<TokenRow | undefined> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where('institution', '=', institution)
    .where('user_id', '=', userId)
    .executeTakeFirst();
}

export function findTokenById(db: Database, id: string): Promise<TokenRow | undefined> {
  return db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Whether a token's 有効期限 has passed. */
export const hasExpired = ({ expires_at }: TokenRow, at: Date): boolean =>
  expires_at !== null && expires_at <= at;

export async function findRemembered(
  db: Database,
  institution: string,
  key: string,
): Promise<Remembered | undefined> {
  const row = await db
    .selectFrom('idempotency')
    .selectAll()
    .where('institution', '=', institution)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && { requestHash: row.request_hash, tokenId: row.token_id, accepted: row.accepted };
}

/** A token to be issued. */
export interface NewToken {
  readonly id: string;
  readonly userId: string;
  readonly parameters: TokenParameters;
  /** Sealed. */
  readonly activationPassword: Uint8Array<ArrayBuffer>;
  readonly enrolBy: Date;
}

/** Writes down a new issue. Rejects with a unique violation when the idempotency key was used before. */
export async function insertIssue(db: Database, write: IdempotentWrite, token: NewToken): Promise<TokenRow> {
  return db
    .with('remembered', (q) => q.insertInto('idempotency').values(remember(write, token.id, true)))
    .with('audited', (q) =>
      q.insertInto('audit').values({ ...audit(write, token.id), event: 'issue', outcome: 'done' }),
    )
    .insertInto('tokens')
    .values({
      id: token.id,
      institution: write.institution,
      user_id: token.userId,
      status: 'issued',
      kind: token.parameters.kind,
      algorithm: token.parameters.algorithm,
      digits: token.parameters.digits,
      period: token.parameters.period,
      confirmation_mode: token.parameters.confirmation,
      activation_password: token.activationPassword,
      issued_at: write.at,
      enrol_by: token.enrolBy,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Breaks off an issue that is not in use yet. @returns whether it was in such a state */
export async function voidIssue(db: Database, write: IdempotentWrite, tokenId: string): Promise<boolean> {
  const accepted = sql<boolean>`exists (select from voided)`;
  const row = await db
    .with('voided', (q) =>
      q
        .updateTable('tokens')
        .set({ status: 'void', activation_password: null, secret: null })
        .where('id', '=', tokenId)
        .where('status', 'in', ['issued', 'enrolled'])
        .returning('id'),
    )
    .with('remembered', (q) =>
      q.insertInto('idempotency').values({ ...remember(write, tokenId, false), accepted }),
    )
    .insertInto('audit')
    .values({
      ...audit(write, tokenId),
      event: 'void',
      outcome: sql<AuditOutcome>`case when ${accepted} then 'done' else 'stopped' end`,
    })
    .returning('outcome')
    .executeTakeFirstOrThrow();
  return row.outcome === 'done';
}

function remember(write: IdempotentWrite, tokenId: string, accepted: boolean) {
  return {
    institution: write.institution,
    key: write.idempotencyKey,
    request_hash: write.requestHash,
    token_id: tokenId,
    accepted,
    created_at: write.at,
  };
}

function audit(write: Write, tokenId: string) {
  return { at: write.at, institution: write.institution, token_id: tokenId, request_id: write.requestId };
}
