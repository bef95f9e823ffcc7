import { type Selectable, sql } from 'kysely';
import type { Handle } from './database.ts';
import type { PaperKind, PapersTable } from './schema.ts';
import { ACTING } from './staff.ts';

export type PaperRow = Selectable<PapersTable>;

/** A paper with its customer. */
export interface PaperOf extends PaperRow {
  readonly login_id: string;
  readonly name: string;
}

type NewPaper = Omit<PaperRow, 'id' | 'registered_by'>;

/**
 * Registers a paper, once for its form. The same statement checks that the member of staff may act.
 * @param by row id of the member of staff
 * @returns its number, also if the form registered it before; undefined if they may not act
 */
export async function insertPaper(trx: Handle, paper: NewPaper, by: string): Promise<string | undefined> {
  await trx
    .insertInto('papers')
    .columns([
      'key',
      'institution',
      'customer_id',
      'kind',
      'brought_by',
      'received_on',
      'asked',
      'registered_by',
      'registered_at',
    ])
    .expression((of) =>
      of
        .selectFrom('staff')
        .select([
          sql<string>`${paper.key}::text`.as('key'),
          'staff.institution',
          sql<string>`${paper.customer_id}::text`.as('customer_id'),
          sql<PaperKind>`${paper.kind}::text`.as('kind'),
          sql<string>`${paper.brought_by}::text`.as('brought_by'),
          sql<string>`${paper.received_on}::text`.as('received_on'),
          sql<string>`${paper.asked}::text`.as('asked'),
          'staff.staff_id as registered_by',
          sql<Date>`${paper.registered_at}::timestamptz`.as('registered_at'),
        ])
        .where('staff.id', '=', by)
        .where('staff.institution', '=', paper.institution)
        .where('staff.role', 'in', ACTING),
    )
    .onConflict((c) => c.doNothing())
    .execute();
  const row = await trx.selectFrom('papers').select('id').where('key', '=', paper.key).executeTakeFirst();
  return row && String(row.id);
}

/** A paper at this institution; undefined also if it is at another. @param id digits */
export function findPaper(db: Handle, institution: string, id: string): Promise<PaperOf | undefined> {
  return db
    .selectFrom('papers')
    .innerJoin('customers', 'customers.id', 'papers.customer_id')
    .selectAll('papers')
    .select(['customers.login_id', 'customers.name'])
    .where('papers.institution', '=', institution)
    .where('papers.id', '=', id)
    .executeTakeFirst();
}

/** The papers a customer handed in, newest first. */
export function latestPapers(db: Handle, customerId: string, limit: number): Promise<PaperRow[]> {
  return db
    .selectFrom('papers')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
