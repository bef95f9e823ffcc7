import { type RawBuilder, sql } from 'kysely';
import type { Database } from './database.ts';

/** A device's subscription at a push service. */
export interface Subscribe {
  readonly deviceId: string;
  /** Name of the push service. */
  readonly service: string;
  /** Endpoint and keys, sealed. */
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/**
 * Keeps the one subscription of a device, in place of its former one.
 * @returns whether the device is there and may decide
 */
export async function subscribe(db: Database, { deviceId, service, sealed }: Subscribe): Promise<boolean> {
  const { rows } = await sql`
    insert into push_subscriptions (device_id, service, sealed)
    select id, ${service}, ${sealed} from devices where id = ${deviceId} and may_decide
    on conflict (device_id) do update set service = excluded.service, sealed = excluded.sealed
    returning device_id`.execute(db);
  return rows.length === 1;
}

export async function unsubscribe(db: Database, deviceId: string): Promise<void> {
  await db.deleteFrom('push_subscriptions').where('device_id', '=', deviceId).execute();
}

/** Forgets a subscription that is gone at its push service, unless the device has renewed it since. */
export async function forgetSubscription(
  db: Database,
  deviceId: string,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await db
    .deleteFrom('push_subscriptions')
    .where('device_id', '=', deviceId)
    .where('sealed', '=', sealed)
    .execute();
}

/** Until when the push service asks to be sent nothing, where the device's subscription is still with it. */
const kept = sql`case events.target when excluded.target then events.not_before end`;

/**
 * Makes events for the subscribed devices of the tokens that are asked, of rows `(token_id, id, institution, at)`. A device has
 * one such event: a newer question takes the place of an older one, and is due at once, or when the push service asks to be sent
 * something again.
 * @param about what the events name: the confirmation, which is the row's id, or the token
 */
export const pushTo = (
  rows: string,
  about: 'confirmation' | 'token' = 'confirmation',
): RawBuilder<unknown> => sql`
  insert into events (id, channel, target, institution, confirmation_id, token_id, device_id, created_at, due_at)
  select distinct on (d.id) 'push.' || d.id, 'push', s.service, a.institution,
    ${about === 'confirmation' ? sql`a.id, null` : sql`null, a.token_id`}, d.id, a.at, a.at
  from ${sql.table(rows)} a
    join devices d on d.token_id = a.token_id and d.may_decide
    join push_subscriptions s on s.device_id = d.id
  on conflict (id) do update set
    target = excluded.target, confirmation_id = excluded.confirmation_id, token_id = excluded.token_id,
    created_at = excluded.created_at, attempts = 0, delivered_at = null,
    not_before = ${kept}, due_at = greatest(excluded.due_at, ${kept})
  returning confirmation_id`;

/** What there is to tell a device. */
export interface Notice {
  readonly sealed: Uint8Array<ArrayBuffer>;
  readonly tokenId: string;
  /** How many confirmations wait, how many questions for codes, and when the last of them ends. */
  readonly waiting: number;
  readonly approvals: number;
  readonly until: Date;
}

/**
 * Counts what the device would be shown (`liveConfirmations`, `waitingApprovals`, `isSetUp`).
 * @returns undefined if nothing waits for the device's token, or it is not subscribed any more
 */
export async function noticeFor(db: Database, deviceId: string, at: Date): Promise<Notice | undefined> {
  const { rows } = await sql<Notice>`
    select s.sealed, d.token_id as "tokenId", c.count as waiting, a.count as approvals,
      greatest(c.until, a.until) as until
    from devices d
      join push_subscriptions s on s.device_id = d.id
      join tokens t on t.id = d.token_id and t.expires_at > ${at}
      join lateral (
        select count(*)::integer as count, max(expires_at) as until from confirmations
        where token_id = d.token_id and status = 'waiting' and expires_at > ${at} and t.status = 'active') c on true
      join lateral (
        select count(*)::integer as count, max(p.expires_at) as until
        from approvals p join devices f on f.id = p.device_id
        where p.token_id = d.token_id and p.status = 'waiting' and p.expires_at > ${at}
          and f.removed_at is null and t.status in ('enrolled', 'active')) a on true
    where d.id = ${deviceId} and c.count + a.count > 0`.execute(db);
  return rows[0];
}
