import { sql } from 'kysely';
import { COUNTED_BY } from '../../core/api/audit.ts';
import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database } from './database.ts';
import { forgetUnbound } from './serials.ts';

const DAY_MS = 24 * 60 * 60_000;

/** How long an event that a bank does not take is kept. */
const GIVE_UP_MS = 3 * DAY_MS;

/** How long an event for a device is kept whose push service is not listed any more: no confirmation lasts as long. */
const UNLISTED_MS = 60 * 60_000;

/** How long it is told how a pairing or a challenge ended; a code that was approved goes with its row. */
const TOLD_MS = 10 * 60_000;

/** Longest that counts of refused fills are read. */
const COUNTED_MS = (COUNTED_BY.day + 1) * DAY_MS;

/**
 * Forgets proofs past their time, idempotency keys older than a day, events that were delivered or never could be, tokens that
 * nobody registered, pairings, approvals and challenges that are over, and counts that nobody can read any more.
 */
export async function sweep(db: Database, now: Date, sweeping?: Sweeping): Promise<void> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  await deleteOld(db, { table: 'proofs', by: 'expires_at', before: now }, sweeping);
  await deleteOld(db, { table: 'idempotency', by: 'created_at', before: ago(DAY_MS) }, sweeping);
  const delivered = { where: sql`delivered_at is not null` };
  await deleteOld(db, { table: 'events', by: 'delivered_at', before: ago(DAY_MS), ...delivered }, sweeping);
  await deleteOld(db, { table: 'events', by: 'created_at', before: ago(GIVE_UP_MS) }, sweeping);
  const pushes = { where: sql`channel = 'push'` };
  await deleteOld(db, { table: 'events', by: 'created_at', before: ago(UNLISTED_MS), ...pushes }, sweeping);
  await deleteOld(db, { table: 'pairings', by: 'expires_at', before: ago(TOLD_MS) }, sweeping);
  await deleteOld(db, { table: 'approvals', by: 'expires_at', before: ago(TOLD_MS) }, sweeping);
  await deleteOld(db, { table: 'challenges', by: 'expires_at', before: ago(TOLD_MS) }, sweeping);
  await forgetUnbound(db, ago(DAY_MS), sweeping);
  await deleteOld(db, { table: 'refused_fills', by: 'since', before: ago(COUNTED_MS) }, sweeping);
}
