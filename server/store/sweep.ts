import { sql } from 'kysely';
import { COUNTED_BY } from '../../core/api/audit.ts';
import { deleteOld, type OldRows, type Sweeping } from '../../host/sweep.ts';
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
 * nobody registered, pairings, approvals and challenges that are over, and counts that nobody can read any more. Where one of
 * these fails the others are done.
 * @throws the first failure, at the end
 */
export async function sweep(db: Database, now: Date, sweeping?: Sweeping): Promise<void> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const delivered = sql`delivered_at is not null`;
  const pushes = sql`channel = 'push'`;
  const old: readonly OldRows[] = [
    { table: 'proofs', by: 'expires_at', before: now },
    { table: 'idempotency', by: 'created_at', before: ago(DAY_MS) },
    { table: 'events', by: 'delivered_at', before: ago(DAY_MS), where: delivered },
    { table: 'events', by: 'created_at', before: ago(GIVE_UP_MS) },
    { table: 'events', by: 'created_at', before: ago(UNLISTED_MS), where: pushes },
    { table: 'pairings', by: 'expires_at', before: ago(TOLD_MS) },
    { table: 'approvals', by: 'expires_at', before: ago(TOLD_MS) },
    { table: 'challenges', by: 'expires_at', before: ago(TOLD_MS) },
    { table: 'refused_fills', by: 'since', before: ago(COUNTED_MS) },
  ];
  const failures: unknown[] = [];
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => failures.push(error));
  for (const rows of old) await attempt(deleteOld(db, rows, sweeping));
  await attempt(forgetUnbound(db, ago(DAY_MS), sweeping));
  if (failures.length > 0) throw failures[0];
}
