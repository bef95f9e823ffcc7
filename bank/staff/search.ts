import { findCustomerByReceipt, findCustomersByName } from '../store/customer-search.ts';
import { type Customer, findCustomerByLogin } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';

/** Characters of what is searched for at most: no ID, name or number is longer. */
export const QUERY_MOST = 64;

/** How many customers are listed. */
export const FOUND_MOST = 20;

/**
 * Customers of an institution by the login ID, by a 受付番号, or by a part of the name. What cannot be any of them finds
 * nobody; characters that mean something to a database are characters like any other.
 */
export async function searchCustomers(db: Handle, institution: string, query: string): Promise<Customer[]> {
  if (query.length > QUERY_MOST || /\p{C}/u.test(query)) return [];
  if (/^[0-9A-Za-z]+$/.test(query)) {
    const customer = await findCustomerByLogin(db, institution, query);
    if (customer !== undefined) return [customer];
  }
  if (/^\d{8}-\d{8,}$/.test(query)) {
    const customer = await findCustomerByReceipt(db, institution, query);
    return customer === undefined ? [] : [customer];
  }
  return findCustomersByName(db, institution, query, FOUND_MOST + 1);
}
