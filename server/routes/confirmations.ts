import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { userIdSchema } from '../../core/api/bank.ts';
import {
  cancelRequestSchema,
  confirmationIdSchema,
  confirmationSchema,
  confirmationStatusSchema,
  confirmRequestSchema,
  verifyConfirmationResponseSchema,
  verifyConfirmationSchema,
} from '../../core/api/confirmation.ts';
import { waitSchema } from '../../core/api/wait.ts';
import { type Policy, policyOf } from '../../core/institution/policy.ts';
import type { SynchronousKey } from '../../core/otp/key.ts';
import { isHardware } from '../../core/otp/kind.ts';
import { confirmationCode } from '../../core/transaction/code.ts';
import { canonicalText, checkTransaction } from '../../core/transaction/details.ts';
import type { Transaction } from '../../core/transaction/types.ts';
import { equalInConstantTime } from '../../host/compare.ts';
import { randomDigits, randomId } from '../../host/random.ts';
import { confirmationOfRow, detailsOf } from '../confirmation.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { idempotentWrite, once, remembered } from '../idempotency.ts';
import { institutionOf, namedConfirmation, namedToken } from '../institutions.ts';
import { admitGuess, rateLimited } from '../limits.ts';
import { answers, jsonBody } from '../openapi.ts';
import { openConfirmationKey } from '../otp-key.ts';
import { ProblemError } from '../problem.ts';
import { confirmationOf, findConfirmation, statusAt } from '../store/confirmation-rows.ts';
import { cancelConfirmation, placeAt, refuseToAsk } from '../store/confirmations.ts';
import { type Database, isUniqueViolation } from '../store/database.ts';
import { replacementOf, standingOf } from '../store/replacements.ts';
import type { ConfirmationRow, TokenRow } from '../store/schema.ts';
import { findTokenById, hasExpired, type IdempotentWrite } from '../store/tokens.ts';
import { auditRefusedUse, type UseRefusal } from '../store/uses.ts';
import { waitFor } from '../wait.ts';

/** Tried again where another live confirmation of the token has the number. */
const MOST_TRIES = 5;

const headers = z.object({ 'idempotency-key': z.string().min(1).max(128) });
const ofToken = z.object({ userId: userIdSchema });
const ofConfirmation = z.object({ userId: userIdSchema, id: confirmationIdSchema });
const security = [{ bankKey: [] }];

const createConfirmationRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/confirmations',
  tags: ['bank'],
  summary: '取引認証: ask the customer to confirm a transaction',
  security,
  request: { params: ofToken, headers, body: jsonBody(confirmRequestSchema) },
  responses: answers(201, 'Asked', confirmationSchema, [400, 401, 403, 404, 409, 413, 415, 429, 503]),
});

const showConfirmationRoute = createRoute({
  method: 'get',
  path: '/v1/tokens/{userId}/confirmations/{id}',
  tags: ['bank'],
  summary: 'A confirmation; waits for it to change, where asked to',
  security,
  request: {
    params: ofConfirmation,
    query: z.object({
      /** Answer only once the status is another one, */
      unless: confirmationStatusSchema.optional(),
      /** or after this many seconds. */
      wait: waitSchema,
    }),
  },
  responses: answers(200, 'The confirmation', confirmationSchema, [400, 401, 403, 404, 429, 503]),
});

const verifyConfirmationRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/confirmations/{id}/verify',
  tags: ['bank'],
  summary: 'Use a confirmation, once, for the transaction that was confirmed',
  security,
  request: { params: ofConfirmation, headers, body: jsonBody(verifyConfirmationSchema) },
  responses: answers(
    200,
    'Whether it was accepted',
    verifyConfirmationResponseSchema,
    [400, 401, 403, 404, 409, 413, 415, 429, 503],
  ),
});

const cancelConfirmationRoute = createRoute({
  method: 'post',
  path: '/v1/tokens/{userId}/confirmations/{id}/cancel',
  tags: ['bank'],
  summary: 'Call a confirmation off',
  security,
  request: { params: ofConfirmation, headers, body: jsonBody(cancelRequestSchema) },
  responses: answers(
    200,
    'The confirmation',
    confirmationSchema,
    [400, 401, 403, 404, 409, 413, 415, 429, 503],
  ),
});

/** The bank API of 取引認証: ask, look, use, call off. */
export function confirmationRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, clock, gathered } = dependencies;

  app.openapi(createConfirmationRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const token = namedToken(c);
    if (isHardware(token.kind)) {
      throw new ProblemError('state_conflict', 'A hardware token shows no transactions');
    }
    const policy = policyOf(institutionOf(dependencies, write.institution));
    const transaction = readTransaction(c.req.valid('json').transaction);
    const row = await ask(dependencies, write, policy, { token, transaction });
    return c.json(confirmationOfRow(row, clock()), 201);
  });

  app.openapi(showConfirmationRoute, async (c) => {
    const { unless, wait } = c.req.valid('query');
    const row = namedConfirmation(c);
    if (unless === undefined || wait === 0 || statusAt(row, clock()) !== unless) {
      return c.json(confirmationOfRow(row, clock()), 200);
    }
    const changed = async () => {
      const now = await gathered.look(row.id);
      return now === undefined || statusAt(now, clock()) === unless ? undefined : now;
    };
    const last = await waitFor(changed, row.id, wait * 1000, c.req.raw.signal, dependencies);
    return c.json(confirmationOfRow(last ?? (await current(db, row)), clock()), 200);
  });

  app.openapi(verifyConfirmationRoute, async (c) => {
    const write = await idempotentWrite(c, clock());
    const row = namedConfirmation(c);
    const { transaction, code } = c.req.valid('json');
    if ((row.mode === 'code') !== (code !== undefined)) {
      throw new ProblemError('invalid_request', `The mode is ${row.mode}`, ['code']);
    }
    const checked = readTransaction(transaction);
    let used: ConfirmationRow | undefined;
    const accepted = await once(db, write, async () => {
      used = await use(dependencies, write, namedToken(c), row, checked, code);
      return used !== undefined || ((await remembered(db, write))?.accepted ?? false);
    });
    const confirmation = confirmationOfRow(used ?? (await current(db, row)), clock());
    return c.json({ accepted, confirmation }, 200);
  });

  app.openapi(cancelConfirmationRoute, async (c) => {
    const row = namedConfirmation(c);
    const write = await idempotentWrite(c, clock());
    const cancelled = await once(db, write, () => cancelConfirmation(db, write, row));
    const after = await current(db, row);
    if (!cancelled && after.status === 'spent') throw new ProblemError('state_conflict', 'It was used');
    return c.json(confirmationOfRow(after, clock()), 200);
  });
}

interface Question {
  readonly token: TokenRow;
  readonly transaction: Transaction;
}

/**
 * Id of the token on a new device that a transaction is about; null for other types of transaction. The transaction has to
 * state exactly what that token said of itself and what the service gave it.
 * @throws ProblemError state_conflict if no new token waits, invalid_request if the transaction is about another one
 */
async function newTokenOf(
  { db, clock }: RouteDependencies,
  { token, transaction }: Question,
): Promise<string | null> {
  if (transaction.type !== 'new-device') return null;
  const row = await replacementOf(db, token);
  const standing = row && (await standingOf(db, row, clock()));
  if (row?.status !== 'enrolled' || row.enrolled_at === null || !standing?.stands || !standing.device) {
    throw new ProblemError('state_conflict', 'No token on a new device waits to take its place');
  }
  const { form, name: device } = standing.device;
  const setUpAt = row.enrolled_at.toISOString();
  const said = { type: 'new-device', form, device, serial: row.serial, setUpAt };
  if (canonicalText(said) === canonicalText(transaction)) return row.id;
  throw new ProblemError('invalid_request', 'It is not the token that waits', ['transaction']);
}

/** Asks the customer. A repeat of an earlier request gets the confirmation that the earlier one made. */
async function ask(
  dependencies: RouteDependencies,
  write: IdempotentWrite,
  policy: Policy,
  question: Question,
): Promise<ConfirmationRow> {
  let newToken: string | null;
  try {
    newToken = await newTokenOf(dependencies, question);
  } catch (error) {
    const earlier = error instanceof ProblemError ? await askedBefore(dependencies.db, write) : undefined;
    if (earlier === undefined) throw error;
    return earlier;
  }
  return askNow(dependencies, write, policy, { ...question, newToken });
}

async function askNow(
  dependencies: RouteDependencies,
  write: IdempotentWrite,
  policy: Policy,
  question: Question & { readonly newToken: string | null },
  tries = MOST_TRIES,
): Promise<ConfirmationRow> {
  const { db, gathered, randomBytes } = dependencies;
  const { token, transaction, newToken } = question;
  const id = randomId(randomBytes);
  const number = randomDigits(randomBytes, 2);
  const expiresAt = new Date(write.at.getTime() + policy.decideWithinMinutes * 60_000);
  const details = canonicalText({
    transaction,
    confirmation: id,
    institution: token.institution,
    token: token.id,
    number,
    requestedAt: write.at.toISOString(),
    expiresAt: expiresAt.toISOString(),
  });
  const confirmation = {
    id,
    token_id: token.id,
    number,
    mode: token.confirmation_mode,
    details,
    expires_at: expiresAt,
    new_token: newToken,
  };
  try {
    const row = await gathered.ask({ write, confirmation });
    return row ?? (await askedBefore(db, write)) ?? (await refuse(dependencies, write, policy, token));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // Either the request is a repeat, or another live confirmation has the number.
    const earlier = await askedBefore(db, write);
    if (earlier !== undefined) return earlier;
    if (tries === 1) throw rateLimited(1_000);
    return askNow(dependencies, write, policy, question, tries - 1);
  }
}

async function askedBefore(db: Database, write: IdempotentWrite): Promise<ConfirmationRow | undefined> {
  return (await remembered(db, write)) && confirmationOf(db, write);
}

async function refuse(
  { db }: RouteDependencies,
  write: IdempotentWrite,
  policy: Policy,
  token: TokenRow,
): Promise<never> {
  const expired = hasExpired(token, write.at);
  if (token.status !== 'active' || expired) {
    throw new ProblemError('state_conflict', `The token is ${expired ? 'expired' : token.status}`);
  }
  await refuseToAsk(db, write, token.id);
  const now = write.at.getTime();
  const { asked_until } = (await findTokenById(db, token.id)) ?? token;
  const waitS = Math.ceil((placeAt(asked_until, policy, now) - now) / 1000);
  throw new ProblemError('rate_limited', undefined, undefined, Math.max(1, waitS));
}

/**
 * Uses a confirmation for a transaction, or audits why not. Right and wrong codes wait in the same queue.
 * @returns undefined if it was not used by this request
 */
async function use(
  { db, gathered, limits, masterKey }: RouteDependencies,
  write: IdempotentWrite,
  token: TokenRow,
  row: ConfirmationRow,
  transaction: Transaction,
  code: string | undefined,
): Promise<ConfirmationRow | undefined> {
  const refused = async (reason: UseRefusal) => {
    await auditRefusedUse(db, write, row, reason);
    return undefined;
  };
  /** Used before: by the same request if this is a repeat, otherwise by another one, which is audited. */
  const spentBefore = async () => ((await remembered(db, write)) ? undefined : refused('spent'));
  if (canonicalText(detailsOf(row).transaction) !== canonicalText(transaction)) return refused('differs');
  if (row.status === 'spent') return spentBefore();
  const confirmed = statusAt(row, write.at.getTime()) === 'confirmed';
  if (!confirmed || token.status !== 'active' || token.secret === null || hasExpired(token, write.at)) {
    return refused('stopped');
  }
  const hasCode = code !== undefined;
  const wasWrong = hasCode ? admitGuess(limits, token, write.at.getTime()) : undefined;
  const key = openConfirmationKey(masterKey, token.secret, token.id);
  const fits = hasCode ? isCode(key, row, code) : Promise.resolve(true);
  // The round that takes the code reports a failed judgement; until then the rejection must not count as unhandled.
  fits.catch(() => undefined);
  const used = await gathered.use({ write, id: row.id, tokenId: token.id, hasCode, fits });
  if (used.outcome === 'wrong') wasWrong?.();
  if (used.outcome === 'done') return used.row;
  return used.outcome === 'spent' ? spentBefore() : undefined;
}

async function isCode(key: SynchronousKey, { details }: ConfirmationRow, code: string): Promise<boolean> {
  return equalInConstantTime(await confirmationCode(key, details), code);
}

/** The transaction, with its names in the form that is signed and shown. */
function readTransaction(given: Transaction): Transaction {
  const checked = checkTransaction(given);
  if (checked.kind === 'transaction') return checked.transaction;
  throw new ProblemError('invalid_request', `${checked.field}: ${checked.reason}`, [
    `transaction.${checked.field}`,
  ]);
}

/** A confirmation read again after a change. */
async function current(db: Database, { id, token_id }: ConfirmationRow): Promise<ConfirmationRow> {
  const row = await findConfirmation(db, token_id, id);
  if (row === undefined) throw new Error('confirmation disappeared from the database');
  return row;
}
