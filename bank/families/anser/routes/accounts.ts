import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { accountsOf, recentEntries } from '../../../store/accounts.ts';
import { openSession } from '../../../web/guard.ts';
import { show } from '../../../web/render.ts';
import { accountsContent } from '../pages/accounts.ts';

const ENTRIES_SHOWN = 50;

/** 口座情報. */
export function accountRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/accounts', async (c) => {
    const { db, clock } = dependencies;
    const accounts = await accountsOf(db, openSession(c).customerId);
    const states = await Promise.all(
      accounts.map(async (account) => ({
        account,
        entries: await recentEntries(db, account.id, ENTRIES_SHOWN),
      })),
    );
    return show(c, dependencies, {
      screen: ANSER.screens.accounts,
      content: accountsContent(states, clock()),
    });
  });
}
