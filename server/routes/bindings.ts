import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  type BindResponse,
  bindRequestSchema,
  bindResponseSchema,
  exchangeRequestSchema,
  serialSchema,
  userIdSchema,
} from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { type Policy, policyOf } from '../../core/institution/policy.ts';
import { KEY_BYTES } from '../../core/otp/key.ts';
import type { TokenKind } from '../../core/otp/kind.ts';
import { seal } from '../../core/vault/seal.ts';
import { endFrom } from '../../host/expiry.ts';
import { randomDigits } from '../../host/random.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { idempotentWrite, once, remembered } from '../idempotency.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { judgeOf, wrongLength } from '../judge.ts';
import { admitGuess, type Limits } from '../limits.ts';
import type { MasterKey } from '../master-key.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { type Binding, type CodeJudged, findSerial, type SerialRow } from '../store/bindings.ts';
import { isUniqueViolation } from '../store/database.ts';
import type { TokenRow } from '../store/schema.ts';
import { findTokenById, hasExpired, type IdempotentWrite } from '../store/tokens.ts';
import { tokenOfRow } from '../token.ts';

const headers = z.object({ 'idempotency-key': z.string().min(1).max(128) });
const security = [{ bankKey: [] }];

const bindRoute = createRoute({
  method: 'post',
  path: '/v1/serials/{serial}/bind',
  tags: ['bank'],
  summary: '利用開始 by シリアル番号: a token that is nobody’s yet becomes a contract’s',
  security,
  request: { params: z.object({ serial: serialSchema }), headers, body: jsonBody(bindRequestSchema) },
  responses: answers(
    200,
    'Whether it is bound',
    bindResponseSchema,
    [400, 401, 403, 409, 413, 415, 429, 503],
  ),
});

const exchangeRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/exchange',
  tags: ['bank'],
  summary: '交換: binds a token by its シリアル番号 and releases the one in use, both or neither',
  security,
  request: { params: z.object({ userId: userIdSchema }), headers, body: jsonBody(exchangeRequestSchema) },
  responses: answers(
    200,
    'Whether they were exchanged',
    bindResponseSchema,
    [400, 401, 403, 404, 409, 413, 415, 429, 503],
  ),
});

/** What is asked to be bound, and the token that is given back for it. */
interface Asked {
  readonly serial: string;
  readonly codes: readonly string[];
  readonly old?: { readonly row: TokenRow; readonly code: string };
}

/** The bank API of tokens that come to a contract by their serial. */
export function bindingRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, masterKey, randomBytes } = dependencies;
  const nobodys = nobodysTokens(masterKey, randomBytes);

  async function bind(write: IdempotentWrite, institution: Institution, asked: Asked): Promise<BindResponse> {
    const accepted = await once(db, write, async () =>
      bindNow(dependencies, write, institution, asked, await nobodys),
    );
    const { tokenId } = (accepted && (await remembered(db, write))) || { tokenId: '' };
    const row = await findTokenById(db, tokenId);
    return { accepted, ...(row && { token: await tokenOfRow(db, row, institution, clock()) }) };
  }

  app.openapi(bindRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const { serial } = c.req.valid('param');
    return c.json(await bind(write, institution, { serial, ...c.req.valid('json') }), 200);
  });

  app.openapi(exchangeRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const institution = institutionOf(dependencies, write.institution);
    const { code, ...asked } = c.req.valid('json');
    return c.json(await bind(write, institution, { ...asked, old: { row: namedToken(c), code } }), 200);
  });
}

const MOST_TRIES = 5;

/** Judges the codes and binds, where they are right; tries again where the new ユーザID is taken. */
async function bindNow(
  dependencies: RouteDependencies,
  write: IdempotentWrite,
  institution: Institution,
  { serial, codes, old }: Asked,
  nobodys: readonly SerialRow[],
): Promise<boolean> {
  const { db, gathered, limits, masterKey, randomBytes } = dependencies;
  const policy = policyOf(institution);
  const now = write.at.getTime();
  const oldWasWrong = old && admitGuess(limits, old.row, now);
  const wasRefused = admitSerial(limits, write.institution, serial, now);
  const oldJudged = old && (await judgeOld(masterKey, old, write.at, policy));
  const row = await findSerial(db, write.institution, serial);
  const binding: Omit<Binding, 'userId'> = {
    write,
    tokenId: row?.id ?? '',
    judgement: await judgeNew(masterKey, { row, nobodys }, codes, now, policy),
    expiresAt: endFrom(write.at, policy),
    policy,
    ...(old && oldJudged && { old: { tokenId: old.row.id, judgement: oldJudged } }),
  };
  const done = await bindAnew(gathered, binding, randomBytes);
  if (!done) wasRefused();
  if (oldJudged?.kind === 'wrong') oldWasWrong?.();
  return done;
}

/**
 * Admits a guess at a serial as {@link admitGuess} does at a token: whether it had one before is kept here by the serial, so that
 * a serial which nobody has waits like another.
 * @returns a function to call if nothing was bound
 * @throws ProblemError rate_limited
 */
function admitSerial(limits: Limits, institution: string, serial: string, now: number): () => void {
  const tries = limits.triesAt(institution).all;
  const key = `serial ${institution} ${serial}`;
  const wasWrong = admitGuess(limits, { institution, failures: tries.isUntouched(key, now) ? 0 : 1 }, now);
  return () => {
    tries.take(key, now);
    wasWrong();
  };
}

async function bindAnew(
  gathered: RouteDependencies['gathered'],
  binding: Omit<Binding, 'userId'>,
  randomBytes: RouteDependencies['randomBytes'],
  tries = MOST_TRIES,
): Promise<boolean> {
  try {
    return (await gathered.bind({ ...binding, userId: randomDigits(randomBytes, 12) })) === 'done';
  } catch (error) {
    if (!isUniqueViolation(error, 'tokens_user') || tries === 1) throw error;
    return bindAnew(gathered, binding, randomBytes, tries - 1);
  }
}

/** Kinds of tokens that are bound by one code, and by two in a row: one of a device shows that somebody saw it once. */
const BOUND_BY: Readonly<Record<number, readonly TokenKind[]>> = {
  1: ['serial'],
  2: ['hardware-totp', 'hardware-hotp'],
};

/**
 * Judges codes for the token as one of its kind, and for nobody's tokens as every other kind that they could be of: so the work
 * is the same whether or not there is the serial, and whatever it is of (ASVS 6.3.8).
 * @returns stopped where the token takes no such codes, or none as it is bound
 */
async function judgeNew(
  masterKey: MasterKey,
  { row, nobodys }: { readonly row: SerialRow | undefined; readonly nobodys: readonly SerialRow[] },
  codes: readonly string[],
  now: number,
  policy: Policy,
): Promise<CodeJudged> {
  const [code = '', next] = codes;
  const takes = row?.status === 'enrolled' && codes.every(({ length }) => length === row.digits);
  let judgement: CodeJudged = { kind: 'stopped' };
  for (const nobody of nobodys.filter(({ kind }) => BOUND_BY[codes.length]?.includes(kind))) {
    const isOfRow = takes && row.kind === nobody.kind;
    const judged = await judgeOf(masterKey, isOfRow ? row : nobody, [code, next], now, policy);
    if (isOfRow) judgement = judged;
  }
  return judgement;
}

/**
 * Judged as a code at `verify` is.
 * @throws ProblemError state_conflict where the token is not in use, nor stopped; invalid_request for a code of another length
 */
async function judgeOld(
  masterKey: MasterKey,
  { row, code }: NonNullable<Asked['old']>,
  at: Date,
  policy: Policy,
): Promise<CodeJudged> {
  if (row.status === 'locked' || row.status === 'suspended' || hasExpired(row, at))
    return { kind: 'stopped' };
  if (row.status !== 'active') throw new ProblemError('state_conflict', `The token is ${row.status}`);
  if (code.length !== row.digits) throw wrongLength(row, 'code');
  return judgeOf(masterKey, row, [code], at.getTime(), policy);
}

/** A token of each kind that is bound by its serial, with a key that nobody has. */
async function nobodysTokens(
  masterKey: MasterKey,
  randomBytes: RouteDependencies['randomBytes'],
): Promise<readonly SerialRow[]> {
  const secret = await seal(masterKey.sealing, randomBytes(KEY_BYTES), '', randomBytes);
  return Object.values(BOUND_BY)
    .flat()
    .map((kind) => {
      const period = kind === 'hardware-hotp' ? null : 30;
      return {
        id: '',
        secret,
        kind,
        algorithm: 'SHA-1',
        digits: 6,
        period,
        last_step: -1,
        drift: 0,
      } as SerialRow;
    });
}
