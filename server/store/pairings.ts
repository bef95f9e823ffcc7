import { sql } from 'kysely';
import type { Device } from '../../core/api/bank.ts';
import type { PairingDecision, PairingStatus } from '../../core/api/pairing.ts';
import type { PublicJwk } from '../../core/institution/directory.ts';
import type { Database } from './database.ts';
import type { PairingRow, TokenRow } from './schema.ts';
import { isSetUp, type Write } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';
import { WRITE_COLUMNS, writeInput } from './write-input.ts';

/*
 * 連携. A pairing is one row, moved on by conditional updates alone: open → claimed → answered → symbols → paired. The device
 * that is to fill, D, begins it; the one that has the token, P, gives the code and decides. Each reveals its nonce only when
 * the other has given its own, or what binds it to it. An act on P's token (`acts.ts`) cancels it; where that goes out of use
 * otherwise, the conditions of the statements make it useless.
 */

/** A pairing, and how the token stands whose device gave its code. */
export interface PairingOfToken extends PairingRow {
  readonly token_status: TokenRow['status'] | null;
  readonly token_expires_at: Date | null;
}

/**
 * The status at a moment: a pairing that is under way is expired from its deadline on, and cancelled once its token cannot be
 * given a device.
 */
export function pairingStatusAt(row: PairingOfToken, now: number): PairingStatus {
  const { status, token_status: ofToken } = row;
  if (!UNDER_WAY.includes(status)) return status;
  if (row.expires_at.getTime() <= now) return 'expired';
  if (ofToken === null) return status;
  return isSetUp({ status: ofToken, expires_at: row.token_expires_at }, new Date(now)) ? status : 'cancelled';
}

const UNDER_WAY: readonly PairingStatus[] = ['open', 'claimed', 'answered', 'symbols'];

export interface BeginPairing {
  readonly id: string;
  readonly jkt: string;
  readonly signingKey: PublicJwk;
  readonly receivingKey: PublicJwk;
  readonly commitment: string;
  readonly device: Device;
  readonly codeHash: Uint8Array<ArrayBuffer>;
  readonly at: Date;
  readonly expiresAt: Date;
  /** How many there may be at a time. */
  readonly most: number;
}

/**
 * Begins a pairing, or the same device's anew while nobody has given its code. Rejects with a unique violation if another one has
 * the code.
 * @returns undefined where there are too many, the key is a device's, or its pairing is further on
 */
export async function beginPairing(db: Database, begun: BeginPairing): Promise<PairingOfToken | undefined> {
  const { id, jkt, signingKey, receivingKey, commitment, device, codeHash, at, expiresAt, most } = begun;
  const { rows } = await sql<PairingOfToken>`
    insert into pairings (id, jkt, signing_key, receiving_key, commitment, form, name, code_hash, status, expires_at)
    select ${id}, ${jkt}, ${JSON.stringify(signingKey)}::jsonb, ${JSON.stringify(receivingKey)}::jsonb, ${commitment},
      ${device.form}, ${device.name}, ${codeHash}::bytea, 'open', ${expiresAt}::timestamptz
    where not exists (select from devices where jkt = ${jkt})
      and ${most} > (select count(*) from (select from pairings where expires_at > ${at} limit ${most}) as others)
    on conflict (jkt) do update set
      id = excluded.id, receiving_key = excluded.receiving_key, commitment = excluded.commitment, form = excluded.form,
      name = excluded.name, code_hash = excluded.code_hash, expires_at = excluded.expires_at
      where pairings.status = 'open'
    returning *, null as token_status, null as token_expires_at`.execute(db);
  return rows[0];
}

/** The pairing that a device began, by the thumbprint of its key. */
export function pairingOfKey(db: Database, jkt: string): Promise<PairingOfToken | undefined> {
  return pairingsOfTokens(db).where('pairings.jkt', '=', jkt).executeTakeFirst();
}

/** The pairing whose code a device has given. */
export function claimedPairing(
  db: Database,
  id: string,
  deviceId: string,
): Promise<PairingOfToken | undefined> {
  return pairingsOfTokens(db)
    .where('pairings.id', '=', id)
    .where('pairings.device_id', '=', deviceId)
    .executeTakeFirst();
}

const pairingsOfTokens = (db: Database) =>
  db
    .selectFrom('pairings')
    .leftJoin('tokens', 'tokens.id', 'pairings.token_id')
    .selectAll('pairings')
    .select(['tokens.status as token_status', 'tokens.expires_at as token_expires_at']);

/** Wakes those who wait for a pairing. */
const woken = sql`pg_notify(${sql.lit(WAKE_CHANNEL)}, p.id) as woken`;

export interface Claim {
  readonly codeHash: Uint8Array<ArrayBuffer>;
  readonly deviceId: string;
  readonly signingKey: PublicJwk;
  readonly at: Date;
}

/**
 * P gives the code: of any number of devices one has it. The same device may give it again, its answer lost.
 * @returns undefined where no pairing waits for this code, or the device may not decide for a token that is in use
 */
export async function claimPairing(
  db: Database,
  { codeHash, deviceId, signingKey, at }: Claim,
): Promise<PairingOfToken | undefined> {
  const { rows } = await sql<PairingOfToken>`
    update pairings p set
      status = 'claimed', token_id = d.token_id, device_id = d.id, phone_key = ${JSON.stringify(signingKey)}::jsonb
    from devices d join tokens t on t.id = d.token_id
    where p.code_hash = ${codeHash} and (p.status = 'open' or p.status = 'claimed' and p.device_id = d.id)
      and p.expires_at > ${at} and d.id = ${deviceId} and d.may_decide and d.removed_at is null and ${mayPair(at)}
    returning p.*, t.status as token_status, t.expires_at as token_expires_at, ${woken}`.execute(db);
  return rows[0];
}

/** Whether the token `t` can be given a device: also before 利用開始, which is filled as well. */
const mayPair = (at: Date) => sql`t.status in ('enrolled', 'active') and t.expires_at > ${at}`;

/** P gives its nonce, once. */
export async function answerPairing(
  db: Database,
  { id, deviceId, nonce, at }: { id: string; deviceId: string; nonce: string; at: Date },
): Promise<void> {
  await sql`
    update pairings p set status = 'answered', phone_nonce = ${nonce}, code_hash = null
    from tokens t
    where p.id = ${id} and p.device_id = ${deviceId} and p.status = 'claimed' and p.expires_at > ${at}
      and t.id = p.token_id and ${mayPair(at)}
    returning ${woken}`.execute(db);
}

/** D reveals its nonce, once, and only when P has given its own. */
export async function revealPairing(
  db: Database,
  { jkt, nonce, at }: { jkt: string; nonce: string; at: Date },
): Promise<void> {
  await sql`
    update pairings p set status = 'symbols', nonce = ${nonce}
    from tokens t
    where p.jkt = ${jkt} and p.status = 'answered' and p.expires_at > ${at} and t.id = p.token_id and ${mayPair(at)}
    returning ${woken}`.execute(db);
}

/** D calls it off, at any time before it is paired. */
export async function cancelPairing(db: Database, jkt: string): Promise<void> {
  await sql`
    update pairings p set status = 'cancelled', code_hash = null
    where p.jkt = ${jkt} and p.status in ('open', 'claimed', 'answered', 'symbols')
    returning ${woken}`.execute(db);
}

export interface DecidePairing {
  readonly write: Write;
  readonly id: string;
  readonly deviceId: string;
  readonly decision: PairingDecision['decision'];
  readonly signed: string;
  /** How many devices may fill for a token. */
  readonly most: number;
}

/**
 * Takes P's decision, once. The device, the token's count of devices, the audit and the event to the bank are one statement. It
 * is refused as soon as P knows it, and paired only when both show the symbols. Rejects with a unique violation if the key has
 * become a device's in the meantime.
 */
export async function decidePairing(
  db: Database,
  { write, id, deviceId, decision, signed, most }: DecidePairing,
): Promise<void> {
  const asked = { ...writeInput(write), id, device_id: deviceId, decision, signed, most };
  await sql`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify([asked])}::jsonb) as i(
        ${WRITE_COLUMNS}, id text, device_id text, decision text, signed text, most integer)
    ), held as (
      select p.id, p.token_id, i.decision, i.most
      from input i join pairings p on p.id = i.id and p.device_id = i.device_id
      where p.expires_at > i.at and (
        p.status = 'symbols' or p.status in ('claimed', 'answered') and i.decision = 'refused')
      for update of p
    ), counted as (
      update tokens t set paired_devices = t.paired_devices + 1
      from held h
      where h.decision = 'paired' and t.id = h.token_id and ${mayPair(write.at)} and t.paired_devices < h.most
      returning t.id
    ), decided as (
      update pairings p set status = i.decision, code_hash = null
      from input i, held h
      where p.id = h.id and (h.decision = 'refused' or exists (select from counted))
      returning p.*, i.at, i.institution, i.request_id, i.signed
    ), added as (
      insert into devices (
        id, token_id, jkt, receiving_key, may_make_codes, may_decide, may_fill, added_at, form, name, signed_pairing)
      select id, token_id, jkt, receiving_key, false, false, true, at, form, name, signed
      from decided where status = 'paired'
    ), told as (
      insert into events (id, channel, target, institution, token_id, device_id, kind, created_at, due_at)
      select id || '.added', 'devices', institution, institution, token_id, id, 'device-added', at, at
      from decided where status = 'paired'
    ), audited as (
      insert into audit (at, institution, token_id, event, outcome, request_id, device_id)
      select at, institution, token_id, 'pair', case status when 'paired' then 'done' else 'rejected' end, request_id,
        case status when 'paired' then id else device_id end
      from decided
    )
    select pg_notify(${sql.lit(WAKE_CHANNEL)}, concat_ws('/', token_id, id,
      case when status = 'paired' then 'device-events' end)) as woken
    from decided`.execute(db);
}
