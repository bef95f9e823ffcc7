import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type CodeResponse,
  codeRequestSchema,
  codeResponseSchema,
  issueRequestSchema,
  replacementRequestSchema,
  resyncRequestSchema,
  tokenSchema,
  userIdSchema,
} from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { isEnding } from '../../core/institution/expiry.ts';
import { type Policy, policyOf } from '../../core/institution/policy.ts';
import { endFrom } from '../../host/expiry.ts';
import type { RouteDependencies, ServiceDependencies, ServiceEnv } from '../context.ts';
import { idempotentWrite, once, remembered } from '../idempotency.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { issueInPlace } from '../issue-in-place.ts';
import { judgeOf, wrongLength } from '../judge.ts';
import { refuseUse } from '../kind-uses.ts';
import { admitGuess } from '../limits.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { actOnToken } from '../store/acts.ts';
import { CODE_USES, type CodeUse, type Renewal } from '../store/codes.ts';
import { isUniqueViolation } from '../store/database.ts';
import { insertIssue } from '../store/issues.ts';
import { standingOf } from '../store/replacements.ts';
import type { TokenRow } from '../store/schema.ts';
import { currentToken, findTokenById, hasExpired, type IdempotentWrite } from '../store/tokens.ts';
import { suspendByCustomer } from '../suspend.ts';
import { newToken, shownTokenOfRow, tokenOfRow } from '../token.ts';

const headers = z.object({ 'idempotency-key': z.string().min(1).max(128) });
const params = z.object({ userId: userIdSchema });
const security = [{ bankKey: [] }];

const issueRoute = createRoute({
  method: 'post',
  path: '/v1/tokens',
  tags: ['bank'],
  summary: 'トークン発行: issue a token',
  security,
  request: { headers, body: jsonBody(issueRequestSchema) },
  responses: answers(201, 'Issued', tokenSchema, [400, 401, 403, 409, 413, 415, 429, 503]),
});

const showRoute = createRoute({
  method: 'get',
  path: '/v1/tokens/{userId}',
  tags: ['bank'],
  summary: "A token's status",
  security,
  request: { params },
  responses: answers(200, 'The token', tokenSchema, [400, 401, 403, 404, 429, 503]),
});

/** A write of the bank without a body. */
const actRoute = (act: 'void' | 'suspend', summary: string, done: string) =>
  createRoute({
    method: 'post',
    path: `/v1/tokens/{userId}/${act}`,
    tags: ['bank'],
    summary,
    security,
    request: { params, headers },
    responses: answers(200, done, tokenSchema, [400, 401, 403, 404, 409, 413, 415, 429, 503]),
  });

const voidRoute = actRoute('void', 'Break off an issue that is not in use yet', 'The token, void');

const suspendRoute = actRoute(
  'suspend',
  '利用停止 as the customer asks for it at the bank: nothing is taken until staff resume the token',
  'The token, suspended',
);

const replacementRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/replacement',
  tags: ['bank'],
  summary: '新しい端末でのトークン利用: issue a token that is to take the place of one in use',
  security,
  request: { params, headers, body: jsonBody(replacementRequestSchema) },
  responses: answers(201, 'Issued', tokenSchema, [400, 401, 403, 404, 409, 413, 415, 429, 503]),
});

const codeRoute = (use: CodeUse, summary: string) =>
  createRoute({
    method: 'post',
    path: `/v1/tokens/{userId}/${use}`,
    tags: ['bank'],
    summary,
    security,
    request: { params, headers, body: jsonBody(codeRequestSchema) },
    responses: answers(
      200,
      'Whether the code was accepted',
      codeResponseSchema,
      [400, 401, 403, 404, 409, 413, 415, 429, 503],
    ),
  });

const resyncRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/resync',
  tags: ['bank'],
  summary: 'Find a hardware token again by two codes in a row',
  security,
  request: { params, headers, body: jsonBody(resyncRequestSchema) },
  responses: answers(
    200,
    'Whether the codes were accepted',
    codeResponseSchema,
    [400, 401, 403, 404, 409, 413, 415, 429, 503],
  ),
});

/** The bank API for customers' tokens: issue, show, void, suspend, replace, and present codes. */
export function tokenRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock } = dependencies;

  app.openapi(issueRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const { activationPassword } = c.req.valid('json');
    const row = await issue(dependencies, write, institution, activationPassword);
    return c.json(await tokenOfRow(db, row, institution, clock()), 201);
  });

  app.openapi(showRoute, async (c) => {
    const institution = institutionOf(dependencies, c.get('institution'));
    const row = namedToken(c);
    return c.json(await shownTokenOfRow(db, row, institution, clock()), 200);
  });

  app.openapi(voidRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const row = namedToken(c);
    const accepted = await once(db, write, () => actOnToken(db, { write, tokenId: row.id, act: 'void' }));
    if (!accepted)
      throw new ProblemError('state_conflict', 'Only an issue that is not in use yet can be void');
    return c.json(await tokenOfRow(db, await currentToken(db, row), institution, clock()), 200);
  });

  app.openapi(suspendRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const after = await suspendByCustomer(db, write, { institution, tokenId: namedToken(c).id });
    return c.json(await tokenOfRow(db, after, institution, clock()), 200);
  });

  app.openapi(replacementRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const { activationPassword } = c.req.valid('json');
    refuseUse('replacement', namedToken(c).kind);
    const asked = { row: namedToken(c), act: 'begin-replacement', activationPassword } as const;
    const issued = await issueInPlace(dependencies, write, institution, asked);
    if (issued === undefined) {
      throw new ProblemError('state_conflict', 'Only a token that is in use can be replaced on a new device');
    }
    return c.json(await tokenOfRow(db, issued, institution, clock()), 201);
  });

  for (const [use, summary] of [
    ['activate', '利用開始: the first code puts the token into use'],
    ['verify', 'Verify a login code'],
    ['release', '利用解除: a code takes the token out of use'],
    ['renew', '有効期限の更新: a code puts the end of the token off, from some days before it on'],
  ] as const) {
    app.openapi(codeRoute(use, summary), async (c) => {
      const write = await idempotentWrite(c, clock());
      const institution = institutionOf(dependencies, write.institution);
      const row = namedToken(c);
      const { code } = c.req.valid('json');
      const accepted = await once(db, write, () =>
        presentCode(dependencies, write, policyOf(institution), { row, use, codes: [code] }),
      );
      // An accepted login code changes nothing that the bank sees, so the row need not be read again.
      const unchanged = accepted && use === 'verify';
      const token = unchanged ? row : await currentToken(db, row);
      const answer: CodeResponse = { accepted, token: await tokenOfRow(db, token, institution, clock()) };
      return c.json(answer, 200);
    });
  }

  app.openapi(resyncRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const row = namedToken(c);
    const { codes } = c.req.valid('json');
    const accepted = await once(db, write, () =>
      presentCode(dependencies, write, policyOf(institution), { row, use: 'resync', codes }),
    );
    const token = await tokenOfRow(db, await currentToken(db, row), institution, clock());
    return c.json({ accepted, token }, 200);
  });
}

interface PresentedCode {
  readonly row: TokenRow;
  readonly use: CodeUse;
  /** One, or two in a row. */
  readonly codes: readonly [string, string?];
}

/**
 * Takes a code, or audits its refusal. Right and wrong codes wait in the same queue, so that a right guess cannot overtake
 * wrong ones.
 */
async function presentCode(
  { db, gathered, limits, masterKey }: RouteDependencies,
  write: IdempotentWrite,
  policy: Policy,
  { row, use, codes }: PresentedCode,
): Promise<boolean> {
  refuseUse(use, row.kind);
  const standing = await standingOf(db, row, write.at.getTime());
  const stopped = row.status === 'locked' || row.status === 'suspended' || hasExpired(row, write.at);
  if (!stopped && (row.status !== CODE_USES[use].from || row.secret === null)) {
    throw new ProblemError('state_conflict', `The token is ${row.status}`);
  }
  if (!stopped && standing?.stands === false) throw new ProblemError('state_conflict', 'The token is void');
  if (!stopped && standing?.confirmed === false) throw new ProblemError('replacement_unconfirmed');
  const renewal = use === 'renew' && !stopped ? renewalOf(row, policy, write.at) : undefined;
  if (!stopped && codes.some((code) => code?.length !== row.digits)) {
    throw wrongLength(row, use === 'resync' ? 'codes' : 'code');
  }
  const wasWrong = admitGuess(limits, row, write.at.getTime());
  const judgement =
    stopped || row.secret === null
      ? Promise.resolve({ kind: 'stopped' } as const)
      : judgeOf(masterKey, row, codes, write.at.getTime(), policy);
  // The round that takes the code reports a failed judgement; until then the rejection must not count as unhandled.
  judgement.catch(() => undefined);
  const presented = { write, tokenId: row.id, use, renewal, judgement };
  const take = standing === undefined ? gathered.takeCode : gathered.takeOver;
  const outcome = await take(presented);
  if (outcome === 'wrong') wasWrong();
  return outcome === 'done';
}

/** The renewal counts from the present end, so that renewing early loses nothing. */
function renewalOf({ expires_at: from }: TokenRow, policy: Policy, at: Date): Renewal {
  if (from === null || !isEnding(from.getTime(), at.getTime(), policy)) {
    throw new ProblemError(
      'state_conflict',
      `The token can be renewed in the last ${policy.warnDays} days before its end`,
    );
  }
  return { from, to: endFrom(from, policy) };
}

async function issue(
  dependencies: ServiceDependencies,
  write: IdempotentWrite,
  institution: Institution,
  activationPassword: string,
): Promise<TokenRow> {
  const { db } = dependencies;
  try {
    return await insertIssue(
      db,
      write,
      await newToken(dependencies, institution, activationPassword, write.at),
    );
  } catch (error) {
    if (isUniqueViolation(error, 'tokens_user')) {
      return issue(dependencies, write, institution, activationPassword);
    }
    const earlier = isUniqueViolation(error) ? await remembered(db, write) : undefined;
    const row = earlier && (await findTokenById(db, earlier.tokenId));
    if (row === undefined) throw error;
    return row;
  }
}
