import { sql } from 'kysely';
import type { Customer } from './customers.ts';
import type { Handle } from './database.ts';

/**
 * Finds customers of an institution by a part of their name, in any width and case, with or without the space. The index
 * holds every piece of one and of two characters; longer parts are compared afterwards.
 */
export async function findCustomersByName(
  db: Handle,
  institution: string,
  part: string,
  limit: number,
): Promise<Customer[]> {
  const plain = part.normalize('NFKC').replaceAll(' ', '').toLowerCase();
  const characters = [...plain];
  const size = Math.min(2, characters.length);
  const pieces = characters
    .slice(0, characters.length - size + 1)
    .map((_, start) => `${institution} ${characters.slice(start, start + size).join('')}`);
  if (pieces.length === 0) return [];
  const { rows } = await sql<Customer>`
    select * from customers
    where name_pieces(institution, name) @> ${sql.val(pieces)}::text[]
      and position(${plain} in lower(replace(normalize(name, NFKC), ' ', ''))) > 0
    limit ${limit}`.execute(db);
  return rows;
}

/** The customer of a 受付番号. Transfers, changes and procedures with a token share one series of numbers. */
export async function findCustomerByReceipt(
  db: Handle,
  institution: string,
  receipt: string,
): Promise<Customer | undefined> {
  for (const table of ['transfers', 'changes', 'otp_procedures'] as const) {
    const customer = await db
      .selectFrom('customers')
      .selectAll('customers')
      .where('customers.institution', '=', institution)
      .where('customers.id', 'in', (of) =>
        of
          .selectFrom(table)
          .select('customer_id')
          .where('institution', '=', institution)
          .where('receipt', '=', receipt),
      )
      .executeTakeFirst();
    if (customer !== undefined) return customer;
  }
  return undefined;
}
