import type { Hono } from 'hono';
import { ANSER } from '../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../context.ts';
import { newPages } from '../../web/app.ts';
import { loggedInOnly } from '../../web/guard.ts';
import { show } from '../../web/render.ts';
import type { Waiters } from '../../web/waiters.ts';
import { accountRoutes } from '../common/routes/accounts.ts';
import { sessionRoutes } from '../common/routes/session.ts';
import { transferRoutes } from '../common/routes/transfer.ts';
import { transferInputRoutes } from '../common/routes/transfer-input.ts';
import { transferMenuRoutes } from '../common/routes/transfer-menu.ts';
import { helpContent } from './pages/help.ts';
import { loggedOutContent, timedOutContent } from './pages/login.ts';
import { firstUseContent } from './pages/top.ts';
import { activateRoutes } from './routes/activate.ts';
import { counterApplication } from './routes/counter-application.ts';
import { emailRoutes } from './routes/email.ts';
import { issueRoutes } from './routes/issue.ts';
import { limitRoutes } from './routes/limit.ts';
import { loginRoutes } from './routes/login.ts';
import { menuRoutes } from './routes/menu.ts';
import { otpMenuRoutes } from './routes/otp-menu.ts';
import { releaseRoutes } from './routes/release.ts';
import { renewRoutes } from './routes/renew.ts';
import { replaceRoutes } from './routes/replace.ts';
import { servicesRoutes } from './routes/services.ts';
import { suspendRoutes } from './routes/suspend.ts';
import { TRANSFERS } from './transfers.ts';

const MEMBERS_ONLY = ['/top', '/accounts', '/transfer/*', '/services/*', '/otp/*'] as const;

/** The internet banks of the ANSER family. */
export function createAnser(dependencies: BankDependencies, waiters: Waiters): Hono<BankEnv> {
  const app = newPages(dependencies);
  for (const path of MEMBERS_ONLY) app.use(path, loggedInOnly);
  counterApplication(app, dependencies);
  sessionRoutes(app, dependencies, {
    loggedOut: { screen: ANSER.screens.loggedOut, content: loggedOutContent() },
    timedOut: (institution) => ({ screen: ANSER.screens.timedOut, content: timedOutContent(institution) }),
    help: (institution) => ({ screen: ANSER.screens.help, content: helpContent(institution) }),
  });
  app.get('/first-use', (c) =>
    show(c, dependencies, { screen: ANSER.screens.firstUse, content: firstUseContent() }),
  );
  loginRoutes(app, dependencies, waiters);
  menuRoutes(app, dependencies);
  accountRoutes(app, dependencies, ANSER.screens.accounts);
  transferMenuRoutes(app, dependencies, TRANSFERS);
  transferInputRoutes(app, dependencies, TRANSFERS);
  transferRoutes(app, dependencies, waiters, TRANSFERS);
  servicesRoutes(app, dependencies);
  limitRoutes(app, dependencies, waiters);
  emailRoutes(app, dependencies, waiters);
  otpMenuRoutes(app, dependencies);
  issueRoutes(app, dependencies);
  activateRoutes(app, dependencies, waiters);
  releaseRoutes(app, dependencies, waiters);
  replaceRoutes(app, dependencies, waiters);
  renewRoutes(app, dependencies);
  suspendRoutes(app, dependencies);
  return app;
}
