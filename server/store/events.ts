import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { EventRow } from './schema.ts';

/** Longest pause between two attempts, and how long an event is tried at all. */
const LONGEST_PAUSE_S = 600;
const GIVE_UP_MS = 3 * 24 * 60 * 60_000;

/**
 * Takes an institution's events that are due, for a while: whoever else asks, on any node, gets others. Taken ones fall due again later,
 * twice as late each time, unless they are delivered.
 */
export async function takeEvents(
  db: Database,
  institution: string,
  at: Date,
  most: number,
): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    update events set
      attempts = attempts + 1,
      due_at = ${at}::timestamptz + make_interval(secs => least(${LONGEST_PAUSE_S}, 2 ^ least(attempts + 1, 20)))
    where id in (
      select id from events
      where delivered_at is null and due_at <= ${at}::timestamptz and institution = ${institution}
      order by due_at limit ${most} for update skip locked)
    returning *`.execute(db);
  return rows;
}

export async function eventDelivered(db: Database, id: string, at: Date): Promise<void> {
  await db.updateTable('events').set({ delivered_at: at }).where('id', '=', id).execute();
}

/** Forgets what was delivered a day ago, and what could not be in days. */
export async function sweepEvents(db: Database, now: Date): Promise<void> {
  const dayAgo = new Date(now.getTime() - 24 * 60 * 60_000);
  await db.deleteFrom('events').where('delivered_at', '<', dayAgo).execute();
  await db
    .deleteFrom('events')
    .where('created_at', '<', new Date(now.getTime() - GIVE_UP_MS))
    .execute();
}
