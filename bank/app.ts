import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { sql } from 'kysely';
import { isOutage, OutageError } from '../core/errors.ts';
import { describeError } from '../host/describe-error.ts';
import { places } from '../host/places.ts';
import type { Serving } from '../host/serve.ts';
import type { BankDependencies, BankEnv } from './context.ts';
import { accountRoutes } from './families/anser/routes/accounts.ts';
import { activateRoutes } from './families/anser/routes/activate.ts';
import { issueRoutes } from './families/anser/routes/issue.ts';
import { limitRoutes } from './families/anser/routes/limit.ts';
import { loginRoutes } from './families/anser/routes/login.ts';
import { menuRoutes } from './families/anser/routes/menu.ts';
import { otpMenuRoutes } from './families/anser/routes/otp-menu.ts';
import { releaseRoutes } from './families/anser/routes/release.ts';
import { sessionRoutes } from './families/anser/routes/session.ts';
import { transferRoutes } from './families/anser/routes/transfer.ts';
import { transferInputRoutes } from './families/anser/routes/transfer-input.ts';
import { transferMenuRoutes } from './families/anser/routes/transfer-menu.ts';
import { eventRoutes } from './token/events.ts';
import { createWakes } from './transfer/changes.ts';
import { HOLD_MS } from './transfer/status.ts';
import { type ErrorStatus, unavailablePage, unknownHostPage } from './web/error.ts';
import {
  formsOnly,
  loggedInOnly,
  MAX_BODY_BYTES,
  protectingHeaders,
  readForm,
  sameOrigin,
  smallBody,
} from './web/guard.ts';
import { type BankContext, showError } from './web/render.ts';
import { recogniseVisitor, sites } from './web/visitor.ts';

const ASSET_MAX_AGE_S = 24 * 60 * 60;

const MEMBERS_ONLY = ['/top', '/accounts', '/transfer/*', '/services/*', '/otp/*'] as const;

/** A page that follows a transfer is kept waiting beside this. */
const ANSWER_WITHIN_MS = 15_000;
const FOLLOWING = /\/transfer\/[^/]+\/status\?/;

/** How the bank is served. */
export const SERVING: Omit<Serving, 'capacity'> = {
  mostBodyBytes: MAX_BODY_BYTES,
  answerWithinMs: (url) => ANSWER_WITHIN_MS + (FOLLOWING.test(url) ? HOLD_MS : 0),
  unavailable: { type: 'text/html; charset=UTF-8', body: unavailablePage() },
};

/** The internet bank of every institution in the directory, told apart by the host asked for. */
export function createBank(dependencies: BankDependencies): Hono<BankEnv> {
  const app = new Hono<BankEnv>();
  app.onError((error, c) => refuse(error, c, dependencies));
  app.notFound((c) => {
    // Asked for before the visitor was recognised only under a host of no institution, which has its own page.
    return showError(c, dependencies, 404);
  });
  app.use(protectingHeaders);
  assetRoutes(app, dependencies);
  app.get('/readyz', async (c) => {
    await sql`select 1`.execute(dependencies.db);
    return c.json({ status: 'ready' });
  });
  const wakes = createWakes();
  eventRoutes(app, dependencies, wakes);
  const siteOf = sites(dependencies);
  app.use(async (c, next) => {
    const site = siteOf(c.req.url);
    if (site === undefined) return c.html(unknownHostPage(dependencies.assets.href('bank.css')), 404);
    c.set('site', site);
    await next();
  });
  app.use(recogniseVisitor(dependencies));
  app.use(formsOnly, sameOrigin, smallBody, readForm(dependencies));
  for (const path of MEMBERS_ONLY) app.use(path, loggedInOnly);
  sessionRoutes(app, dependencies);
  loginRoutes(app, dependencies);
  menuRoutes(app, dependencies);
  accountRoutes(app, dependencies);
  transferMenuRoutes(app, dependencies);
  transferInputRoutes(app, dependencies);
  transferRoutes(app, dependencies, wakes, places(dependencies.capacity.waiters));
  limitRoutes(app, dependencies);
  otpMenuRoutes(app, dependencies);
  issueRoutes(app, dependencies);
  activateRoutes(app, dependencies);
  releaseRoutes(app, dependencies);
  return app;
}

function assetRoutes(app: Hono<BankEnv>, { assets }: BankDependencies): void {
  app.get('/assets/:name', async (c, next) => {
    const asset = assets.find(c.req.param('name'));
    if (asset === undefined) return next();
    c.header('Cache-Control', `public, max-age=${ASSET_MAX_AGE_S}`);
    return c.body(asset.text, 200, { 'Content-Type': asset.type });
  });
}

const REFUSALS: readonly ErrorStatus[] = [400, 403, 405, 413, 415];

/** Refusals by their status; everything else is a bug of ours, told to the log and not to the customer. */
async function refuse(error: Error, c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const { logger } = dependencies;
  if (error instanceof HTTPException) {
    logger.info({ path: c.req.path, status: error.status }, 'request refused');
    return showError(c, dependencies, REFUSALS.find((status) => status === error.status) ?? 400);
  }
  // What is full or does not answer is told of once, where it is found.
  if (!(error instanceof OutageError)) {
    logger.error({ path: c.req.path, error: describeError(error) }, 'request failed');
  }
  const status = isOutage(error) ? 503 : 500;
  if (status === 503) c.header('Retry-After', '5');
  if (c.get('visitor') !== undefined) return showError(c, dependencies, status);
  return status === 503
    ? c.html(unavailablePage(), status)
    : c.html(unknownHostPage(dependencies.assets.href('bank.css')), status);
}
