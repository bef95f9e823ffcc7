import { isEnding } from '../../../../core/institution/expiry.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import type { BankDependencies } from '../../../context.ts';
import { accountsOf } from '../../../store/accounts.ts';
import { findCustomer, recentLogins } from '../../../store/customers.ts';
import { openSession } from '../../../web/guard.ts';
import type { BankContext } from '../../../web/render.ts';
import type { TopState } from '../pages/top.ts';

const LOGINS_SHOWN = 3;

/** What トップページ shows to a customer who is logged in. */
export async function readTop(c: BankContext, { db, clock }: BankDependencies): Promise<TopState> {
  const { customerId } = openSession(c);
  const { name, token_ends_at } = await findCustomer(db, customerId);
  const asOf = clock();
  const endsAt = token_ends_at?.getTime();
  return {
    name,
    accounts: await accountsOf(db, customerId),
    asOf,
    endsAt: endsAt && isEnding(endsAt, asOf, policyOf(c.get('site').institution)) ? endsAt : undefined,
    logins: await recentLogins(db, customerId, LOGINS_SHOWN),
  };
}
