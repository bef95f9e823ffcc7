import { sql } from 'kysely';

/**
 * The next 受付番号: the day, and at least eight digits of the one series of transfers, changes and procedures with a token.
 * @param day such as `20261121`
 */
export const nextReceipt = (day: string) =>
  sql<string>`${day} || '-' || (select lpad(number, greatest(8, length(number)), '0')
    from (select nextval('transfer_receipts')::text as number) as series)`;
