import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type AnsweredChallenge,
  answeredChallengeResponseSchema,
  challengeIdSchema,
  type LoginSignature,
  loginSignatureSchema,
  notMyChallengeSchema,
  signChallengeSchema,
  type WaitingChallenges,
  waitingChallengesResponseSchema,
} from '../../core/api/challenge.ts';
import { JWT_TYPES, PROOF_LIFETIME_S } from '../../core/api/token.ts';
import { readJws } from '../../core/jws.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { signer } from '../devices.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { countChallenge } from '../metrics.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { signMessage } from '../sign.ts';
import { challengeStatusAt, disownChallenge, waitingChallenges } from '../store/challenges.ts';
import { CODE_USES } from '../store/codes.ts';
import type { TokenRow } from '../store/schema.ts';
import { hasExpired } from '../store/tokens.ts';

const security = [{ proof: [] }];
const params = z.object({ id: challengeIdSchema });
const REFUSALS = [400, 401, 403, 404, 409, 413, 415, 429, 503];

const listRoute = createRoute({
  method: 'get',
  path: '/v1/token/challenges',
  tags: ['token'],
  summary: "The logins that wait for this token's signature, signed",
  security,
  responses: answers(200, 'The challenges', waitingChallengesResponseSchema, [401, 403, 404, 429, 503]),
});

const signRoute = createRoute({
  method: 'post',
  path: '/v1/token/challenges/{id}/signature',
  tags: ['token'],
  summary:
    "Login by signature: over the challenge and the origin of the bank's page, by a device of the token",
  security,
  request: { params, body: jsonBody(signChallengeSchema) },
  responses: answers(200, 'Taken', answeredChallengeResponseSchema, REFUSALS),
});

const disownRoute = createRoute({
  method: 'post',
  path: '/v1/token/challenges/{id}/not-me',
  tags: ['token'],
  summary: '心当たりがない: the customer does not know of this login; the token is suspended',
  security,
  request: { params, body: jsonBody(notMyChallengeSchema) },
  responses: answers(200, 'Taken', answeredChallengeResponseSchema, REFUSALS),
});

/** The token's side of login by signature: see what waits, sign it, or know nothing of it. */
export function signatureRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, gathered, signingKey } = dependencies;

  const find = async (token: TokenRow, id: string) => {
    const row = await gathered.lookAtChallenge(id);
    if (row?.token_id !== token.id) throw new ProblemError('not_found', 'No such challenge');
    return { ...row, status: challengeStatusAt(row, new Date(clock())) };
  };

  const answer = async (answered: AnsweredChallenge) => ({
    challenge: await signMessage(signingKey, JWT_TYPES.answeredChallenge, answered),
  });

  app.openapi(listRoute, async (c) => {
    const token = namedToken(c);
    signer(c);
    const at = new Date(clock());
    const rows = hasExpired(token, at) ? [] : await waitingChallenges(db, token.id, at);
    const waiting: WaitingChallenges = {
      tokenId: token.id,
      proof: c.get('proof').jti,
      now: at.getTime(),
      challenges: rows
        .filter(({ use }) => CODE_USES[use].from === token.status)
        .map(({ id, use, number, expires_at }) => ({ id, use, number, expiresAt: expires_at.toISOString() })),
    };
    return c.json({ challenges: await signMessage(signingKey, JWT_TYPES.challenges, { ...waiting }) }, 200);
  });

  app.openapi(signRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { jti, publicKey } = c.get('proof');
    const { signature } = c.req.valid('json');
    const token = namedToken(c);
    const device = signer(c);
    const now = clock();
    const read = await readJws(signature, publicKey, JWT_TYPES.loginSignature, loginSignatureSchema);
    if (read === undefined || !isFor(read, { id, token })) throw invalid(NOT_THIS);
    const isNow = Math.abs(now / 1000 - read.iat) <= PROOF_LIFETIME_S;
    const { institution } = token;
    const { pageOrigins } = institutionOf(dependencies, institution);
    const isOwnOrigin = pageOrigins.includes(read.origin);
    const write = { institution, requestId: c.get('requestId'), at: new Date(now) };
    const { use, origin, factors } = read;
    const signed = { write, id, tokenId: token.id, deviceId: device.id, use, origin, factors, signature };
    const row = isNow ? await gathered.sign({ ...signed, isOwnOrigin }) : undefined;
    if (row?.status === 'signed')
      return c.json(await answer({ challenge: id, proof: jti, status: 'signed' }), 200);
    const found = await find(token, id);
    // The very signature, whose answer was lost: it was of its time when it was taken.
    const isTaken = found.signature === signature;
    if (!isNow && !isTaken) throw invalid(NOT_THIS);
    if (found.use !== use) throw invalid('The login is for another use');
    if (!isOwnOrigin) throw new ProblemError('origin_not_allowed');
    if (isTaken) {
      return c.json(await answer({ challenge: id, proof: jti, status: found.status }), 200);
    }
    throw new ProblemError('state_conflict', `The challenge is ${found.status}`);
  });

  app.openapi(disownRoute, async (c) => {
    const { id } = c.req.valid('param');
    const token = namedToken(c);
    const { id: deviceId } = signer(c);
    await find(token, id);
    const write = { institution: token.institution, requestId: c.get('requestId'), at: new Date(clock()) };
    await disownChallenge(db, { write, id, tokenId: token.id, deviceId });
    const { status } = await find(token, id);
    countChallenge(token.institution, 'disowned', status === 'not-me' ? 'done' : 'overtaken');
    if (status !== 'not-me') throw new ProblemError('state_conflict', `The challenge is ${status}`);
    return c.json(await answer({ challenge: id, proof: c.get('proof').jti, status }), 200);
  });
}

const invalid = (detail: string) => new ProblemError('invalid_request', detail, ['signature']);

const NOT_THIS = 'The signature is not by this device, or not for this login and now';

/** Whether a signature is for this challenge, of this token. */
const isFor = (
  { challenge, institution, tokenId }: LoginSignature,
  { id, token }: { readonly id: string; readonly token: TokenRow },
): boolean => challenge === id && institution === token.institution && tokenId === token.id;
