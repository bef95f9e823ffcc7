import type { Hono } from 'hono';
import { SHINKIN } from '../../../core/family/shinkin.ts';
import { policiesOf } from '../../../core/institution/policy.ts';
import type { BankDependencies, BankEnv } from '../../context.ts';
import { createLoginLimits } from '../../customer/login-limits.ts';
import { newPages } from '../../web/app.ts';
import { loggedInOnly } from '../../web/guard.ts';
import type { Waiters } from '../../web/waiters.ts';
import { accountRoutes } from '../common/routes/accounts.ts';
import { sessionRoutes } from '../common/routes/session.ts';
import { transferRoutes } from '../common/routes/transfer.ts';
import { transferInputRoutes } from '../common/routes/transfer-input.ts';
import { transferMenuRoutes } from '../common/routes/transfer-menu.ts';
import { helpContent } from './pages/help.ts';
import { loggedOutContent, timedOutContent } from './pages/login.ts';
import { loginRoutes } from './routes/login.ts';
import { menuRoutes } from './routes/menu.ts';
import { procedureRoutes } from './routes/procedure.ts';
import { TRANSFERS } from './transfers.ts';

const { screens } = SHINKIN;
const MEMBERS_ONLY = ['/top', '/accounts', '/transfer/*', '/otp'] as const;

/** The internet banks of the しんきん family. */
export function createShinkin(dependencies: BankDependencies, waiters: Waiters): Hono<BankEnv> {
  const app = newPages(dependencies);
  for (const path of MEMBERS_ONLY) app.use(path, loggedInOnly);
  sessionRoutes(app, dependencies, {
    loggedOut: { screen: screens.loggedOut, content: loggedOutContent() },
    timedOut: (institution) => ({ screen: screens.timedOut, content: timedOutContent(institution) }),
    help: (institution) => ({ screen: screens.help, content: helpContent(institution) }),
  });
  const { directory, loginRates } = dependencies;
  const limits = createLoginLimits(policiesOf(directory.institutions), loginRates);
  loginRoutes(app, dependencies, limits);
  procedureRoutes(app, dependencies, limits);
  menuRoutes(app, dependencies);
  accountRoutes(app, dependencies, screens.accounts);
  transferMenuRoutes(app, dependencies, TRANSFERS);
  transferInputRoutes(app, dependencies, TRANSFERS);
  transferRoutes(app, dependencies, waiters, TRANSFERS);
  return app;
}
