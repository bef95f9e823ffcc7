import { sql } from 'kysely';
import { TRANSACTIONS, type TransactionType } from '../../../core/transaction/types.ts';
import type { TestBank } from './test-bank.ts';

/** Entries of the service's audit, written directly into the database. */

export const transactionTypes = Object.keys(TRANSACTIONS) as TransactionType[];

export async function tokenIdOf({ service }: TestBank, userId: string): Promise<string> {
  const query = service.db.selectFrom('tokens').select('id').where('user_id', '=', userId);
  return (await query.executeTakeFirstOrThrow()).id;
}

/** @param at time of the newest entry, Unix milliseconds; each entry is a millisecond older than the one before */
export async function writeEntries(
  { service }: TestBank,
  {
    tokenId,
    count,
    event,
    outcome,
    at = service.clock.now(),
    institution = 'senpoku',
  }: {
    readonly tokenId: string;
    readonly count: number;
    readonly event: string;
    readonly outcome: string;
    readonly at?: number;
    readonly institution?: string;
  },
): Promise<void> {
  await sql`
    insert into audit (at, institution, token_id, event, outcome, request_id)
    select ${new Date(at)}::timestamptz - i * interval '1 millisecond', ${institution}, ${tokenId}, ${event}, ${outcome}, 'test'
    from generate_series(0, ${count - 1}::integer) i`.execute(service.db);
}
