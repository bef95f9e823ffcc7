import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  JWT_TYPES,
  jwksSchema,
  publicJwkSchema,
  timeRequestSchema,
  timeResponseSchema,
  tokenStateResponseSchema,
} from '../../core/api/token.ts';
import { sourceOf } from '../../host/source.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { namedToken } from '../institutions.ts';
import { takeAll } from '../limits.ts';
import { answers, jsonBody } from '../openapi.ts';
import { signMessage } from '../sign.ts';
import { takenOverBy } from '../store/replacements.ts';
import { stateOfRow, statusNow } from '../token.ts';

const timeRoute = createRoute({
  method: 'post',
  path: '/v1/time',
  tags: ['token'],
  summary: "The service's time, signed",
  request: { body: jsonBody(timeRequestSchema) },
  responses: answers(200, 'The time', timeResponseSchema, [400, 413, 415, 429]),
});

const keysRoute = createRoute({
  method: 'get',
  path: '/v1/keys',
  tags: ['bank', 'token'],
  summary: 'The key all signed messages of the service are signed with (RFC 7517)',
  responses: answers(200, 'The key', jwksSchema, [503]),
});

const stateRoute = createRoute({
  method: 'get',
  path: '/v1/token',
  tags: ['token'],
  summary: "The status of the token that signs the request's proof",
  security: [{ proof: [] }],
  responses: answers(200, 'The status', tokenStateResponseSchema, [401, 404, 429, 503]),
});

/** What a token asks once it is set up, and what a bank needs to check the service's events. */
export function tokenStateRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, limits, signingKey, trustedProxies } = dependencies;

  app.openapi(timeRoute, async (c) => {
    const { nonce } = c.req.valid('json');
    takeAll([{ limit: limits.time, key: sourceOf(c, trustedProxies) }], clock());
    return c.json({ time: await signMessage(signingKey, JWT_TYPES.time, { nonce, now: clock() }) }, 200);
  });

  app.openapi(keysRoute, (c) => {
    const { x, y } = publicJwkSchema.parse(signingKey.publicJwk);
    const key = { kty: 'EC', crv: 'P-256', x, y, kid: signingKey.kid, alg: 'ES256', use: 'sig' } as const;
    return c.json({ keys: [key] }, 200);
  });

  app.openapi(stateRoute, async (c) => {
    const row = namedToken(c);
    const now = clock();
    const replacedBy = await takenOverBy(db, row);
    const state = {
      tokenId: row.id,
      proof: c.get('proof').jti,
      ...stateOfRow(row),
      status: await statusNow(db, row, now),
      now,
      ...(replacedBy && { replacedBy }),
    };
    return c.json({ state: await signMessage(signingKey, JWT_TYPES.tokenState, state) }, 200);
  });
}
