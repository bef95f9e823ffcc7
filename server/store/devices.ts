import { type Selectable, sql } from 'kysely';
import type { StaffAct } from '../../core/api/staff.ts';
import { remember } from './confirmation-sql.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { IdempotentWrite, Write } from './tokens.ts';
import { WAKE_CHANNEL } from './wakes.ts';
import { WRITE_COLUMNS, writeInput } from './write-input.ts';

/** How exactly it is known when a device was seen last: its row is written this often at most. */
const SEEN_EVERY_MS = 60 * 60_000;

/** Writes down that a device was seen, unless that was done within the hour. */
export async function seeDevice(
  db: Database,
  { id, lastSeenAt }: { readonly id: string; readonly lastSeenAt: Date | null },
  at: Date,
): Promise<void> {
  const before = new Date(at.getTime() - SEEN_EVERY_MS);
  if (lastSeenAt !== null && lastSeenAt > before) return;
  await db
    .updateTable('devices')
    .set({ last_seen_at: at })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_seen_at', 'is', null), eb('last_seen_at', '<=', before)]))
    .execute();
}

const COLUMNS = ['id', 'token_id', 'jkt', 'form', 'name', 'may_decide', 'added_at', 'last_seen_at'] as const;

export type DeviceRow = Pick<Selectable<Schema['devices']>, (typeof COLUMNS)[number]>;

/** The devices of a token that are not removed, in the order in which they were added. */
export function devicesOf(db: Database, tokenId: string): Promise<DeviceRow[]> {
  return db
    .selectFrom('devices')
    .select(COLUMNS)
    .where('token_id', '=', tokenId)
    .where('removed_at', 'is', null)
    .orderBy('added_at')
    .execute();
}

/** A device of a token by its id, also one that was removed. */
export function findDevice(db: Database, tokenId: string, id: string): Promise<DeviceRow | undefined> {
  return db
    .selectFrom('devices')
    .select(COLUMNS)
    .where('token_id', '=', tokenId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Whether a key is a device's, also of one that was removed. */
export async function isKeyOfDevice(db: Database, jkt: string): Promise<boolean> {
  const row = await db.selectFrom('devices').select('id').where('jkt', '=', jkt).executeTakeFirst();
  return row !== undefined;
}

/** Whether a device was removed. */
export async function isRemoved(db: Database, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('devices')
    .select('id')
    .where('id', '=', id)
    .where('removed_at', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

export interface RemoveDevice {
  readonly write: Write | IdempotentWrite;
  readonly tokenId: string;
  readonly id: string;
  /** The device on which the customer removes it, */
  readonly byDevice?: string;
  /** or the member of staff who does, and why. */
  readonly by?: StaffAct;
}

/**
 * Removes a device that fills, once: its key is nobody's from then on. The bank is told with the same statement. A device that
 * decides is not removed; it ends with its token. What staff asked for and did not get is audited too. Rejects with a unique
 * violation, and does nothing, if the idempotency key of the write was used before.
 * @returns whether it was there
 */
export async function removeDevice(
  db: Database,
  { write, tokenId, id, byDevice, by }: RemoveDevice,
): Promise<boolean> {
  const asked = { ...writeInput(write), token_id: tokenId, paired_id: id, by_device: byDevice, ...by };
  const { rows } = await sql`
    with asked as (
      select *, null::text as id from jsonb_to_recordset(${JSON.stringify([asked])}::jsonb) as i(
        ${WRITE_COLUMNS}, token_id text, paired_id text, by_device text, actor text, reason text, approval text)
    ), removed as (
      update devices d set removed_at = a.at, may_fill = false
      from asked a
      where d.id = a.paired_id and d.token_id = a.token_id and d.removed_at is null and not d.may_decide
      returning a.*
    ), counted as (
      update tokens t set paired_devices = t.paired_devices - 1 from removed r where t.id = r.token_id
    ), remembered as (
      ${remember('asked', sql`exists (select from removed)`)} where key is not null
    ), told as (
      insert into events (id, channel, target, institution, token_id, device_id, kind, created_at, due_at)
      select paired_id || '.removed', 'devices', institution, institution, token_id, paired_id, 'device-removed', at, at
      from removed
    ), audited as (
      insert into audit (at, institution, token_id, event, outcome, request_id, device_id, actor, reason, approval)
      select at, institution, token_id, 'unpair', case when done then 'done' else 'stopped' end, request_id,
        coalesce(by_device, paired_id), actor, reason, approval
      from (select *, exists (select from removed) as done from asked) as outcome
      where done or actor is not null
    )
    select pg_notify(${sql.lit(WAKE_CHANNEL)}, concat_ws('/', token_id, paired_id, 'device-events')) as woken
    from removed`.execute(db);
  return rows.length === 1;
}
