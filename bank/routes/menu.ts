import type { Hono } from 'hono';
import type { BankDependencies, BankEnv } from '../context.ts';
import { openSession } from '../guard.ts';
import { inPreparationContent, topContent } from '../pages/top.ts';
import { show } from '../render.ts';
import { SCREENS } from '../screens.ts';
import { findCustomer, recentLogins } from '../store/customers.ts';

const LOGINS_SHOWN = 3;

/** トップページ, and the screens of the menu that come later. */
export function menuRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/top', async (c) => {
    const { customerId } = openSession(c);
    const { name, balance } = await findCustomer(dependencies.db, customerId);
    const content = topContent({
      name,
      balance: Number(balance),
      asOf: dependencies.clock(),
      logins: await recentLogins(dependencies.db, customerId, LOGINS_SHOWN),
      dailyLimitWithoutOtp: c.get('site').institution.rules.dailyLimitWithoutOtp,
    });
    return show(c, dependencies, { screen: SCREENS.top, content });
  });
  for (const screen of ['accounts', 'transfer', 'services'] as const) {
    app.get(`/${screen}`, (c) =>
      show(c, dependencies, {
        screen: SCREENS[screen],
        content: inPreparationContent(SCREENS[screen].heading),
      }),
    );
  }
}
