import { Hono } from 'hono';
import type { BankDependencies } from '../context.ts';
import { statusOfError } from '../web/app.ts';
import { unavailablePage } from '../web/error.ts';
import { formsOnly, protectingHeaders, readForm, sameOrigin, smallBody } from '../web/guard.ts';
import type { StaffEnv } from './context.ts';
import { showError } from './render.ts';
import { actRoutes } from './routes/act.ts';
import { customerRoutes } from './routes/customer.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { recogniseStaff } from './session.ts';

/** The console that staff of every institution of the directory work at, each clerk for one of them. */
export function createStaffConsole(dependencies: BankDependencies): Hono<StaffEnv> {
  const app = new Hono<StaffEnv>();
  app.onError((error, c) => {
    const status = statusOfError(error, c, dependencies);
    if (c.get('visitor') === undefined) return c.html(unavailablePage(), status);
    return showError(c, dependencies, status);
  });
  app.notFound((c) => showError(c, dependencies, 404));
  const { origin } = dependencies.staff;
  app.use(async (c, next) => {
    c.set('site', { origin });
    await next();
  });
  app.use(protectingHeaders, recogniseStaff(dependencies));
  app.use(formsOnly, sameOrigin, smallBody, readForm(dependencies));
  signInRoutes(app, dependencies);
  app.use(async (c, next) => {
    const { signedIn, timedOut } = c.get('visitor');
    if (timedOut) return c.redirect('/timeout', 303);
    if (signedIn === undefined) return c.redirect('/sign-in', 303);
    await next();
  });
  customerRoutes(app, dependencies);
  actRoutes(app, dependencies);
  return app;
}
