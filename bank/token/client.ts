import type { z } from 'zod';
import {
  type BindResponse,
  bindResponseSchema,
  type CodeResponse,
  codeResponseSchema,
  type OutcomeResponse,
  outcomeResponseSchema,
  type Token,
  tokenSchema,
} from '../../core/api/bank.ts';
import {
  type Challenge,
  type ChallengeUse,
  challengeSchema,
  useChallengeResponseSchema,
} from '../../core/api/challenge.ts';
import {
  type Confirmation,
  type ConfirmationStatus,
  confirmationSchema,
  verifyConfirmationResponseSchema,
} from '../../core/api/confirmation.ts';
import { problemSchema } from '../../core/api/problem.ts';
import type { ProblemCode } from '../../core/errors.ts';
import type { Transaction } from '../../core/transaction/types.ts';
import { type Until, until } from '../../host/deadline.ts';

/** The result of a call to the token service. `unreachable` also covers an answer that cannot be parsed. */
export type ServiceAnswer<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | {
      readonly kind: 'problem';
      readonly code: ProblemCode;
      /** What was wrong, when `code` is `invalid_request`. */
      readonly fields?: readonly string[] | undefined;
      /** Seconds to wait before the next try, if the service names them. */
      readonly retryAfterS?: number | undefined;
      /** The call was sent twice, and the result of the first is unknown. */
      readonly repeated?: true;
    }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Why there is no usable answer, for the log and for comparisons. */
export const detailOf = (answer: Exclude<ServiceAnswer<unknown>, { kind: 'ok' }>): string =>
  answer.kind === 'problem' ? answer.code : answer.reason;

export type CodeUse = 'activate' | 'verify' | 'release' | 'renew';

/** Answers only when the status has changed or the time is up. */
export interface Awaiting {
  readonly unless: ConfirmationStatus;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Answers only when the challenge does not wait any more or the time is up. */
export type AwaitingChallenge = Pick<Awaiting, 'seconds' | 'signal'>;

export type UsedChallenge = z.infer<typeof useChallengeResponseSchema>;

export type VerifiedConfirmation = z.infer<typeof verifyConfirmationResponseSchema>;

export interface Exchanged {
  /** Of the token in use. */
  readonly code: string;
  /** The token that replaces it. */
  readonly serial: string;
  readonly codes: readonly string[];
}

/** The token service as the bank sees it. `key` is the idempotency key of a write: a repeat uses the same. */
export interface ServiceClient {
  issue(activationPassword: string, key: string): Promise<ServiceAnswer<Token>>;
  /** 新しい端末でのトークン利用: issues a token that will replace this one. */
  issueReplacement(userId: string, activationPassword: string, key: string): Promise<ServiceAnswer<Token>>;
  show(userId: string): Promise<ServiceAnswer<Token>>;
  present(use: CodeUse, userId: string, code: string, key: string): Promise<ServiceAnswer<CodeResponse>>;
  voidIssue(userId: string, key: string): Promise<ServiceAnswer<Token>>;
  /** Registers a token by its シリアル番号. @param codes one code of it, or two in a row of a device */
  bind(serial: string, codes: readonly string[], key: string): Promise<ServiceAnswer<BindResponse>>;
  /** 交換: registers another token and releases this one, or does neither. */
  exchange(userId: string, exchanged: Exchanged, key: string): Promise<ServiceAnswer<BindResponse>>;
  /** Finds a device's clock or count again. @param codes two codes of it, in a row */
  resync(userId: string, codes: readonly string[], key: string): Promise<ServiceAnswer<CodeResponse>>;
  /** What came of the write with this key; where nothing did, nothing can any more. */
  outcome(key: string): Promise<ServiceAnswer<OutcomeResponse>>;
  /** 利用停止 by the customer. */
  suspend(userId: string, key: string): Promise<ServiceAnswer<Token>>;
  /** Asks the customer's token to confirm a transaction. */
  confirm(userId: string, transaction: Transaction, key: string): Promise<ServiceAnswer<Confirmation>>;
  confirmation(userId: string, id: string, awaiting?: Awaiting): Promise<ServiceAnswer<Confirmation>>;
  verifyConfirmation(
    userId: string,
    id: string,
    presented: { readonly transaction: Transaction; readonly code?: string | undefined },
    key: string,
  ): Promise<ServiceAnswer<VerifiedConfirmation>>;
  cancelConfirmation(userId: string, id: string, key: string): Promise<ServiceAnswer<Confirmation>>;
  /** Asks the customer's token to sign for a screen of a session. */
  challenge(userId: string, use: ChallengeUse, key: string): Promise<ServiceAnswer<Challenge>>;
  findChallenge(userId: string, id: string, awaiting?: AwaitingChallenge): Promise<ServiceAnswer<Challenge>>;
  useChallenge(userId: string, id: string, key: string): Promise<ServiceAnswer<UsedChallenge>>;
  cancelChallenge(userId: string, id: string, key: string): Promise<ServiceAnswer<Challenge>>;
}

export interface ServiceClientOptions {
  readonly url: string;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** Read at each call: the token service may write the key after the bank has started. */
  readonly apiKey: () => string | undefined;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;

/** For so long after it was typed a code is presented. Later it would count as wrong, or tell of a clock that is behind. */
export const PRESENT_MS = 30_000;

/** The token service deletes an idempotency key after a day, so nothing older is repeated. */
export const REPEAT_MS = 20 * 60 * 60_000;

export interface Call<Schema extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly schema: Schema;
  readonly body?: unknown;
  readonly key?: string;
  readonly awaiting?: AwaitingChallenge | undefined;
}

/** Calls the token service with one API key. */
export const caller =
  (options: ServiceClientOptions) =>
  <Schema extends z.ZodType>(request: Call<Schema>) =>
    twice(options, request);

export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const call = caller(options);
  return {
    issue: (activationPassword, key) =>
      call({ method: 'POST', path: '/v1/tokens', schema: tokenSchema, body: { activationPassword }, key }),
    issueReplacement: (userId, activationPassword, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/replacement`,
        schema: tokenSchema,
        body: { activationPassword },
        key,
      }),
    show: (userId) => call({ method: 'GET', path: `/v1/tokens/${userId}`, schema: tokenSchema }),
    present: (use, userId, code, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/${use}`,
        schema: codeResponseSchema,
        body: { code },
        key,
      }),
    voidIssue: (userId, key) =>
      call({ method: 'POST', path: `/v1/tokens/${userId}/void`, schema: tokenSchema, key }),
    bind: (serial, codes, key) =>
      call({
        method: 'POST',
        path: `/v1/serials/${serial}/bind`,
        schema: bindResponseSchema,
        body: { codes },
        key,
      }),
    exchange: (userId, exchanged, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/exchange`,
        schema: bindResponseSchema,
        body: exchanged,
        key,
      }),
    resync: (userId, codes, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/resync`,
        schema: codeResponseSchema,
        body: { codes },
        key,
      }),
    outcome: (key) => call({ method: 'POST', path: '/v1/outcomes', schema: outcomeResponseSchema, key }),
    suspend: (userId, key) =>
      call({ method: 'POST', path: `/v1/tokens/${userId}/suspend`, schema: tokenSchema, key }),
    confirm: (userId, transaction, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/confirmations`,
        schema: confirmationSchema,
        body: { transaction },
        key,
      }),
    confirmation: (userId, id, awaiting) =>
      call({
        method: 'GET',
        path: `/v1/tokens/${userId}/confirmations/${id}${query(awaiting)}`,
        schema: confirmationSchema,
        awaiting,
      }),
    verifyConfirmation: (userId, id, { transaction, code }, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/confirmations/${id}/verify`,
        schema: verifyConfirmationResponseSchema,
        body: code === undefined ? { transaction } : { transaction, code },
        key,
      }),
    cancelConfirmation: (userId, id, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/confirmations/${id}/cancel`,
        schema: confirmationSchema,
        body: {},
        key,
      }),
    challenge: (userId, use, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/challenges`,
        schema: challengeSchema,
        body: { use },
        key,
      }),
    findChallenge: (userId, id, awaiting) =>
      call({
        method: 'GET',
        path: `/v1/tokens/${userId}/challenges/${id}${awaiting === undefined ? '' : `?wait=${awaiting.seconds}`}`,
        schema: challengeSchema,
        awaiting,
      }),
    useChallenge: (userId, id, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/challenges/${id}/use`,
        schema: useChallengeResponseSchema,
        body: {},
        key,
      }),
    cancelChallenge: (userId, id, key) =>
      call({
        method: 'POST',
        path: `/v1/tokens/${userId}/challenges/${id}/cancel`,
        schema: challengeSchema,
        body: {},
        key,
      }),
  };
}

const query = (awaiting: Awaiting | undefined) =>
  awaiting === undefined ? '' : `?unless=${awaiting.unless}&wait=${awaiting.seconds}`;

/** Repeats a call once if no answer came: reads change nothing, writes have the same idempotency key. */
async function twice<Schema extends z.ZodType>(
  options: ServiceClientOptions,
  request: Call<Schema>,
): Promise<ServiceAnswer<z.infer<Schema>>> {
  const first = await once(options, request);
  if (request.awaiting !== undefined) return first;
  const worthRepeating =
    first.kind === 'unreachable' || (first.kind === 'problem' && first.code === 'unavailable');
  if (!worthRepeating) return first;
  const second = await once(options, request);
  return second.kind === 'problem' ? { ...second, repeated: true } : second;
}

async function once<Schema extends z.ZodType>(
  options: ServiceClientOptions,
  request: Call<Schema>,
): Promise<ServiceAnswer<z.infer<Schema>>> {
  const apiKey = options.apiKey();
  if (apiKey === undefined) return { kind: 'unreachable', reason: 'no API key' };
  const deadline = deadlineOf(options, request);
  try {
    const response = await options.fetch(new URL(request.path, options.url).href, {
      ...buildRequest(request, apiKey),
      signal: deadline.signal,
    });
    return judgeResponse(response, await response.json(), request.schema);
  } catch (error) {
    return { kind: 'unreachable', reason: error instanceof Error ? error.name : 'unknown' };
  } finally {
    deadline.end();
  }
}

function deadlineOf({ timeoutMs = TIMEOUT_MS }: ServiceClientOptions, { awaiting }: Call<z.ZodType>): Until {
  if (awaiting === undefined) return until(timeoutMs);
  return until(awaiting.seconds * 1_000 + timeoutMs, awaiting.signal);
}

function buildRequest({ method, body, key }: Call<z.ZodType>, apiKey: string): RequestInit {
  const headers: Record<string, string> = {
    authorization: `Bearer ${apiKey}`,
    accept: 'application/json, application/problem+json',
  };
  if (key !== undefined) headers['idempotency-key'] = key;
  if (body === undefined) return { method, headers };
  headers['content-type'] = 'application/json';
  return { method, headers, body: JSON.stringify(body) };
}

function judgeResponse<Schema extends z.ZodType>(
  { ok, headers }: Response,
  body: unknown,
  schema: Schema,
): ServiceAnswer<z.infer<Schema>> {
  if (ok) {
    const value = schema.safeParse(body);
    return value.success
      ? { kind: 'ok', value: value.data }
      : { kind: 'unreachable', reason: 'unreadable answer' };
  }
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return { kind: 'unreachable', reason: 'unreadable problem' };
  const { code, fields } = problem.data;
  return { kind: 'problem', code, fields, retryAfterS: retryAfterOf(headers) };
}

/** RFC 9110 §10.2.3; the service uses only the form in seconds. */
function retryAfterOf(headers: Headers): number | undefined {
  const given = headers.get('retry-after');
  return given !== null && /^\d{1,6}$/.test(given) ? Number(given) : undefined;
}
