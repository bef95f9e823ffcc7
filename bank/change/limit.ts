import type { Institution } from '../../core/institution/directory.ts';
import type { LimitChange } from '../../core/transaction/types.ts';
import { japaneseIsoDay, startOfIsoDay } from '../format.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { limitChangedMail } from '../mail/texts.ts';
import { type RequestDependencies, type RequestKind, UnfitError } from '../request/kind.ts';
import { finishChange, readChange } from '../store/changes.ts';
import { type Customer, lockCustomer } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import { countsFrom, type NextLimit, ownLimit, setNextLimit } from '../transfer/limits.ts';
import { CHANGE, enteredAs } from './change.ts';

/** 振込・振替限度額の変更. */
export const LIMIT_CHANGE: RequestKind = {
  ...CHANGE,
  type: 'limit-change',
  pathOf: (id) => `/services/limit/${id}`,
  fulfil: async (dependencies, institution, id, trx) => {
    const now = dependencies.clock();
    if (!(await finishChange(trx, id, now))) return;
    const { customer_id, created_at } = await readChange(trx, id);
    const { oldLimit, newLimit, from } = await enteredAs(trx, 'limit-change', id);
    const customer = await lockCustomer(trx, customer_id);
    const wasSetSince = customer.limit_set_at !== null && customer.limit_set_at > created_at;
    if (wasSetSince || ownLimit(customer, institution, now) !== oldLimit) throw new UnfitError('stale');
    const next = { yen: newLimit, from: startOfIsoDay(from) };
    await setNextLimit(trx, customer, { current: oldLimit, next, now });
    await tellOfLimit(dependencies, institution, { id, customer, next }, trx);
  },
};

interface LimitApplication {
  /** Id of what asked for the change: one change sends each mail once. */
  readonly id: string;
  readonly customer: Customer;
  readonly next: NextLimit;
}

/** Logs that a change was accepted, and tells the customer if their address is known. */
export async function tellOfLimit(
  dependencies: Pick<RequestDependencies, 'clock' | 'keys' | 'randomBytes' | 'logger'>,
  institution: Institution,
  { id, customer, next }: LimitApplication,
  trx: Handle,
): Promise<void> {
  if (customer.email !== null) {
    await writeMail(dependencies, trx, {
      id: sha256(`limit-changed ${institution.key} ${id}`),
      institution,
      customerId: customer.id,
      kind: 'limit-changed',
      to: customer.email,
      content: limitChangedMail(institution, next, dependencies.clock()),
    });
  }
  dependencies.logger.info(
    { institution: institution.key, customer: customer.id, event: 'limit' },
    'accepted limit change',
  );
}

/** The transaction to confirm. The day it takes effect is fixed when the customer applies. */
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
