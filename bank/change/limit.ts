import type { Institution } from '../../core/institution/directory.ts';
import type { LimitChange } from '../../core/transaction/types.ts';
import { japaneseIsoDay, startOfIsoDay } from '../format.ts';
import { type RequestKind, UnfitError } from '../request/kind.ts';
import { finishChange, readChange } from '../store/changes.ts';
import { type Customer, lockCustomer } from '../store/customers.ts';
import { countsFrom, ownLimit, setNextLimit } from '../transfer/limits.ts';
import { CHANGE, enteredAs } from './change.ts';

/** 振込・振替限度額の変更. */
export const LIMIT_CHANGE: RequestKind = {
  ...CHANGE,
  type: 'limit-change',
  pathOf: (id) => `/services/limit/${id}`,
  fulfil: async ({ clock, logger }, institution, id, trx) => {
    const now = clock();
    if (!(await finishChange(trx, id, now))) return;
    const { customer_id } = await readChange(trx, id);
    const { oldLimit, newLimit, from } = await enteredAs(trx, 'limit-change', id);
    const customer = await lockCustomer(trx, customer_id);
    if (ownLimit(customer, institution, now) !== oldLimit) throw new UnfitError('stale');
    await setNextLimit(trx, customer, oldLimit, { yen: newLimit, from: startOfIsoDay(from) });
    logger.info(
      { institution: institution.key, customer: customer.id, event: 'limit' },
      'accepted limit change',
    );
  },
};

/** What the customer is to confirm: from when it counts is fixed when it is applied for. */
export function limitChange(
  customer: Customer,
  institution: Institution,
  newLimit: number,
  now: number,
): LimitChange {
  const oldLimit = ownLimit(customer, institution, now);
  const from = japaneseIsoDay(countsFrom(newLimit, oldLimit, institution, now));
  return { type: 'limit-change', oldLimit, newLimit, from };
}
