import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { EventRow } from './schema.ts';

/** Longest pause between two attempts. */
const LONGEST_PAUSE_S = 600;

/** What is due on a channel for one target. */
export interface DueEvents extends Pick<EventRow, 'channel' | 'target'> {
  readonly at: Date;
  readonly most: number;
}

/**
 * Takes events that are due, so that no other caller, on any node, gets them for a while. An event that is not delivered falls
 * due again, after twice the time with each attempt.
 */
export async function takeEvents(
  db: Database,
  { channel, target, at, most }: DueEvents,
): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    update events set
      attempts = attempts + 1,
      due_at = ${at}::timestamptz + make_interval(secs => least(${LONGEST_PAUSE_S}, 2 ^ least(attempts + 1, 20)))
    where id in (
      select id from events
      where delivered_at is null and due_at <= ${at}::timestamptz and channel = ${channel} and target = ${target}
      order by due_at limit ${most} for update skip locked)
    returning *`.execute(db);
  return rows;
}

/** An event as it was taken: one of a device may have become that of a newer question since. */
const asTaken = ({ id, created_at, confirmation_id, attempts }: EventRow) => sql<boolean>`
  id = ${id} and created_at = ${created_at} and confirmation_id is not distinct from ${confirmation_id}
  and attempts = ${attempts}`;

export async function eventDelivered(db: Database, event: EventRow, at: Date): Promise<void> {
  await db.updateTable('events').set({ delivered_at: at }).where(asTaken(event)).execute();
}

/** Puts the next attempt off, within the longest pause. */
export async function postponeEvent(db: Database, event: EventRow, until: Date): Promise<void> {
  await sql`
    update events set due_at = least(greatest(due_at, ${until}), due_at + make_interval(secs => ${LONGEST_PAUSE_S}))
    where ${asTaken(event)}`.execute(db);
}
