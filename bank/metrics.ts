import { readOutbox, readUnlinked } from '../host/read-metrics.ts';
import type { Database } from './store/database.ts';

/**
 * Reads what the database says for `/metrics`.
 * @throws Error if the database does not answer
 */
export async function readMetrics(db: Database, at: Date): Promise<void> {
  await readOutbox(db, { name: 'mails', table: 'outbox', deliveredAt: 'sent_at' }, at);
  await readUnlinked(db, 'staff_acts', at);
}
