import { sql } from 'kysely';
import type { Device } from '../../core/api/bank.ts';
import type { PublicJwk } from '../../core/institution/directory.ts';
import type { Sweeping } from '../../host/sweep.ts';
import type { TokenParameters } from '../token-parameters.ts';
import type { Database } from './database.ts';
import type { TokenRow } from './schema.ts';
import type { Write } from './tokens.ts';
import { WRITE_COLUMNS, writeInput } from './write-input.ts';

/** A token that a customer makes, which is no contract's until it is registered by its シリアル番号. */
export interface NewSerialToken {
  readonly write: Write;
  readonly tokenId: string;
  readonly userId: string;
  readonly serial: string;
  readonly parameters: TokenParameters;
  /** Sealed. */
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly deviceId: string;
  readonly jkt: string;
  readonly jti: string;
  readonly proofUntil: Date;
  readonly receivingKey: PublicJwk;
  readonly device: Device | undefined;
  /** Until when it can be registered, and 有効期限. */
  readonly bindBy: Date;
  readonly expiresAt: Date;
  /** How many of the institution may wait to be registered. */
  readonly most: number;
}

/**
 * again: the same keys ask again, their answer lost, and the token is still nobody's · taken: the signing key is another
 * token's, or the token has been registered since, or another receiving key asks · limited: too many wait to be registered
 */
export type MadeSerial =
  | { readonly outcome: 'done' | 'again'; readonly row: TokenRow }
  | { readonly outcome: 'taken' | 'limited'; readonly row: undefined };

/** Of a row of `tokens t`. */
const isUnbound = sql`t.kind = 'serial' and t.activated_at is null`;

/**
 * Makes a token with a シリアル番号, in one statement. It is nobody's yet, so that no audit has a line of it: how many were made is
 * counted by the hour. How many wait is counted up to the most that may: of statements at once each may pass it by its own.
 * Rejects with a unique violation where a serial, a user id or the key was taken at the same moment.
 */
export async function makeSerialToken(db: Database, made: NewSerialToken): Promise<MadeSerial> {
  const { rows } = await sql<TokenRow & { outcome: MadeSerial['outcome'] }>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([inputOf(made)])}::jsonb) as i(
        ${WRITE_COLUMNS}, token_id text, user_id text, serial text, kind text, algorithm text, digits integer, period integer,
        confirmation_mode text, secret text, device_id text, jkt text, jti text, proof_until timestamptz, receiving_key jsonb,
        form text, name text, bind_by timestamptz, expires_at timestamptz, most integer)
    ), known as (
      select t.id, t.institution = i.institution and t.status = 'enrolled' and ${isUnbound}
        and t.enrol_by > i.at and d.receiving_key = i.receiving_key as same
      from input i join devices d on d.jkt = i.jkt join tokens t on t.id = d.token_id
    ), outcome as (
      select i.*, case
        when known.same then 'again'
        when known.id is not null then 'taken'
        when i.most <= (
          select count(*) from (
            select from tokens t where t.institution = i.institution and ${isUnbound} and t.enrol_by > i.at limit ${made.most}
          ) as waiting) then 'limited'
        else 'done' end as outcome, known.id as known_id
      from input i left join known on true
    ), made as (
      insert into tokens (
        id, institution, user_id, status, kind, algorithm, digits, period, confirmation_mode, serial, secret, issued_at,
        enrol_by, enrolled_at, expires_at)
      select token_id, institution, user_id, 'enrolled', kind, algorithm, digits, period, confirmation_mode, serial,
        decode(secret, 'hex'), at, bind_by, at, expires_at
      from outcome where outcome = 'done'
      returning *
    ), added as (
      insert into devices (id, token_id, jkt, receiving_key, may_make_codes, may_decide, may_fill, added_at, form, name)
      select device_id, token_id, jkt, receiving_key, true, true, true, at, form, name from outcome where outcome = 'done'
    ), used as (
      insert into proofs (jti, expires_at)
      select jti, proof_until from outcome where outcome = 'done' on conflict do nothing
    ), counted as (
      insert into stranger_counts (institution, event, outcome, since, count)
      select institution, 'enrol', outcome, date_trunc('hour', at, 'UTC'), 1 from outcome where outcome in ('done', 'limited')
      on conflict (institution, event, outcome, since) do update set count = stranger_counts.count + excluded.count
    )
    select outcome, token.* from outcome left join lateral (
      select * from made union all select t.* from tokens t where outcome.outcome = 'again' and t.id = outcome.known_id
    ) as token on true`.execute(db);
  const [{ outcome, ...row } = { outcome: 'taken' as const }] = rows;
  if (outcome === 'taken' || outcome === 'limited') return { outcome, row: undefined };
  if (!('id' in row)) throw new Error('a serial number token was not made');
  return { outcome, row };
}

function inputOf(made: NewSerialToken) {
  const { kind, algorithm, digits, period, confirmation } = made.parameters;
  return {
    ...writeInput(made.write),
    token_id: made.tokenId,
    user_id: made.userId,
    serial: made.serial,
    kind,
    algorithm,
    digits,
    period,
    confirmation_mode: confirmation,
    secret: Buffer.from(made.secret).toString('hex'),
    device_id: made.deviceId,
    jkt: made.jkt,
    jti: made.jti,
    proof_until: made.proofUntil,
    receiving_key: made.receivingKey,
    ...made.device,
    bind_by: made.bindBy,
    expires_at: made.expiresAt,
    most: made.most,
  };
}

const BATCH = 2_000;

/**
 * Deletes tokens that nobody registered and whose time for that ended before a moment, and their devices: nothing else was
 * ever written of them. Of several nodes one does it at a time.
 */
export async function forgetUnbound(db: Database, before: Date, { stopping }: Sweeping = {}): Promise<void> {
  let forgotten: number;
  do {
    const { rows } = await sql<{ forgotten: number }>`
      with mine as materialized (
        select pg_try_advisory_xact_lock(hashtext('warifu sweep'), hashtext('unbound tokens')) as mine
      ), gone as (
        delete from tokens where ctid = any (array(
          select t.ctid from tokens t
          where (select mine from mine) and ${isUnbound} and t.enrol_by < ${before} order by t.enrol_by limit ${sql.lit(BATCH)}))
        returning id
      ), devices_gone as (
        delete from devices where token_id in (select id from gone)
      )
      select count(*)::integer as forgotten from gone`.execute(db);
    forgotten = rows[0]?.forgotten ?? 0;
  } while (forgotten === BATCH && !stopping?.aborted);
}
