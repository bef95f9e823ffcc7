import type { Hono } from 'hono';
import type { Screen } from '../../../../core/family/screen.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { accountsOf, recentEntries } from '../../../store/accounts.ts';
import { openSession } from '../../../web/guard.ts';
import { show } from '../../../web/render.ts';
import { accountsContent } from '../pages/accounts.ts';

const ENTRIES_SHOWN = 50;

/** 口座情報. */
export function accountRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, screen: Screen): void {
  app.get('/accounts', async (c) => {
    const { db, clock } = dependencies;
    const accounts = await accountsOf(db, openSession(c).customerId);
    const states = await Promise.all(
      accounts.map(async (account) => ({
        account,
        entries: await recentEntries(db, account.id, ENTRIES_SHOWN),
      })),
    );
    return show(c, dependencies, { screen, content: accountsContent(states, clock()) });
  });
}
