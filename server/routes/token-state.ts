import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { calculateJwkThumbprint } from 'jose';
import {
  JWT_TYPES,
  jwksSchema,
  timeRequestSchema,
  timeResponseSchema,
  tokenStateResponseSchema,
} from '../../core/api/token.ts';
import { sha256 } from '../../host/compare.ts';
import { sourceOf } from '../../host/source.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { takeAll } from '../limits.ts';
import { answers, jsonBody } from '../openapi.ts';
import { signMessage } from '../sign.ts';
import type { TokenRow } from '../store/schema.ts';
import { suspendOnDevice } from '../suspend.ts';
import { stateOfRow } from '../token.ts';

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
  summary: 'The keys that signed messages of the service may be signed with (RFC 7517)',
  responses: answers(200, 'The keys', jwksSchema, [503]),
});

const stateRoute = createRoute({
  method: 'get',
  path: '/v1/token',
  tags: ['token'],
  summary: "The status of the token that signs the request's proof",
  security: [{ proof: [] }],
  responses: answers(200, 'The status', tokenStateResponseSchema, [401, 404, 429, 503]),
});

const suspendRoute = createRoute({
  method: 'post',
  path: '/v1/token/suspend',
  tags: ['token'],
  summary: '利用停止 as the customer asks for it on the token that signs the proof',
  security: [{ proof: [] }],
  responses: answers(200, 'The status', tokenStateResponseSchema, [401, 403, 404, 409, 413, 415, 429, 503]),
});

/** The token's status, the time, 利用停止 by the customer, and the keys that sign the service's messages. */
export function tokenStateRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, limits, signingKey, trustedProxies } = dependencies;
  /** The token's state, signed, as the answer to the request's proof. */
  const signedState = async (c: Context<ServiceEnv>, row: TokenRow) => {
    const state = { tokenId: row.id, proof: c.get('proof').jti, ...(await stateOfRow(db, row, clock())) };
    return { state: await signMessage(signingKey, JWT_TYPES.tokenState, state) };
  };

  app.openapi(timeRoute, async (c) => {
    const { nonce } = c.req.valid('json');
    takeAll([{ limit: limits.time, key: sourceOf(c, trustedProxies) }], clock());
    return c.json({ time: await signMessage(signingKey, JWT_TYPES.time, { nonce, now: clock() }) }, 200);
  });

  app.openapi(keysRoute, async (c) => {
    const keys = [signingKey.publicJwk, ...signingKey.others].map(async (key) => ({
      ...key,
      kid: await calculateJwkThumbprint({ ...key }),
      alg: 'ES256' as const,
      use: 'sig' as const,
    }));
    return c.json({ keys: await Promise.all(keys) }, 200);
  });

  app.openapi(stateRoute, async (c) => c.json(await signedState(c, namedToken(c)), 200));

  app.openapi(suspendRoute, async (c) => {
    const { jti, device } = c.get('proof');
    const token = namedToken(c);
    // A proof is accepted once, so its id serves as the idempotency key.
    const write = {
      institution: token.institution,
      requestId: c.get('requestId'),
      at: new Date(clock()),
      idempotencyKey: `proof ${jti}`,
      requestHash: sha256(`${c.req.method} ${c.req.path}`),
    };
    const institution = institutionOf(dependencies, token.institution);
    const asked = { institution, token, deviceId: device?.id };
    return c.json(await signedState(c, await suspendOnDevice(db, write, asked)), 200);
  });
}
