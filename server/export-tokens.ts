import { type Kysely, sql } from 'kysely';
import type { StaffAct } from '../core/api/staff.ts';
import type { FileToken } from '../host/token-file/token.ts';
import { type MasterKey, openSealed } from './master-key.ts';
import type { TokenRow } from './store/schema.ts';
import { codeParametersOf } from './token-parameters.ts';

const PAGE = 1_000;

type Columns = Pick<
  TokenRow,
  'id' | 'kind' | 'algorithm' | 'digits' | 'period' | 'last_step' | 'drift' | 'expires_at'
> & { readonly serial: string; readonly secret: Uint8Array<ArrayBuffer> };

/** Writes down who takes the keys of an institution's hardware tokens out of the service, and why. */
export async function auditExport<Schema>(
  db: Kysely<Schema>,
  institution: string,
  { actor, reason, approval }: StaffAct,
  { id, at }: { readonly id: string; readonly at: Date },
): Promise<void> {
  await sql`
    insert into audit (at, institution, token_id, confirmation_id, event, outcome, request_id, actor, reason, approval)
    values (${at}, ${institution}, ${`export ${id}`}, null, 'export', 'done', ${id}, ${actor}, ${reason}, ${approval ?? null})`.execute(
    db,
  );
}

/** An institution's hardware tokens that nobody has, by serial, a page in memory at a time, their keys opened. */
export async function* unboundTokens<Schema>(
  db: Kysely<Schema>,
  institution: string,
  masterKey: MasterKey,
): AsyncGenerator<FileToken, void, undefined> {
  let after = '';
  for (;;) {
    const { rows } = await sql<Columns>`
      select id, kind, algorithm, digits, period, last_step, drift, expires_at, serial, secret from tokens
      where institution = ${institution} and serial > ${after} and user_id is null and secret is not null
        and kind in ('hardware-totp', 'hardware-hotp')
      order by serial limit ${sql.lit(PAGE)}`.execute(db);
    for (const row of rows) yield await tokenOf(row, masterKey);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.serial;
  }
}

async function tokenOf(row: Columns, masterKey: MasterKey): Promise<FileToken> {
  const isCounted = row.period === null;
  return {
    serial: row.serial,
    parameters: codeParametersOf(row),
    key: await openSealed(masterKey, new Uint8Array(row.secret), row.id),
    nextCount: isCounted ? row.last_step + 1 : 0,
    drift: isCounted ? 0 : row.drift,
    expiresAt: row.expires_at,
  };
}
