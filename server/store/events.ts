import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { EventRow } from './schema.ts';

/** Longest pause between two attempts. */
const LONGEST_PAUSE_S = 600;

/** What is due on a channel for one target. */
export interface DueEvents extends Pick<EventRow, 'channel' | 'target'> {
  readonly at: Date;
  /** When they fall due again, whatever became of who took them. */
  readonly heldUntil: Date;
  readonly most: number;
}

/** Takes events that are due, so that no other caller, on any node, gets them for a while. */
export async function takeEvents(
  db: Database,
  { channel, target, at, heldUntil, most }: DueEvents,
): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    update events set attempts = attempts + 1, due_at = ${heldUntil}
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

/**
 * Of an event that was not delivered: it falls due after twice the time with each attempt, within the longest pause.
 * @param afterMs how long the next attempt has to wait at least
 */
export async function eventFailed(db: Database, event: EventRow, at: Date, afterMs: number): Promise<void> {
  const pauseS = Math.min(LONGEST_PAUSE_S, Math.max(2 ** event.attempts, afterMs / 1000));
  await db
    .updateTable('events')
    .set({ due_at: new Date(at.getTime() + pauseS * 1000) })
    .where(asTaken(event))
    .execute();
}
