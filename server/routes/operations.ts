import { getConnInfo } from '@hono/node-server/conninfo';
import { serveStatic } from '@hono/node-server/serve-static';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'kysely';
import { z } from 'zod';
import type { ServiceDependencies, ServiceEnv } from '../context.ts';
import { describeApi } from '../openapi.ts';
import { ProblemError } from '../problem.ts';

/** Health, the API's description, and the companion token's files. */
export function operationRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: ServiceDependencies): void {
  const { db, companionFolder, unsafeMoveClock } = dependencies;

  app.get('/healthz', (c) => c.json({ status: 'ok' }));

  app.get('/readyz', async (c) => {
    await sql`select 1`.execute(db);
    return c.json({ status: 'ready' });
  });

  describeApi(app);

  if (unsafeMoveClock) {
    app.put('/unsafe-test/clock', async (c) => {
      const from = getConnInfo(c).remote.address ?? '';
      if (!/^(::ffff:)?127\.|^::1$/.test(from)) throw new ProblemError('not_found');
      const { offsetMs } = z.strictObject({ offsetMs: z.int() }).parse(await c.req.json());
      unsafeMoveClock(offsetMs);
      return c.body(null, 204);
    });
  }

  if (companionFolder !== undefined) app.get('/*', serveStatic({ root: companionFolder }));
}
