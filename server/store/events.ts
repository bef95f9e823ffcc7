import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { EventRow } from './schema.ts';

/** Longest pause between two attempts, */
const LONGEST_PAUSE_S = 600;
/** and longest that an event waits because its target asks for it. */
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

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
 * @param afterMs how long its target asks to be sent nothing, which counts for a newer question as well
 */
export async function eventFailed(db: Database, event: EventRow, at: Date, afterMs: number): Promise<void> {
  const ms = at.getTime();
  const notBefore = afterMs > 0 ? new Date(ms + Math.min(LONGEST_WAIT_MS, afterMs)) : null;
  const next = new Date(ms + Math.min(LONGEST_PAUSE_S, 2 ** event.attempts) * 1000);
  await sql`
    update events set
      not_before = coalesce(${notBefore}::timestamptz, not_before),
      due_at = greatest(${notBefore}::timestamptz, case when ${asTaken(event)} then ${next}::timestamptz else due_at end)
    where id = ${event.id} and target = ${event.target}`.execute(db);
}
