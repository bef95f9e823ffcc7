import { type Kysely, sql } from 'kysely';
import { rootOf } from './audit/tables.ts';
import { auditUnlinked, type DatabaseLabels, outboxOldest, outboxWaiting } from './metrics.ts';

/** A table of messages, each with `created_at`, and the column that says when it was delivered. */
export interface OutboxTable {
  readonly name: string;
  readonly table: string;
  readonly deliveredAt: string;
  /** The channels of the messages meant, if the table has several. */
  readonly channels?: readonly string[];
  /** Of these, those to whom this process delivers, if not to all. */
  readonly targets?: readonly string[];
}

/** How many messages wait, and for how long the oldest has waited. */
export async function readOutbox<Schema>(
  db: Kysely<Schema>,
  { name, table, deliveredAt, channels, targets }: OutboxTable,
  at: Date,
  labels: DatabaseLabels = {},
): Promise<void> {
  const { rows } = await sql<{ waiting: number; since: Date | null }>`
    select count(*)::float8 as waiting, min(created_at) as since
    from ${sql.table(table)}
    where ${sql.ref(deliveredAt)} is null ${channels ? sql`and channel in (${sql.join(channels)})` : sql``}
      ${targets ? sql`and target = any(${targets}::text[])` : sql``}`.execute(db);
  const [{ waiting = 0, since = null } = {}] = rows;
  outboxWaiting.set({ ...labels, outbox: name }, waiting);
  outboxOldest.set({ ...labels, outbox: name }, secondsSince(since, at));
}

/** For how long the oldest audit entry has waited to be linked. */
export async function readUnlinked<Schema>(
  db: Kysely<Schema>,
  table: string,
  at: Date,
  labels: DatabaseLabels = {},
): Promise<void> {
  const { rows } = await sql<{ at: Date }>`
    select at from ${sql.table(table)}
    where id > coalesce((select reached from ${rootOf(table)}), 0) order by id limit 1`.execute(db);
  auditUnlinked.set(labels, secondsSince(rows[0]?.at ?? null, at));
}

/** 0 for none, and where the clocks of two nodes differ. */
export const secondsSince = (since: Date | null, at: Date): number =>
  since === null ? 0 : Math.max((at.getTime() - since.getTime()) / 1000, 0);
