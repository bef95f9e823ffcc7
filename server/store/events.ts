import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { EventRow } from './schema.ts';

/** Longest pause between two attempts. */
const LONGEST_PAUSE_S = 600;

/**
 * Takes events of an institution that are due, so that no other caller, on any node, gets them for a while. An event that is
 * not delivered falls due again, after twice the time with each attempt.
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
