import type { Selectable } from 'kysely';
import type { Handle } from './database.ts';
import type { CustomerTokensTable } from './schema.ts';

/** A token that a contract has, or had. */
export type CustomerToken = Selectable<CustomerTokensTable>;

/** From now on the contract has this token, and no other any more. In the transaction that makes it so. */
export async function beginToken(trx: Handle, customerId: string, userId: string, at: Date): Promise<void> {
  await trx
    .updateTable('customer_tokens')
    .set({ held_until: at })
    .where('customer_id', '=', customerId)
    .where('user_id', '<>', userId)
    .where('held_until', 'is', null)
    .execute();
  await trx
    .insertInto('customer_tokens')
    .values({ customer_id: customerId, user_id: userId, held_from: at })
    .onConflict((c) => c.doNothing())
    .execute();
}

/** The token was released; told again, the first time counts. */
export async function endToken(db: Handle, customerId: string, userId: string, at: Date): Promise<void> {
  await db
    .updateTable('customer_tokens')
    .set({ held_until: at })
    .where('customer_id', '=', customerId)
    .where('user_id', '=', userId)
    .where('held_until', 'is', null)
    .execute();
}

/** A contract's tokens, the latest first. */
export function tokensOf(db: Handle, customerId: string, limit: number): Promise<CustomerToken[]> {
  return db
    .selectFrom('customer_tokens')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('held_from', (order) => order.desc().nullsLast())
    .orderBy('user_id')
    .limit(limit)
    .execute();
}
