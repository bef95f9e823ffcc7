import type { BankDependencies } from '../context.ts';
import type { Customer } from '../store/customers.ts';
import { ACT_NAMES, ACTS } from './acts.ts';
import { type LinePage, type Place, readLines } from './audit-lines.ts';
import type { SignedIn } from './context.ts';

/** Acts that the token's own audit has as well, under the same name, with the same actor and reason. */
const ON_TOKEN = ACT_NAMES.filter((act) => {
  const { onToken, isEmergency } = ACTS[act];
  return onToken !== undefined && !isEmergency;
});

/** What happened to a customer's token, and what staff did for the customer, newest first. */
export function readHistory(
  dependencies: Pick<BankDependencies, 'db' | 'staff' | 'logger'>,
  by: SignedIn,
  { id, user_id: userId }: Pick<Customer, 'id' | 'user_id'>,
  place: Place | undefined,
  most: number,
): Promise<LinePage> {
  const reading =
    userId === null
      ? { token: undefined, staff: { customerId: id } }
      : { token: { userId }, staff: { customerId: id, doneElsewhere: { userId, acts: ON_TOKEN } } };
  return readLines(dependencies, by, reading, place, most);
}
