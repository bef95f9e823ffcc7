import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { outcomeResponseSchema } from '../../core/api/bank.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { idempotentWrite } from '../idempotency.ts';
import { institutionOf } from '../institutions.ts';
import { answers } from '../openapi.ts';
import { findTokenById, settle } from '../store/tokens.ts';
import { tokenOfRow } from '../token.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/outcomes',
  tags: ['bank'],
  summary: 'What came of the write with this idempotency key. Where nothing did, nothing can any more',
  security: [{ bankKey: [] }],
  request: { headers: z.object({ 'idempotency-key': z.string().min(1).max(128) }) },
  responses: answers(200, 'What came of it', outcomeResponseSchema, [400, 401, 403, 413, 415, 429, 503]),
});

/** How a bank settles a write whose answer it lost, without sending it, and its codes, once more. */
export function outcomeRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock } = dependencies;

  app.openapi(route, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const { accepted, tokenId } = await settle(db, write);
    const row = accepted ? await findTokenById(db, tokenId) : undefined;
    return c.json({ accepted, ...(row && { token: await tokenOfRow(db, row, institution, clock()) }) }, 200);
  });
}
