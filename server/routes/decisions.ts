import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  confirmationIdSchema,
  type Decision,
  decideRequestSchema,
  decideResponseSchema,
  decisionSchema,
  liveConfirmationsResponseSchema,
} from '../../core/api/confirmation.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import { textDigest } from '../../core/digest.ts';
import { confirmingOf } from '../../core/institution/confirming.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { readJws } from '../../core/jws.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { institutionOf, namedConfirmation, namedToken } from '../institutions.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import { findConfirmation, liveConfirmations, statusAt } from '../store/confirmation-rows.ts';
import type { ConfirmationRow } from '../store/schema.ts';
import { hasExpired } from '../store/tokens.ts';
import { stateOfRow } from '../token.ts';

const security = [{ proof: [] }];

const liveRoute = createRoute({
  method: 'get',
  path: '/v1/token/confirmations',
  tags: ['token'],
  summary: 'What waits for the customer, signed',
  security,
  responses: answers(200, 'The confirmations', liveConfirmationsResponseSchema, [401, 404, 429, 503]),
});

const decideRoute = createRoute({
  method: 'post',
  path: '/v1/token/confirmations/{id}/decision',
  tags: ['token'],
  summary: "The customer's decision, signed by a device of the token",
  security,
  request: { params: z.object({ id: confirmationIdSchema }), body: jsonBody(decideRequestSchema) },
  responses: answers(200, 'Taken', decideResponseSchema, [400, 401, 403, 404, 409, 413, 415, 429, 503]),
});

/** The token's side of 取引認証: see the details, decide on them. */
export function decisionRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, gathered, clock, signingKey } = dependencies;

  app.openapi(liveRoute, async (c) => {
    const token = namedToken(c);
    const now = clock();
    const at = new Date(now);
    const takesDecisions = token.status === 'active' && !hasExpired(token, at);
    const rows = takesDecisions ? await liveConfirmations(db, token.id, at) : [];
    const live = {
      tokenId: token.id,
      proof: c.get('proof').jti,
      ...(await stateOfRow(db, token, now)),
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
    const { publicKey, jti, device } = c.get('proof');
    const { id: tokenId, institution } = namedToken(c);
    if (!device?.mayDecide) throw new ProblemError('device_not_allowed');
    const row = namedConfirmation(c);
    const { id } = row;
    const signed = c.req.valid('json').decision;
    const { decision, origin = null, factors = null } = await readDecision(signed, publicKey, row);
    if (decision === 'confirmed' && !isFromOwnPage(institutionOf(dependencies, institution), origin)) {
      throw new ProblemError('origin_required');
    }
    const write = { institution, requestId: c.get('requestId'), at: new Date(clock()) };
    const decided = { decision, origin, factors, signed };
    const decidedNow = await gathered.decide({ write, id, tokenId, deviceId: device.id, ...decided });
    const after = decidedNow ?? (await findConfirmation(db, tokenId, id));
    if (after?.decision !== decision)
      throw new ProblemError('state_conflict', 'It cannot be decided any more');
    const answer = { confirmation: id, proof: jti, status: statusAt(after, clock()), ...useBy(after) };
    return c.json({ decided: await signMessage(signingKey, JWT_TYPES.decided, answer) }, 200);
  });
}

/** Whether an institution takes the customer's consent with this origin of the transaction's page, or with none. */
const isFromOwnPage = (institution: Institution, origin: string | null): boolean =>
  !confirmingOf(institution).originBound || (origin !== null && institution.pageOrigins.includes(origin));

/**
 * Reads a decision signed by the token's own key over exactly the details it was shown.
 * @throws ProblemError invalid_request
 */
async function readDecision(signed: string, key: CryptoKey, row: ConfirmationRow): Promise<Decision> {
  const decision = await readJws(signed, key, JWT_TYPES.decision, decisionSchema);
  const digest = await textDigest(row.details);
  if (decision?.confirmation !== row.id || !equalInConstantTime(decision.details, digest)) {
    throw new ProblemError('invalid_request', 'The decision is not for these details', ['decision']);
  }
  return decision;
}

const useBy = ({ use_by }: ConfirmationRow) => (use_by === null ? {} : { useBy: use_by.toISOString() });
