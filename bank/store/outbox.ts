import { type Insertable, type Selectable, sql } from 'kysely';
import { deleteOld, type Sweeping } from '../../host/sweep.ts';
import type { Database, Handle } from './database.ts';
import type { OutboxTable } from './schema.ts';

export type OutboxRow = Selectable<OutboxTable>;

/** Does nothing if a mail with this id exists. */
export async function insertMail(db: Handle, mail: Insertable<OutboxTable>): Promise<void> {
  await db
    .insertInto('outbox')
    .values(mail)
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Recipient of a mail and what came of it, until it is deleted. */
export function findMail(
  db: Handle,
  id: string,
): Promise<Pick<OutboxRow, 'recipient' | 'sent_at' | 'given_up'> | undefined> {
  return db
    .selectFrom('outbox')
    .select(['recipient', 'sent_at', 'given_up'])
    .where('id', '=', id)
    .executeTakeFirst();
}

/** How many mails of a kind were written for a customer since a time. */
export async function countMails(
  db: Handle,
  customerId: string,
  kind: OutboxRow['kind'],
  since: number,
): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .select((of) => of.fn.countAll<string | number>().as('count'))
    .where('customer_id', '=', customerId)
    .where('kind', '=', kind)
    .where('created_at', '>', new Date(since))
    .executeTakeFirstOrThrow();
  return Number(count);
}

interface Claim {
  readonly now: number;
  /** How long one process may try a mail while no other does. */
  readonly claimMs: number;
  /** The longest wait before the next try. */
  readonly mostMs: number;
}

/** Takes the oldest mail that is due, for this process alone. */
export function claimDueMail(db: Database, { now, claimMs, mostMs }: Claim): Promise<OutboxRow | undefined> {
  return db
    .updateTable('outbox')
    .set((of) => ({ attempts: of('attempts', '+', 1), next_attempt_at: new Date(now + claimMs) }))
    .where('id', '=', (from) =>
      from
        .selectFrom('outbox')
        .select('id')
        .where('sent_at', 'is', null)
        // A date beyond the longest wait was written by a clock that has been set back since.
        .where((is) =>
          is.or([
            is('next_attempt_at', '<=', new Date(now)),
            is('next_attempt_at', '>', new Date(now + mostMs)),
          ]),
        )
        .orderBy('created_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst();
}

export async function tryMailAgain(db: Database, id: string, at: Date): Promise<void> {
  await db.updateTable('outbox').set({ next_attempt_at: at }).where('id', '=', id).execute();
}

/** Deletes the text of a mail that was delivered or given up. */
export async function noteMailDone(
  db: Database,
  id: string,
  { at, givenUp }: { readonly at: Date; readonly givenUp: boolean },
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ sent_at: at, given_up: givenUp, content: null })
    .where('id', '=', id)
    .execute();
}

export async function forgetSentMails(db: Database, before: Date, sweeping?: Sweeping): Promise<void> {
  await deleteOld(db, { table: 'outbox', by: 'sent_at', before, where: sql`sent_at is not null` }, sweeping);
}
