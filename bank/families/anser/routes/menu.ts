import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import { isEnding } from '../../../../core/institution/expiry.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { accountsOf } from '../../../store/accounts.ts';
import { findCustomer, recentLogins } from '../../../store/customers.ts';
import { applyAtCounter } from '../../../token/ways.ts';
import { openSession } from '../../../web/guard.ts';
import { show } from '../../../web/render.ts';
import { topContent } from '../pages/top.ts';

const LOGINS_SHOWN = 3;

/** トップページ. */
export function menuRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/top', async (c) => {
    const { customerId } = openSession(c);
    const { institution } = c.get('site');
    const { name, token_ends_at } = await findCustomer(dependencies.db, customerId);
    const asOf = dependencies.clock();
    const endsAt = token_ends_at?.getTime();
    const accounts = await accountsOf(dependencies.db, customerId);
    const content = topContent({
      name,
      accounts,
      asOf,
      endsAt: endsAt && isEnding(endsAt, asOf, policyOf(institution)) ? endsAt : undefined,
      logins: await recentLogins(dependencies.db, customerId, LOGINS_SHOWN),
      dailyLimitWithoutOtp: institution.rules.dailyLimitWithoutOtp,
      applyFirst: c.get('withheld')?.includes('/otp') ? applyAtCounter(institution) : undefined,
    });
    return show(c, dependencies, { screen: ANSER.screens.top, content });
  });
}
