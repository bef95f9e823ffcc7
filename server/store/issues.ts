import { sql } from 'kysely';
import type { TokenParameters } from '../token-parameters.ts';
import type { Database } from './database.ts';
import type { TokenRow } from './schema.ts';
import type { IdempotentWrite } from './tokens.ts';
import { WRITE_COLUMNS, writeInput } from './write-input.ts';

/** A token to be issued. */
export interface NewToken {
  readonly id: string;
  readonly userId: string;
  readonly parameters: TokenParameters;
  /** Sealed. */
  readonly activationPassword: Uint8Array<ArrayBuffer>;
  readonly enrolBy: Date;
  /** ユーザID of the token that it is to replace, which is possible until `enrolBy`. */
  readonly replaces?: string;
}

/** Columns of {@link issueInput} in a record set. */
export const ISSUE_COLUMNS = sql`
  issue_id text, user_id text, kind text, algorithm text, digits integer, period integer, confirmation_mode text,
  activation_password text, enrol_by timestamptz, replaces text, replace_by timestamptz`;

/** A new token as a row of a record set. */
export function issueInput({ id, userId, parameters, activationPassword, enrolBy, replaces }: NewToken) {
  const { kind, algorithm, digits, period, confirmation } = parameters;
  return {
    issue_id: id,
    user_id: userId,
    kind,
    algorithm,
    digits,
    period,
    confirmation_mode: confirmation,
    activation_password: Buffer.from(activationPassword).toString('hex'),
    enrol_by: enrolBy,
    ...(replaces !== undefined && { replaces, replace_by: enrolBy }),
  };
}

/** Issues the new tokens of rows that have {@link ISSUE_COLUMNS} and a write. */
export const issue = (rows: string) => sql`
  insert into tokens (
    id, institution, user_id, status, kind, algorithm, digits, period, confirmation_mode, activation_password, issued_at,
    enrol_by, replaces, replace_by)
  select issue_id, institution, user_id, 'issued', kind, algorithm, digits, period, confirmation_mode,
    decode(activation_password, 'hex'), at, enrol_by, replaces, replace_by
  from ${sql.table(rows)}`;

/** Inserts a new issue. Rejects with a unique violation if the idempotency key was used before. */
export async function insertIssue(db: Database, write: IdempotentWrite, token: NewToken): Promise<TokenRow> {
  const asked = { ...writeInput(write), ...issueInput(token) };
  const { rows } = await sql<TokenRow>`
    with asked as (
      select * from jsonb_to_recordset(${JSON.stringify([asked])}::jsonb) as i(${WRITE_COLUMNS}, ${ISSUE_COLUMNS})
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, accepted, created_at)
      select institution, key, decode(request_hash, 'hex'), issue_id, true, at from asked
    ), audited as (
      insert into audit (at, institution, token_id, event, outcome, request_id)
      select at, institution, issue_id, 'issue', 'done', request_id from asked
    )
    ${issue('asked')} returning *`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the insert of a token returned no row');
  return row;
}
