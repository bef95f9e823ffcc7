import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { calculateJwkThumbprint, compactVerify, EmbeddedJWK } from 'jose';
import {
  confirmationIdSchema,
  type Decision,
  decideRequestSchema,
  decideResponseSchema,
  decisionSchema,
  liveConfirmationsResponseSchema,
} from '../../core/api/confirmation.ts';
import { JWT_TYPES, publicJwkSchema } from '../../core/api/token.ts';
import { digestOf } from '../../core/transaction/details.ts';
import { equalInConstantTime } from '../compare.ts';
import type { ServiceDependencies, ServiceEnv } from '../context.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import { decideConfirmation, findConfirmation, liveConfirmations, statusAt } from '../store/confirmations.ts';
import type { ConfirmationRow, TokenRow } from '../store/schema.ts';
import { findTokenByKey } from '../store/tokens.ts';

const security = [{ proof: [] }];

const liveRoute = createRoute({
  method: 'get',
  path: '/v1/token/confirmations',
  tags: ['token'],
  summary: 'What waits for the customer, signed',
  security,
  responses: answers(200, 'The confirmations', liveConfirmationsResponseSchema, [401, 404, 503]),
});

const decideRoute = createRoute({
  method: 'post',
  path: '/v1/token/confirmations/{id}/decision',
  tags: ['token'],
  summary: "The customer's decision, signed by the token",
  security,
  request: { params: z.object({ id: confirmationIdSchema }), body: jsonBody(decideRequestSchema) },
  responses: answers(200, 'Taken', decideResponseSchema, [400, 401, 404, 409, 413, 415, 503]),
});

/** The token's side of 取引認証: see the details, decide on them. */
export function decisionRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: ServiceDependencies): void {
  const { db, clock, signingKey } = dependencies;

  app.openapi(liveRoute, async (c) => {
    const { jkt, jti } = c.get('proof');
    const token = await tokenOf(dependencies, jkt);
    const now = clock();
    const rows = token.status === 'active' ? await liveConfirmations(db, token.id, new Date(now)) : [];
    const live = {
      tokenId: token.id,
      proof: jti,
      now,
      confirmations: rows.map((row) => ({
        details: row.details,
        mode: row.mode,
        status: row.status,
        ...useBy(row),
      })),
    };
    return c.json({ confirmations: await signMessage(signingKey, JWT_TYPES.confirmations, live) }, 200);
  });

  app.openapi(decideRoute, async (c) => {
    const { jkt, jti } = c.get('proof');
    const { id } = c.req.valid('param');
    const token = await tokenOf(dependencies, jkt);
    const row = await findConfirmation(db, token.id, id);
    if (row === undefined) throw new ProblemError('not_found', 'No such confirmation');
    const signed = c.req.valid('json').decision;
    const { decision } = await readDecision(signed, jkt, row);
    const write = { institution: token.institution, requestId: c.get('requestId'), at: new Date(clock()) };
    await decideConfirmation(db, write, row, decision, signed);
    const after = await findConfirmation(db, token.id, id);
    if (after?.decision !== decision)
      throw new ProblemError('state_conflict', 'It cannot be decided any more');
    const decided = { confirmation: id, proof: jti, status: statusAt(after, clock()), ...useBy(after) };
    return c.json({ decided: await signMessage(signingKey, JWT_TYPES.decided, decided) }, 200);
  });
}

/**
 * Reads a decision signed by the token's own key over exactly the details it was shown.
 * @throws ProblemError invalid_request
 */
async function readDecision(signed: string, jkt: string, row: ConfirmationRow): Promise<Decision> {
  const decision = await verified(signed, jkt);
  const digest = Buffer.from(await digestOf(row.details)).toString('base64url');
  if (decision?.confirmation !== row.id || !equalInConstantTime(decision.details, digest)) {
    throw new ProblemError('invalid_request', 'The decision is not for these details', ['decision']);
  }
  return decision;
}

async function verified(signed: string, jkt: string): Promise<Decision | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(signed, EmbeddedJWK, { algorithms: ['ES256'] });
    const key = publicJwkSchema.parse(protectedHeader.jwk);
    if (protectedHeader.typ !== JWT_TYPES.decision || (await calculateJwkThumbprint(key)) !== jkt)
      return undefined;
    return decisionSchema.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}

async function tokenOf({ db }: ServiceDependencies, jkt: string): Promise<TokenRow> {
  const row = await findTokenByKey(db, jkt);
  if (row === undefined) throw new ProblemError('token_unknown');
  return row;
}

const useBy = ({ use_by }: ConfirmationRow) => (use_by === null ? {} : { useBy: use_by.toISOString() });
