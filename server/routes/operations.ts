import { serveStatic } from '@hono/node-server/serve-static';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { reminderRequestSchema } from '../../core/api/reminder.ts';
import { COMPANION_COOKIE, COMPANION_REMINDER_PATH, cookieOf } from '../../core/institution/reminder.ts';
import type { ServiceDependencies, ServiceEnv } from '../context.ts';
import { isMasterKeyOfDatabase } from '../master-key-check.ts';
import { describeApi, jsonBody, problems } from '../openapi.ts';
import { ProblemError } from '../problem.ts';

/** Health, the API's description, and the companion token's files. */
export function operationRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: ServiceDependencies): void {
  const { companionFolder } = dependencies;
  const isReady = shared(() => isMasterKeyOfDatabase(dependencies));

  app.get('/healthz', (c) => c.json({ status: 'ok' }));

  app.get('/readyz', async (c) => {
    if (!(await isReady())) throw new ProblemError('unavailable', "The master key is not this database's");
    return c.json({ status: 'ready' });
  });

  describeApi(app);

  if (companionFolder !== undefined) companionRoutes(app, companionFolder);
}

/** The longest time that browsers keep a cookie (RFC 6265bis §5.5). */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;

/** Between the companion and its own service, so no part of the API. */
const reminderRoute = createRoute({
  hide: true,
  method: 'put',
  path: COMPANION_REMINDER_PATH,
  request: { body: jsonBody(reminderRequestSchema) },
  responses: { ...problems([400, 413, 415]), 204: { description: 'Remembered' } },
});

function companionRoutes(app: OpenAPIHono<ServiceEnv>, folder: string): void {
  // The server sets it because some browsers clear what scripts store and keep the cookies that servers set.
  app.openapi(reminderRoute, (c) => {
    const { institutions } = c.req.valid('json');
    setCookie(c, COMPANION_COOKIE, cookieOf(institutions), {
      path: '/',
      maxAge: institutions.length === 0 ? 0 : COOKIE_SECONDS,
      sameSite: 'Strict',
      secure: true,
    });
    return c.body(null, 204);
  });
  app.get('/*', howLong, serveStatic({ root: folder }));
}

/** Names of assets hold their hash. Everything else, the worker above all, is asked for each time. */
const howLong = createMiddleware<ServiceEnv>(async (c, next) => {
  await next();
  if (!c.res.ok) return;
  const isNamedByHash = c.req.path.startsWith('/assets/');
  c.header('Cache-Control', isNamedByHash ? 'public, max-age=31536000, immutable' : 'no-cache');
});

/** Requests that ask at the same time share one check. */
function shared<T>(find: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= find().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
