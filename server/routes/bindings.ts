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
import { policyOf } from '../../core/institution/policy.ts';
import { KEY_BYTES } from '../../core/otp/key.ts';
import { isHardware } from '../../core/otp/kind.ts';
import { seal } from '../../core/vault/seal.ts';
import { endFrom } from '../../host/expiry.ts';
import { randomDigits } from '../../host/random.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { idempotentWrite, once, remembered } from '../idempotency.ts';
import { institutionOf, namedToken } from '../institutions.ts';
import { judgeOf } from '../judge.ts';
import { admitGuess } from '../limits.ts';
import { answers, jsonBody } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { type Binding, bindToken, type CodeJudged, findSerial, type SerialRow } from '../store/bindings.ts';
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
  const nobodys = nobodysToken(masterKey, randomBytes);

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
  asked: Asked,
  nobodys: SerialRow,
): Promise<boolean> {
  const { db, limits, masterKey, randomBytes } = dependencies;
  const policy = policyOf(institution);
  const now = write.at.getTime();
  const row = await findSerial(db, write.institution, asked.serial);
  const wasWrong = [admitGuess(limits, { ...write, failures: row?.activation_failures ?? 0 }, now)];
  const judgement = await judgeNew(masterKey, row ?? nobodys, asked.codes, now, institution);
  const binding: Omit<Binding, 'userId'> = {
    write,
    tokenId: row?.id ?? '',
    judgement,
    expiresAt: endFrom(write.at, policy),
    policy,
    ...(asked.old && {
      old: {
        tokenId: asked.old.row.id,
        judgement: await judgeOld(masterKey, asked.old, write.at, institution),
      },
    }),
  };
  if (asked.old) wasWrong.push(admitGuess(limits, asked.old.row, now));
  const done = await bindAnew(db, binding, randomBytes);
  if (judgement.kind === 'wrong') wasWrong[0]?.();
  if (binding.old?.judgement.kind === 'wrong') wasWrong[1]?.();
  return done;
}

async function bindAnew(
  db: RouteDependencies['db'],
  binding: Omit<Binding, 'userId'>,
  randomBytes: RouteDependencies['randomBytes'],
  tries = MOST_TRIES,
): Promise<boolean> {
  try {
    return await bindToken(db, { ...binding, userId: randomDigits(randomBytes, 12) });
  } catch (error) {
    if (!isUniqueViolation(error, 'tokens_user') || tries === 1) throw error;
    return bindAnew(db, binding, randomBytes, tries - 1);
  }
}

/** Judged as well where nobody has the serial, or another contract, so that time does not tell (ASVS 6.3.8). */
async function judgeNew(
  masterKey: CryptoKey,
  row: SerialRow,
  [code = '', next]: readonly string[],
  now: number,
  institution: Institution,
): Promise<CodeJudged> {
  if (row.secret === null) return { kind: 'stopped' };
  const judgement = await judgeOf(masterKey, row, [code, next], now, policyOf(institution));
  // One code of a device shows that somebody saw it once; two in a row, that they have it.
  return next === undefined && isHardware(row.kind) ? { kind: 'wrong' } : judgement;
}

/** @throws ProblemError state_conflict where the token is not in use, nor stopped */
async function judgeOld(
  masterKey: CryptoKey,
  { row, code }: NonNullable<Asked['old']>,
  at: Date,
  institution: Institution,
): Promise<CodeJudged> {
  if (row.status === 'locked' || row.status === 'suspended' || hasExpired(row, at))
    return { kind: 'stopped' };
  if (row.status !== 'active') throw new ProblemError('state_conflict', `The token is ${row.status}`);
  return judgeOf(masterKey, row, [code], at.getTime(), policyOf(institution));
}

/** A token with a key that nobody has. */
async function nobodysToken(
  masterKey: CryptoKey,
  randomBytes: RouteDependencies['randomBytes'],
): Promise<SerialRow> {
  const secret = await seal(masterKey, randomBytes(KEY_BYTES), '', randomBytes);
  const parameters = { kind: 'hardware-totp', algorithm: 'SHA-1', digits: 6, period: 30 } as const;
  return { id: '', secret, last_step: 0, drift: 0, ...parameters } as SerialRow;
}
