import type { Selectable } from 'kysely';
import type { Handle } from './database.ts';
import type { CustomerTokensTable } from './schema.ts';

/** A token that a contract has or had. */
export type CustomerToken = Selectable<CustomerTokensTable>;

/** Makes this token the only one the contract has. Call it in the transaction that changes the customer's token. */
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

/** Notes that the token was released. A second call changes nothing. */
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
