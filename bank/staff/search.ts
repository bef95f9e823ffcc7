import { serialSchema } from '../../core/api/bank.ts';
import { normaliseSerial } from '../../core/otp/serial.ts';
import type { BankDependencies } from '../context.ts';
import { findCustomerByReceipt, findCustomersByName } from '../store/customer-search.ts';
import { type Customer, findCustomerByLogin, findCustomerByToken } from '../store/customers.ts';
import { detailOf } from '../token/client.ts';
import type { SignedIn } from './context.ts';

/** Characters of a query at most. No ID, name or number is longer. */
export const QUERY_MOST = 64;

/** How many customers are listed. */
export const FOUND_MOST = 20;

/** What is typed for the hyphen of a 受付番号 with Japanese input, after NFKC. */
const DASH = /(?<=\d)[ー\u2010-\u2015\u2212](?=\d)/;

type SearchDependencies = Pick<BankDependencies, 'db' | 'staff' | 'logger'>;

/**
 * Customers of an institution by the login ID, by a 受付番号, by the serial of their token, or by a part of the name. What
 * cannot be any of them finds nobody; characters that mean something to a database are characters like any other.
 * @returns unavailable where the token service, which alone knows serials, does not answer
 */
export async function searchCustomers(
  dependencies: SearchDependencies,
  { institution }: Pick<SignedIn, 'institution'>,
  query: string,
): Promise<readonly Customer[] | 'unavailable'> {
  const { db } = dependencies;
  if (query.length > QUERY_MOST || /\p{C}/u.test(query)) return [];
  if (/^[0-9A-Za-z]+$/.test(query)) {
    const customer = await findCustomerByLogin(db, institution.key, query);
    if (customer !== undefined) return [customer];
  }
  const receipt = query.replace(DASH, '-');
  if (/^\d{8}-\d{8,}$/.test(receipt)) {
    const customer = await findCustomerByReceipt(db, institution.key, receipt);
    return customer === undefined ? [] : [customer];
  }
  const serial = serialIn(query, institution);
  const found = serial === undefined ? [] : await bySerial(dependencies, institution, serial);
  if (found === 'unavailable' || found.length > 0) return found;
  return findCustomersByName(db, institution.key, query, FOUND_MOST + 1);
}

/** The serial that it may be. A シリアル番号 has letters, and may look like a name in them. */
function serialIn(query: string, { tokenKind }: SignedIn['institution']): string | undefined {
  if (tokenKind !== 'serial') return /^\d{9}$/.test(query) ? query : undefined;
  const serial = normaliseSerial(query);
  return serialSchema.safeParse(serial).success ? serial : undefined;
}

/** The customer whose present token it is. An earlier token finds nobody. */
async function bySerial(
  { db, staff, logger }: SearchDependencies,
  institution: SignedIn['institution'],
  serial: string,
): Promise<readonly Customer[] | 'unavailable'> {
  const answer = await staff.serviceFor(institution).showBySerial(serial);
  if (answer.kind === 'ok') {
    const { userId, replaces, activatedAt } = answer.value;
    // One that took over, of which the bank has not heard, is theirs whose token it replaced.
    const before = activatedAt === undefined ? undefined : replaces;
    const customer =
      (await findCustomerByToken(db, institution.key, userId)) ??
      (before && (await findCustomerByToken(db, institution.key, before)));
    return customer ? [customer] : [];
  }
  const detail = detailOf(answer);
  if (detail === 'token_unknown') return [];
  logger.error({ institution: institution.key, detail }, 'could not look a serial up for the staff console');
  return 'unavailable';
}
