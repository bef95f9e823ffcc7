import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { matchedRoutes } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import type { z } from 'zod';
import { userIdSchema } from '../core/api/bank.ts';
import { confirmationIdSchema } from '../core/api/confirmation.ts';
import { isOutage, OutageError } from '../core/errors.ts';
import { policiesOf } from '../core/institution/policy.ts';
import { sha256 } from '../host/compare.ts';
import { describeError } from '../host/describe-error.ts';
import { codeOf } from '../host/listen.ts';
import { requestsRefused, timeRequests } from '../host/metrics.ts';
import { READINESS, type Serving, unavailableResponse } from '../host/serve.ts';
import { sourceOf } from '../host/source.ts';
import { bearerKey } from './bearer.ts';
import type { RouteDependencies, ServiceDependencies, ServiceEnv, Shared } from './context.ts';
import { serviceOrigins } from './institutions.ts';
import { invalidRequest } from './invalid-request.ts';
import { takeAll } from './limits.ts';
import { countOutcomes } from './metrics.ts';
import { ProblemError, problemDocument, problemResponse } from './problem.ts';
import { checkProof } from './proof.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { auditRoutes } from './routes/audit.ts';
import { bindingRoutes } from './routes/bindings.ts';
import { challengeRoutes } from './routes/challenges.ts';
import { claimedPairingRoutes } from './routes/claimed-pairings.ts';
import { confirmationRoutes } from './routes/confirmations.ts';
import { decisionRoutes } from './routes/decisions.ts';
import { deviceRoutes } from './routes/devices.ts';
import { enrolmentRoutes } from './routes/enrolments.ts';
import { eventRoutes } from './routes/events.ts';
import { importRoutes } from './routes/imports.ts';
import { operationRoutes } from './routes/operations.ts';
import { outcomeRoutes } from './routes/outcomes.ts';
import { pairingRoutes } from './routes/pairings.ts';
import { pushRoutes } from './routes/push.ts';
import { refusedFillsRoutes } from './routes/refused-fills.ts';
import { serialEnrolmentRoutes } from './routes/serial-enrolments.ts';
import { signatureRoutes } from './routes/signatures.ts';
import { staffRoutes } from './routes/staff.ts';
import { tokenStateRoutes } from './routes/token-state.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { sharedBy } from './shared.ts';
import { gatherStore } from './store/gathered.ts';
import type { ApiKeyKind } from './store/schema.ts';
import { utf8, wellFormed } from './well-formed.ts';

/** Seconds after which a client may try again after an outage. */
const UNAVAILABLE_S = 5;

/** Where keys that are no token's yet become one's. */
const FOR_STRANGERS: readonly string[] = [
  '/v1/enrolments',
  '/v1/serial-enrolments',
  '/v1/pairings',
  '/v1/pairing',
  '/v1/pairing/nonce',
];

export const MAX_BODY_BYTES = 32 * 1024;

/** A request that waits for a change may take its wait longer; the route's schema limits the wait. */
const ANSWER_WITHIN_MS = 5_500;

/** How the service is served. */
export const SERVING: Omit<Serving, 'capacity'> = {
  mostBodyBytes: MAX_BODY_BYTES,
  answerWithinMs: (url) => ANSWER_WITHIN_MS + 1_000 * Number(/[?&]wait=(\d{1,2})(?:&|$)/.exec(url)?.[1] ?? 0),
  unavailable: {
    type: 'application/problem+json',
    body: (status) => JSON.stringify({ ...problemDocument(new ProblemError('unavailable')), status }),
  },
};

/**
 * The token service as a pure application: `app.request()` works without a port.
 * @param shared with the applications for the institutions in other databases, if there are any
 */
export function createService(
  given: ServiceDependencies,
  shared: Shared = sharedBy(given),
): OpenAPIHono<ServiceEnv> {
  const policies = policiesOf(given.directory.institutions);
  const dependencies: RouteDependencies = {
    ...given,
    ...shared,
    gathered: countOutcomes(gatherStore(given.db, policies), given.directory),
  };
  const app = new OpenAPIHono<ServiceEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      return problemResponse(c, invalidRequest(result.error, result.target));
    },
  });

  app.use(keepUp(dependencies.gathered));
  app.use(nameRequests, requestLog(dependencies));
  app.use(headers(shared.origins));
  app.use('/v1/*', wellFormed);
  app.use('/v1/*', smallBody);
  app.use('/v1/*', utf8);
  app.use('/companion/*', smallBody);
  app.use('/v1/tokens/*', apiKey('bank', dependencies));
  app.use('/v1/serials/*', apiKey('bank', dependencies));
  app.use('/v1/outcomes', apiKey('bank', dependencies));
  app.use('/v1/staff/*', apiKey('staff', dependencies));
  for (const path of FOR_STRANGERS) app.use(path, tokenProof(dependencies));
  app.use('/v1/token/*', tokenProof(dependencies));

  tokenRoutes(app, dependencies);
  bindingRoutes(app, dependencies);
  outcomeRoutes(app, dependencies);
  confirmationRoutes(app, dependencies);
  challengeRoutes(app, dependencies);
  staffRoutes(app, dependencies);
  auditRoutes(app, dependencies);
  importRoutes(app, dependencies);
  enrolmentRoutes(app, dependencies);
  serialEnrolmentRoutes(app, dependencies);
  tokenStateRoutes(app, dependencies);
  decisionRoutes(app, dependencies);
  signatureRoutes(app, dependencies);
  pairingRoutes(app, dependencies);
  claimedPairingRoutes(app, dependencies);
  deviceRoutes(app, dependencies);
  approvalRoutes(app, dependencies);
  refusedFillsRoutes(app, dependencies);
  pushRoutes(app, dependencies);
  eventRoutes(app, dependencies);
  operationRoutes(app, dependencies);

  app.notFound((c) => problemResponse(c, new ProblemError('not_found')));
  app.onError((error, c) => {
    const problem = problemOf(error);
    const requestId = c.get('requestId');
    if (problem.code === 'internal')
      dependencies.logger.error({ requestId, error: describeError(error) }, problem.code);
    // An OutageError was logged where it was found.
    if (problem.code === 'unavailable' && !(error instanceof OutageError)) {
      dependencies.logger.warn({ requestId, reason: codeOf(error) ?? error.name }, problem.code);
    }
    const response = problemResponse(c, problem);
    const retryAfter = problem.retryAfterS ?? (problem.code === 'unavailable' ? UNAVAILABLE_S : undefined);
    if (retryAfter !== undefined) response.headers.set('Retry-After', String(retryAfter));
    return response;
  });
  return app;
}

/**
 * Refuses requests before anything is done for them while more come than are answered. Whoever is refused late has cost nearly
 * as much as if answered, and asks again: a node that has once fallen behind would stay so.
 */
const keepUp = ({ isBehind }: RouteDependencies['gathered']) =>
  createMiddleware<ServiceEnv>(async (c, next) => {
    if (!isBehind() || c.req.path === READINESS) return next();
    requestsRefused.inc();
    return unavailableResponse(SERVING);
  });

const nameRequests = createMiddleware<ServiceEnv>(async (c, next) => {
  c.set('requestId', crypto.randomUUID());
  await next();
});

/** Logs one structured line for each request, with the route's pattern and never its values or its body. */
const requestLog = ({ logger }: ServiceDependencies) =>
  timeRequests<ServiceEnv>((c, { method, route, status }, seconds) => {
    const ms = Math.round(seconds * 1e6) / 1000;
    logger.info({ requestId: c.get('requestId'), method, path: route, status, ms });
  });

/** Sets strict security headers on every answer; the companion may connect to the services of its directory. */
const headers = (origins: readonly string[]) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      workerSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'", ...origins],
      manifestSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
    crossOriginOpenerPolicy: 'same-origin',
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
  });

/** Refuses bodies that are too long: by Content-Length where it is given, else by counting as they arrive. */
const smallBody = createMiddleware<ServiceEnv>(async (c, next) => {
  const length = c.req.header('Content-Length');
  if (length === undefined && c.req.method !== 'GET') return countedBody(c, next);
  if (Number(length ?? 0) > MAX_BODY_BYTES) throw new ProblemError('payload_too_large');
  return next();
});

const countedBody = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => refuse('payload_too_large') });

/** Admits an institution's bank, or its staff, by the bearer key. The same statement reads the token that the request names. */
const apiKey = (kind: ApiKeyKind, { gathered, limits, clock, trustedProxies }: RouteDependencies) =>
  createMiddleware<ServiceEnv>(async (c, next) => {
    const key = bearerKey(c.req.header('Authorization'));
    const admitted = key && (await gathered.admit({ keyHash: sha256(key), ...namedIn(c) }));
    if (!admitted) {
      // Only requests with a wrong key are limited: a right key from the same address gets in.
      if (key) takeAll([{ limit: limits.unknownKeys, key: sourceOf(c, trustedProxies) }], clock());
      throw new ProblemError('unauthorized');
    }
    const isAllowed = admitted.kind === kind;
    const written = isAllowed && c.req.method === 'POST' ? admitted.token?.id : undefined;
    // Staff have a limit of their own, so that they can stop a token while the bank floods.
    const takings = {
      bank: [
        { limit: limits.institution, key: admitted.institution },
        { limit: limits.token, key: written },
      ],
      staff: [{ limit: isOfImport(c) ? limits.imports : limits.staff, key: admitted.institution }],
    };
    takeAll(takings[admitted.kind], clock());
    if (!isAllowed) throw new ProblemError('key_not_allowed');
    if (c.req.method === 'POST' && !c.req.header('Idempotency-Key')) {
      throw new ProblemError('idempotency_key_missing');
    }
    c.set('institution', admitted.institution);
    c.set('token', admitted.token);
    c.set('confirmation', admitted.confirmation);
    await next();
  });

/** Requests of an import are many, and stop no customer: they have a limit of their own. */
const isOfImport = (c: Context<ServiceEnv>) => c.req.path.startsWith('/v1/staff/imports/');

/** Admits a token by its proof. */
const tokenProof = (dependencies: RouteDependencies) => {
  const origins = serviceOrigins(dependencies);
  return createMiddleware<ServiceEnv>(async (c, next) => {
    const purpose = {
      method: c.req.method,
      urls: origins.map((origin) => `${origin}${c.req.path}`),
      body: new TextEncoder().encode(await c.req.text()),
      confirmationId: namedIn(c).confirmationId,
      isForStrangers: FOR_STRANGERS.includes(c.req.path),
    };
    const proof = await checkProof(c.req.header('DPoP') ?? null, purpose, dependencies);
    c.set('proof', proof);
    c.set('token', proof.token);
    c.set('confirmation', proof.confirmation);
    await next();
  });
};

/** The parameters of the path, by the route that will answer the request. */
function namedIn(c: Context<ServiceEnv>) {
  const pattern =
    matchedRoutes(c)
      .find(({ path }) => path.includes(':'))
      ?.path.split('/') ?? [];
  const parts = c.req.path.split('/');
  // A schema makes an error of what is not there, which takes long.
  const part = <T>(name: string, schema: z.ZodType<T>) => {
    const place = pattern.indexOf(name);
    return place === -1 ? undefined : schema.safeParse(parts[place]).data;
  };
  return { userId: part(':userId', userIdSchema), confirmationId: part(':id', confirmationIdSchema) };
}

function refuse(code: 'payload_too_large'): never {
  throw new ProblemError(code);
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HTTPException) {
    if (error.status === 415) return new ProblemError('unsupported_media_type');
    if (error.status === 413) return new ProblemError('payload_too_large');
    if (error.status < 500) return new ProblemError('invalid_request', 'The body is not JSON');
  }
  return new ProblemError(isOutage(error) ? 'unavailable' : 'internal');
}
