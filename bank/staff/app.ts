import { Hono, type MiddlewareHandler } from 'hono';
import { except } from 'hono/combine';
import { timeRequests } from '../../host/metrics.ts';
import type { BankDependencies } from '../context.ts';
import { statusOfError } from '../web/app.ts';
import { unavailablePage } from '../web/error.ts';
import {
  type ForeignForm,
  formsOnly,
  namesWithoutNul,
  protectingHeaders,
  readForm,
  sameOrigin,
  smallBody,
} from '../web/guard.ts';
import { type StaffEnv, signedIn } from './context.ts';
import { keepTyped } from './drafts.ts';
import { showError } from './render.ts';
import { mayAct, READS_ONLY } from './roles.ts';
import { actRoutes } from './routes/act.ts';
import { auditRoutes } from './routes/audit.ts';
import { customerRoutes } from './routes/customer.ts';
import { importForm, importRoutes } from './routes/import.ts';
import { paperRoutes } from './routes/paper.ts';
import { passkeyRoutes } from './routes/passkey.ts';
import { proposalRoutes } from './routes/proposal.ts';
import { reviewRoutes } from './routes/review.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { recogniseStaff } from './session.ts';

/** The console that staff of every institution of the directory work at, each clerk for one of them. */
export function createStaffConsole(dependencies: BankDependencies): Hono<StaffEnv> {
  const app = new Hono<StaffEnv>();
  app.onError((error, c) => {
    const status = statusOfError(error, c, dependencies);
    if (c.get('visitor') === undefined) return c.html(unavailablePage(503), status);
    return showError(c, dependencies, status);
  });
  app.notFound((c) => showError(c, dependencies, 404));
  const { origin } = dependencies.staff;
  app.use(async (c, next) => {
    c.set('site', { origin });
    await next();
  });
  app.use(protectingHeaders, timeRequests(), recogniseStaff(dependencies));
  // What is looked for in the audit is typed, and a field says what is wrong with it.
  app.use(except('/audit/*', namesWithoutNul));
  importForm(app, dependencies);
  app.use(formsOnly, sameOrigin, smallBody, readForm(dependencies, keepForeign(dependencies)));
  signInRoutes(app, dependencies);
  app.use(async (c, next) => {
    const { signedIn, timedOut } = c.get('visitor');
    if (c.req.method === 'POST' && signedIn === undefined) await keepTyped(c, dependencies, c.get('form'));
    if (timedOut) return c.redirect('/timeout', 303);
    if (signedIn === undefined) return c.redirect('/sign-in', 303);
    await next();
  });
  app.use(readersOnlyRead(dependencies));
  customerRoutes(app, dependencies);
  actRoutes(app, dependencies);
  proposalRoutes(app, dependencies);
  reviewRoutes(app, dependencies);
  paperRoutes(app, dependencies);
  auditRoutes(app, dependencies);
  passkeyRoutes(app, dependencies);
  importRoutes(app, dependencies);
  return app;
}

/** Handles a form of a session that has ended: what was typed is kept for its clerk, and anybody else is refused. */
const keepForeign =
  (dependencies: BankDependencies): ForeignForm<StaffEnv> =>
  async (c, form) => {
    const kept = await keepTyped(c, dependencies, form);
    if (kept?.isTheirs) return c.redirect(kept.path, 303);
    const { signedIn, timedOut } = c.get('visitor');
    return kept && signedIn === undefined && !timedOut ? c.redirect('/sign-in', 303) : undefined;
  };

/** Forms that change nothing of a customer's. 監査 may send them too. */
const OF_READERS: readonly string[] = ['/search', '/audit/export', '/passkeys', '/passkeys/remove'];

/** 監査 reads everything and acts on nothing. The role is read from the table at each request. */
const readersOnlyRead =
  (dependencies: BankDependencies): MiddlewareHandler<StaffEnv> =>
  async (c, next) => {
    if (c.req.method !== 'POST' || OF_READERS.includes(c.req.path) || mayAct(signedIn(c).clerk))
      return next();
    return showError(c, dependencies, 403, READS_ONLY, c.get('form').get('reason'));
  };
