import type { Hono } from 'hono';
import { everyInstitution } from '../core/institution/directory.ts';
import type { Serving } from '../host/serve.ts';
import type { BankDependencies, BankEnv } from './context.ts';
import { createFamilies } from './families/families.ts';
import { HOLD_MS } from './request/status.ts';
import { createStaffConsole } from './staff/app.ts';
import { startPages } from './start/app.ts';
import { reach } from './store/database.ts';
import { eventRoutes } from './token/events.ts';
import { newApp } from './web/app.ts';
import { unavailablePage } from './web/error.ts';
import { isFollowing } from './web/following.ts';
import { MAX_BODY_BYTES } from './web/guard.ts';
import { preparingPage, preparingSites } from './web/preparing.ts';
import { showSharers } from './web/sharers.ts';
import { createSites } from './web/sites.ts';

const ASSET_MAX_AGE_S = 24 * 60 * 60;

/** Deadline for an answer; a page that follows a request may wait longer. */
const ANSWER_WITHIN_MS = 15_000;

/** How the bank is served. */
export const SERVING: Omit<Serving, 'capacity'> = {
  mostBodyBytes: MAX_BODY_BYTES,
  answerWithinMs: (url) => ANSWER_WITHIN_MS + (isFollowing(new URL(url).pathname) ? HOLD_MS : 0),
  unavailable: { type: 'text/html; charset=UTF-8', body: unavailablePage },
};

/**
 * Serves the internet bank of every institution in the directory. The requested host names the institution; where several
 * share a host, the 金融機関コード at the beginning of the path does. An institution in preparation gets a page that says so.
 * The start page and the staff console have hosts of their own.
 * @throws Error if an institution's pages are at the console's host
 */
export function createBank(dependencies: BankDependencies): Hono<BankEnv> {
  const app = newApp(dependencies);
  const families = createFamilies(dependencies);
  const sites = createSites(dependencies.directory);
  assetRoutes(app, dependencies);
  app.get('/readyz', async (c) => {
    await reach(dependencies.db);
    return c.json({ status: 'ready' });
  });
  eventRoutes(app, dependencies);
  const start = startPages(dependencies);
  const startHost = new URL(dependencies.start.origin).host;
  const preparingAt = preparingSites(dependencies.directory);
  const staff = createStaffConsole(dependencies);
  const staffHost = hostOfStaff(dependencies);
  app.all('*', (c) => {
    const { host } = new URL(c.req.url);
    if (host === staffHost) return staff.fetch(c.req.raw, c.env);
    const found = sites(c.req.url);
    if (found.kind === 'shared') return showSharers(c, dependencies, found.sharers);
    if (found.kind === 'site') {
      const { site } = found;
      return families.get(site.institution.family)?.fetch(c.req.raw, { ...c.env, site }) ?? c.notFound();
    }
    const preparing = preparingAt(host);
    // 503 for every path: nothing works here yet, and programs must not take the page for an answer.
    if (preparing !== undefined) return c.html(preparingPage(preparing, dependencies.assets.href), 503);
    return host === startHost ? start.fetch(c.req.raw, c.env) : c.notFound();
  });
  return app;
}

function hostOfStaff({ directory, staff }: BankDependencies): string {
  const { host } = new URL(staff.origin);
  const there = everyInstitution(directory).find(({ pageOrigins }) =>
    pageOrigins.some((origin) => new URL(origin).host === host),
  );
  if (there !== undefined)
    throw new Error(`WARIFU_STAFF_ORIGIN must not be the host of the pages of ${there.key}`);
  return host;
}

function assetRoutes(app: Hono<BankEnv>, { assets }: BankDependencies): void {
  app.get('/assets/:name', async (c, next) => {
    const asset = assets.find(c.req.param('name'));
    if (asset === undefined) return next();
    c.header('Cache-Control', `public, max-age=${ASSET_MAX_AGE_S}`);
    return c.body(asset.text, 200, { 'Content-Type': asset.type });
  });
}
