import { OutageError } from '../core/errors.ts';
import type { MeasuredDatabase } from '../host/metrics.ts';
import { readOutbox, readUnlinked } from '../host/read-metrics.ts';
import type { Database } from './store/database.ts';

/** What is measured of the database, also before it is open. */
export function measuredIn(
  opening: Promise<{ readonly db: Database }>,
  clock: () => number,
): MeasuredDatabase {
  let db: Database | undefined;
  opening.then(
    (opened) => {
      db = opened.db;
    },
    () => {},
  );
  const read = async () => {
    if (db === undefined) throw new OutageError('the database is not open yet');
    await readMetrics(db, new Date(clock()));
  };
  return { labels: {}, read };
}

/**
 * Reads what the database says for `/metrics`.
 * @throws Error if the database does not answer
 */
export async function readMetrics(db: Database, at: Date): Promise<void> {
  await readOutbox(db, { name: 'mails', table: 'outbox', deliveredAt: 'sent_at' }, at);
  await readUnlinked(db, 'staff_acts', at);
}
