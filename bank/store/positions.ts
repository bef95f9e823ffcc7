import type { Selectable } from 'kysely';
import type { Handle } from './database.ts';
import type { PositionalPasswordsTable } from './schema.ts';

/** Two positions, counted from 1 from the left; the lower comes first. */
export type Positions = readonly [first: number, second: number];

export type PositionalPassword = Selectable<PositionalPasswordsTable>;

export function findPositionalPassword(
  db: Handle,
  customerId: string,
): Promise<PositionalPassword | undefined> {
  return db
    .selectFrom('positional_passwords')
    .selectAll()
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
}

/** Saves a customer's 資金移動用パスワード, unless they have one. */
export async function writePositionalPassword(db: Handle, password: PositionalPassword): Promise<void> {
  await db
    .insertInto('positional_passwords')
    .values(password)
    .onConflict((c) => c.doNothing())
    .execute();
}

/** The positions a customer is asked for: the ones asked before, if they were not given yet; otherwise `fresh`. */
export async function askedPositions(
  db: Handle,
  customerId: string,
  { fresh, now }: { readonly fresh: Positions; readonly now: number },
): Promise<Positions> {
  const [first, second] = fresh;
  const asked = await db
    .insertInto('position_challenges')
    .values({ customer_id: customerId, first, second, made_at: new Date(now) })
    // This update changes nothing; it makes the statement return the existing row.
    .onConflict((c) => c.column('customer_id').doUpdateSet({ customer_id: customerId }))
    .returning(['first', 'second'])
    .executeTakeFirstOrThrow();
  return [asked.first, asked.second];
}

/** The positions were given, and their work is done: the customer is asked for others next time. */
export async function forgetPositions(
  db: Handle,
  customerId: string,
  [first, second]: Positions,
): Promise<void> {
  await db
    .deleteFrom('position_challenges')
    .where('customer_id', '=', customerId)
    .where('first', '=', first)
    .where('second', '=', second)
    .execute();
}
