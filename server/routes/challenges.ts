import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { userIdSchema } from '../../core/api/bank.ts';
import {
  type Challenge,
  type ChallengeUse,
  challengeIdSchema,
  challengeRequestSchema,
  challengeSchema,
  challengeWaitSchema,
  useChallengeResponseSchema,
  useChallengeSchema,
} from '../../core/api/challenge.ts';
import { isHardware } from '../../core/otp/kind.ts';
import { randomDigits, randomId } from '../../host/random.ts';
import { challengeAt, challengeOfRow } from '../challenge.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { idempotentWrite, once, remembered } from '../idempotency.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { refuseUse } from '../kind-uses.ts';
import { rateLimited } from '../limits.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import {
  cancelChallenge,
  challengeOf,
  challengeStatusAt,
  type UsedSignature,
  waitingChallenges,
} from '../store/challenges.ts';
import { CODE_USES } from '../store/codes.ts';
import { isUniqueViolation } from '../store/database.ts';
import { standingOf } from '../store/replacements.ts';
import type { TokenRow } from '../store/schema.ts';
import { currentToken, hasExpired, type IdempotentWrite } from '../store/tokens.ts';
import { tokenOfRow } from '../token.ts';
import { waitFor } from '../wait.ts';

/** How many challenges that came at once a challenge follows at most. */
const MOST_TRIES = 5;

const headers = z.object({ 'idempotency-key': z.string().min(1).max(128) });
const ofToken = z.object({ userId: userIdSchema });
const ofChallenge = z.object({ userId: userIdSchema, id: challengeIdSchema });
const security = [{ bankKey: [] }];
const REFUSALS = [400, 401, 403, 404, 409, 413, 415, 429, 503];

const askRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/challenges',
  tags: ['bank'],
  summary: "Login by signature: a challenge for a session of the bank's",
  security,
  request: { params: ofToken, headers, body: jsonBody(challengeRequestSchema) },
  responses: answers(201, 'Asked', challengeSchema, REFUSALS),
});

const showRoute = createRoute({
  method: 'get',
  path: '/v1/tokens/{userId}/challenges/{id}',
  tags: ['bank'],
  summary: 'A challenge; waits for the signature, where asked to',
  security,
  request: { params: ofChallenge, query: challengeWaitSchema },
  responses: answers(200, 'The challenge', challengeSchema, [400, 401, 403, 404, 429, 503]),
});

const useRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/challenges/{id}/use',
  tags: ['bank'],
  summary: "Use a signed challenge in a code's place, once",
  security,
  request: { params: ofChallenge, headers, body: jsonBody(useChallengeSchema) },
  responses: answers(200, 'Whether it was accepted', useChallengeResponseSchema, REFUSALS),
});

const cancelRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/challenges/{id}/cancel',
  tags: ['bank'],
  summary: 'Call a challenge off',
  security,
  request: { params: ofChallenge, headers, body: jsonBody(useChallengeSchema) },
  responses: answers(200, 'The challenge', challengeSchema, REFUSALS),
});

/** The bank API of login by signature: ask, look, use, call off. */
export function challengeRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, gathered } = dependencies;

  const find = async (token: TokenRow, id: string, write?: IdempotentWrite) => {
    const row = await gathered.lookAtChallenge(id);
    if (row?.token_id !== token.id) throw await noChallenge(write);
    return row;
  };

  /** A repeat outlives its challenge: what came of it is still known. */
  const noChallenge = async (write?: IdempotentWrite) =>
    write && (await remembered(db, write))
      ? new ProblemError('state_conflict', 'The challenge is over; ask /v1/outcomes')
      : new ProblemError('not_found', 'No such challenge');

  app.openapi(askRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const question = { token: namedToken(c), use: c.req.valid('json').use };
    return c.json(await ask(dependencies, write, question), 201);
  });

  app.openapi(showRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { wait } = c.req.valid('query');
    const token = namedToken(c);
    const look = async () => {
      const now = await find(token, id);
      return challengeStatusAt(now, new Date(clock())) === 'waiting' ? undefined : now;
    };
    // An act on the token ends it as well, and wakes those who wait for the token.
    const changed = wait > 0 && (await waitFor(look, token.id, wait * 1000, c.req.raw.signal, dependencies));
    return c.json(challengeAt(changed || (await find(token, id)), new Date(clock())), 200);
  });

  app.openapi(useRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const { id } = c.req.valid('param');
    const token = namedToken(c);
    const standing = await standingOf(db, token, write.at.getTime());
    const use = standing === undefined ? gathered.useSignature : gathered.takeOverBySignature;
    let used: UsedSignature | undefined;
    const accepted = await once(db, write, async () => {
      used = await use({ write, id, tokenId: token.id });
      if (used === undefined) throw await noChallenge(write);
      return used.outcome === 'done';
    });
    const challenge =
      used?.outcome === 'done'
        ? challengeOfRow(used.row)
        : challengeAt(await find(token, id, write), new Date(clock()));
    // An accepted login changes nothing that the bank sees of the token.
    const unchanged = accepted && challenge.use === 'verify';
    const now = unchanged ? token : await currentToken(db, token);
    const institution = institutionOf(dependencies, write.institution);
    return c.json({ accepted, challenge, token: await tokenOfRow(db, now, institution, clock()) }, 200);
  });

  app.openapi(cancelRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const { id } = c.req.valid('param');
    const token = namedToken(c);
    await find(token, id, write);
    const cancelled = await once(db, write, () => cancelChallenge(db, { write, id, tokenId: token.id }));
    const after = await find(token, id, write);
    if (!cancelled && after.status === 'spent') throw new ProblemError('state_conflict', 'It was used');
    return c.json(challengeAt(after, new Date(clock())), 200);
  });
}

interface Question {
  readonly token: TokenRow;
  readonly use: ChallengeUse;
}

/** Makes a challenge. A repeat of an earlier request gets the challenge that the earlier one made, as it is now. */
async function ask(
  dependencies: RouteDependencies,
  write: IdempotentWrite,
  question: Question,
): Promise<Challenge> {
  try {
    await refuseToAsk(dependencies, write, question);
  } catch (error) {
    const earlier = error instanceof ProblemError ? await askedBefore(dependencies, write) : undefined;
    if (earlier === undefined) throw error;
    return earlier;
  }
  return askNow(dependencies, write, question);
}

async function askNow(
  dependencies: RouteDependencies,
  write: IdempotentWrite,
  question: Question,
  tries = MOST_TRIES,
): Promise<Challenge> {
  const { gathered, randomBytes } = dependencies;
  const { token, use } = question;
  const [id, number] = [randomId(randomBytes), randomDigits(randomBytes, 2)];
  try {
    const row = await gathered.askSignature({ write, id, tokenId: token.id, use, number });
    if (row !== undefined) return challengeOfRow(row);
    return (await askedBefore(dependencies, write)) ?? (await refuseNow(dependencies, write, question));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // Either the request is a repeat, or another challenge has the number or the place.
    const earlier = await askedBefore(dependencies, write);
    if (earlier !== undefined) return earlier;
    if (tries === 1) throw rateLimited(1_000);
    return askNow(dependencies, write, question, tries - 1);
  }
}

/** @throws ProblemError state_conflict if the challenge of an earlier request is forgotten */
async function askedBefore(
  { db, clock }: RouteDependencies,
  write: IdempotentWrite,
): Promise<Challenge | undefined> {
  if ((await remembered(db, write)) === undefined) return undefined;
  const row = await challengeOf(db, write);
  if (row === undefined) throw new ProblemError('state_conflict', 'The challenge is over');
  return challengeAt(row, new Date(clock()));
}

/** @throws ProblemError state_conflict, replacement_unconfirmed */
async function refuseToAsk(
  { db }: RouteDependencies,
  { at }: IdempotentWrite,
  { token, use }: Question,
): Promise<void> {
  if (isHardware(token.kind)) throw new ProblemError('state_conflict', 'A hardware token signs nothing');
  refuseUse(use, token.kind);
  if (hasExpired(token, at)) throw new ProblemError('state_conflict', 'The token is expired');
  if (token.status !== CODE_USES[use].from) {
    throw new ProblemError('state_conflict', `The token is ${token.status}`);
  }
  const standing = await standingOf(db, token, at.getTime());
  if (standing?.stands === false) throw new ProblemError('state_conflict', 'The token is void');
  if (standing?.confirmed === false) throw new ProblemError('replacement_unconfirmed');
}

/** Says why none may be made now: the token has changed, or as many wait as may. */
async function refuseNow(
  dependencies: RouteDependencies,
  write: IdempotentWrite,
  { token, use }: Question,
): Promise<never> {
  const { db } = dependencies;
  await refuseToAsk(dependencies, write, { token: await currentToken(db, token), use });
  const [oldest] = await waitingChallenges(db, token.id, write.at);
  throw rateLimited((oldest?.expires_at.getTime() ?? 0) - write.at.getTime());
}
