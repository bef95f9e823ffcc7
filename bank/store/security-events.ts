import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';

/** Notes a security event. @returns false if it was received before */
export async function noteEvent(db: Handle, id: string, now: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('security_events')
    .values({ id, at: new Date(now) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function forgetEvents(db: Database, before: Date, sweeping?: Sweeping): Promise<void> {
  await deleteOld(db, { table: 'security_events', by: 'at', before }, sweeping);
}
