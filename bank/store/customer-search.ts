import { sql } from 'kysely';
import type { Customer } from './customers.ts';
import type { Handle } from './database.ts';

/**
 * Customers of an institution whose name has a part, in any width and case, with or without the space. The index holds
 * every piece of one and of two characters; the rest is compared.
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

/** Whose transfer, change or procedure with a token a 受付番号 is of: all are of one series. */
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
