import { type Selectable, sql } from 'kysely';
import {
  type ExistingPlace,
  type ExistingSerials,
  IMPORT,
  type ImportRequest,
  type ImportRow,
} from '../../core/api/imports.ts';
import type { StaffAct } from '../../core/api/staff.ts';
import type { Database } from './database.ts';
import type { ImportsTable } from './schema.ts';
import type { IdempotentWrite, Write } from './tokens.ts';
import { WRITE_COLUMNS, writeInput } from './write-input.ts';

export type ImportOfFile = Selectable<ImportsTable>;

/** What the audit names instead of a token. */
const audited = sql`'import ' || digest`;

export function findImport(
  db: Database,
  institution: string,
  digest: string,
): Promise<ImportOfFile | undefined> {
  return db
    .selectFrom('imports')
    .selectAll()
    .where('institution', '=', institution)
    .where('digest', '=', digest)
    .executeTakeFirst();
}

/**
 * Begins the import of a file, unless it was begun before. One that is over begins anew where a serial of the institution was made
 * void since it began: the file may bring it again. @returns the import as it stands
 */
export async function beginImport(
  db: Database,
  write: Write,
  digest: string,
  { fileName, ...asked }: ImportRequest,
): Promise<ImportOfFile> {
  const input = { ...writeInput(write), ...asked, digest, file_name: fileName };
  await sql`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([input])}::jsonb) as i(
        ${WRITE_COLUMNS}, digest text, file_name text, tokens integer, actor text, reason text, approval text)
    ), begun as (
      insert into imports (institution, digest, file_name, tokens, actor, reason, approval, started_at)
      select institution, digest, file_name, tokens, actor, reason, approval, at from input
      on conflict (institution, digest) do update set
        file_name = excluded.file_name, actor = excluded.actor, reason = excluded.reason, approval = excluded.approval,
        started_at = excluded.started_at, ended_at = null, taken = 0, added = 0
      where imports.ended_at is not null and imports.tokens = excluded.tokens and exists (
        select from audit v
        where v.institution = imports.institution and v.event = 'void' and v.outcome = 'done' and v.at > imports.started_at
          and starts_with(v.token_id, 'serial '))
      returning institution
    ), forgotten as (
      delete from import_existing e using begun
      where e.institution = begun.institution and e.digest = ${digest}
    )
    insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, actor, reason, approval)
    select at, institution, ${audited}, null, 'begin-import', 'done', request_id, actor, reason, approval
    from input where exists (select from begun)`.execute(db);
  const found = await findImport(db, write.institution, digest);
  if (found === undefined) throw new Error('an import disappeared from the database');
  return found;
}

/** A row to take, its key sealed. */
export interface SealedRow {
  readonly id: string;
  readonly row: ImportRow;
  readonly secret: Uint8Array<ArrayBuffer>;
}

/** Rows of a file from one place on. */
export interface RowsToTake {
  readonly write: Write;
  readonly digest: string;
  /** How many rows were taken before these. */
  readonly from: number;
  readonly rows: readonly SealedRow[];
}

/**
 * Takes rows of an import where as many were taken before as they think, in one statement: of any number of senders at once,
 * on any number of nodes, one has its rows taken, and each row is taken once, whenever a sender is killed. Serials that the
 * institution has are left as they are, and written down. Rows go in by serial: senders of files that share tokens wait for each
 * other's, and in the files' own orders would wait in a circle. The last row ends the import. Nobody has the tokens yet, so that
 * no audit has a line of each.
 * @returns the import as it stands then; undefined where the rows were not next
 */
export async function takeRows(
  db: Database,
  { write, digest, from, rows }: RowsToTake,
): Promise<ImportOfFile | undefined> {
  const { institution, at, requestId } = write;
  const { rows: moved } = await sql<ImportOfFile>`
    with rows as (
      select * from jsonb_to_recordset(${JSON.stringify(rows.map(inputOf))}::jsonb) as i(
        line integer, id text, serial text, kind text, algorithm text, digits integer, period integer, secret text,
        last_step integer, drift integer, expires_at timestamptz)
    ), held as (
      select * from imports
      where institution = ${institution} and digest = ${digest} and taken = ${from}::integer
        and tokens >= ${from}::integer + ${rows.length}::integer
      for update
    ), added as (
      insert into tokens (
        id, institution, status, serial, secret, kind, algorithm, digits, period, confirmation_mode, last_step, drift,
        issued_at, enrolled_at, expires_at)
      select id, ${institution}, 'enrolled', serial, decode(secret, 'hex'), kind, algorithm, digits, period, 'approve',
        last_step, drift, ${at}::timestamptz, ${at}::timestamptz, expires_at
      from rows where exists (select from held)
      order by serial
      on conflict (institution, serial) do nothing
      returning serial
    ), existing as (
      insert into import_existing (institution, digest, line, serial)
      select held.institution, held.digest, rows.line, rows.serial from held cross join rows
      where rows.serial not in (select serial from added)
        and held.taken - held.added <= ${sql.lit(IMPORT.existing - IMPORT.rows)}
      on conflict do nothing
    ), moved as (
      update imports i set
        taken = i.taken + ${rows.length}::integer,
        added = i.added + (select count(*) from added),
        ended_at = case when i.taken + ${rows.length}::integer = i.tokens then ${at}::timestamptz end
      from held where i.institution = held.institution and i.digest = held.digest
      returning i.*
    ), over as (
      insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, actor, reason, approval)
      select ended_at, institution, ${audited}, null, 'import', 'done', ${requestId}::text, actor, reason, approval
      from moved where ended_at is not null
    )
    select * from moved`.execute(db);
  return moved[0];
}

function inputOf({ id, row, secret }: SealedRow) {
  const { line, serial, algorithm, digits, expiresAt } = row;
  const factors =
    'counter' in row
      ? { kind: 'hardware-hotp', period: null, last_step: row.counter - 1, drift: 0 }
      : { kind: 'hardware-totp', period: row.period, last_step: -1, drift: row.drift };
  return {
    ...factors,
    line,
    id,
    serial,
    algorithm,
    digits,
    secret: Buffer.from(secret).toString('hex'),
    expires_at: expiresAt,
  };
}

/** Serials of an import that were there before, a page by line and serial. */
export async function existingSerials(
  db: Database,
  { institution, digest }: Pick<ImportOfFile, 'institution' | 'digest'>,
  { after = 0, afterSerial }: ExistingPlace,
): Promise<ExistingSerials> {
  const rows = await db
    .selectFrom('import_existing')
    .select(['line', 'serial'])
    .where('institution', '=', institution)
    .where('digest', '=', digest)
    .where((where) =>
      afterSerial === undefined
        ? where('line', '>', after)
        : where(where.refTuple('line', 'serial'), '>', where.tuple(after, afterSerial)),
    )
    .orderBy('line')
    .orderBy('serial')
    .limit(IMPORT.existingPage + 1)
    .execute();
  const existing = rows.slice(0, IMPORT.existingPage);
  const last = existing.at(-1);
  return { existing, ...(last && rows.length > existing.length && { next: last.line }) };
}

/** What staff ask of a serial. */
export interface VoidSerial {
  readonly write: IdempotentWrite;
  readonly serial: string;
  readonly by: StaffAct;
}

/**
 * Deletes an imported token that nobody has, in one statement with what is remembered and audited: of this and a contract that binds
 * it at the same moment one has the token. Its serial is free then for a file with the right key. Rejects with a unique
 * violation, and does nothing, where the idempotency key was used before.
 * @returns whether there was such a token
 */
export async function voidSerial(db: Database, { write, serial, by }: VoidSerial): Promise<boolean> {
  const input = { ...writeInput(write), ...by, serial };
  const { rows } = await sql<{ done: boolean }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([input])}::jsonb) as i(
        ${WRITE_COLUMNS}, serial text, actor text, reason text, approval text)
    ), gone as (
      delete from tokens t using input i
      where t.institution = i.institution and t.serial = i.serial and t.user_id is null
      returning t.id
    ), outcome as (
      select input.*, gone.id is not null as done from input left join gone on true
    ), remembered as (
      insert into idempotency (institution, key, request_hash, token_id, accepted, created_at)
      select institution, key, decode(request_hash, 'hex'), '', done, at from outcome
    ), audited as (
      insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, actor, reason, approval)
      select at, institution, 'serial ' || serial, null, 'void', case when done then 'done' else 'stopped' end, request_id,
        actor, reason, approval
      from outcome
    )
    select done from outcome`.execute(db);
  return rows[0]?.done ?? false;
}
