import { sql } from 'kysely';
import type { CodeParameters } from '../../core/otp/hotp.ts';
import type { Database } from './database.ts';

/** A hardware token as it comes from its maker, its key sealed. */
export interface NewHardwareToken {
  readonly id: string;
  readonly serial: string;
  readonly parameters: CodeParameters;
  readonly secret: Uint8Array<ArrayBuffer>;
  /** The count of the next code; 0 of a token that shows the time. */
  readonly nextCount: number;
  readonly expiresAt: Date | null;
}

/**
 * Writes unbound hardware tokens down, but for those whose serial the institution has already.
 * @returns the serials written
 */
export async function insertHardware(
  db: Database,
  { institution, at }: { readonly institution: string; readonly at: Date },
  tokens: readonly NewHardwareToken[],
): Promise<Set<string>> {
  const inputs = tokens.map(({ id, serial, parameters, secret, nextCount, expiresAt }) => ({
    id,
    serial,
    kind: parameters.period === null ? 'hardware-hotp' : 'hardware-totp',
    ...parameters,
    secret: Buffer.from(secret).toString('hex'),
    last_step: nextCount - 1,
    expires_at: expiresAt,
  }));
  const { rows } = await sql<{ serial: string }>`
    insert into tokens (
      id, institution, status, serial, secret, kind, algorithm, digits, period, confirmation_mode, last_step, issued_at,
      enrolled_at, expires_at)
    select id, ${institution}, 'enrolled', serial, decode(secret, 'hex'), kind, algorithm, digits, period, 'approve',
      last_step, ${at}::timestamptz, ${at}::timestamptz, expires_at
    from jsonb_to_recordset(${JSON.stringify(inputs)}::jsonb) as i(
      id text, serial text, kind text, algorithm text, digits integer, period integer, secret text, last_step integer,
      expires_at timestamptz)
    on conflict (institution, serial) do nothing
    returning serial`.execute(db);
  return new Set(rows.map(({ serial }) => serial));
}
