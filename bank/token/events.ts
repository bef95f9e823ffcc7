import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { errors as joseErrors, jwtVerify } from 'jose';
import {
  CONFIRMATION_EVENT,
  DEVICE_ADDED_EVENT,
  DEVICE_REMOVED_EVENT,
  type SecurityEvent,
  SUSPENSION_EVENT,
  securityEventSchema,
} from '../../core/api/confirmation.ts';
import { JWT_TYPES } from '../../core/api/token.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies, BankEnv } from '../context.ts';
import { sha256 } from '../keys.ts';
import { noteDecision } from '../request/decision.ts';
import { KINDS } from '../request/kinds.ts';
import { noteEvent } from '../store/security-events.ts';
import type { BankContext } from '../web/render.ts';
import { noteDevice } from './devices.ts';
import { noteSuspension } from './suspend.ts';

const MAX_EVENT_BYTES = 16 * 1024;

/** RFC 8935 §2.4. */
type SetError =
  | 'invalid_request'
  | 'invalid_key'
  | 'invalid_issuer'
  | 'invalid_audience'
  | 'authentication_failed';

/** Receives security event tokens from the token service (RFC 8935), under any host it uses for the bank. */
export function eventRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  const small = bodyLimit({
    maxSize: MAX_EVENT_BYTES,
    onError: (c) => refusal(c, 'invalid_request', 'too large', 413),
  });
  app.post('/events', small, async (c) => {
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/secevent+jwt')
      return refusal(c, 'invalid_request', 'not a security event token', 415);
    const judged = await checkEvent(dependencies, await c.req.text());
    if (judged.kind === 'unavailable') return c.body(null, 503);
    if (judged.kind === 'refused') {
      dependencies.logger.warn({ reason: judged.error }, 'refused security event');
      return refusal(c, judged.error, judged.description, 400);
    }
    await take(dependencies, judged);
    return c.body(null, 202);
  });
}

type Judged =
  | { readonly kind: 'event'; readonly institution: Institution; readonly event: SecurityEvent }
  | { readonly kind: 'refused'; readonly error: SetError; readonly description: string }
  /** The service's keys are not available now: the service must push the event again. */
  | { readonly kind: 'unavailable' };

async function checkEvent({ eventKeys, directory }: BankDependencies, token: string): Promise<Judged> {
  let payload: unknown;
  try {
    const verified = await jwtVerify(token, eventKeys, {
      algorithms: ['ES256'],
      typ: JWT_TYPES.securityEvent,
    });
    payload = verified.payload;
  } catch (error) {
    return eventProblem(error);
  }
  const event = securityEventSchema.safeParse(payload);
  if (!event.success) return refused('invalid_request', 'claims missing or malformed');
  const institution = directory.institutions.find(({ key }) => key === event.data.aud);
  if (institution === undefined) return refused('invalid_audience', 'not for an institution here');
  return event.data.iss === institution.serviceOrigin
    ? { kind: 'event', institution, event: event.data }
    : refused('invalid_issuer', 'not the service of this institution');
}

function eventProblem(error: unknown): Judged {
  if (error instanceof joseErrors.JWSSignatureVerificationFailed) {
    return refused('authentication_failed', 'the signature does not match');
  }
  if (error instanceof joseErrors.JWKSNoMatchingKey) return refused('invalid_key', 'the key is not known');
  const malformed =
    error instanceof joseErrors.JWSInvalid ||
    error instanceof joseErrors.JWTInvalid ||
    error instanceof joseErrors.JWTClaimValidationFailed ||
    error instanceof joseErrors.JWTExpired ||
    error instanceof joseErrors.JOSEAlgNotAllowed ||
    error instanceof joseErrors.JOSENotSupported;
  return malformed ? refused('invalid_request', 'not a security event token') : { kind: 'unavailable' };
}

const refused = (error: SetError, description: string): Judged => ({ kind: 'refused', error, description });

/** Saves what the event reports and that it was received; a repeated event changes nothing. */
async function take(
  dependencies: BankDependencies,
  { institution, event }: Extract<Judged, { kind: 'event' }>,
): Promise<void> {
  const { db, clock, logger, wakeOutbox } = dependencies;
  const { events, jti } = event;
  await db.transaction().execute(async (trx) => {
    if (!(await noteEvent(trx, sha256(`${event.iss} ${jti}`), clock()))) return;
    if (CONFIRMATION_EVENT in events) {
      const told = events[CONFIRMATION_EVENT];
      await noteDecision(dependencies, institution, KINDS[told.confirmation.transaction.type], told, trx);
    } else if (SUSPENSION_EVENT in events) {
      await noteSuspension(dependencies, institution, { ...events[SUSPENSION_EVENT], jti }, trx);
    } else if (DEVICE_ADDED_EVENT in events) {
      await noteDevice(
        dependencies,
        institution,
        { kind: 'device-added', ...events[DEVICE_ADDED_EVENT], jti },
        trx,
      );
    } else {
      const told = { kind: 'device-removed', ...events[DEVICE_REMOVED_EVENT], jti } as const;
      await noteDevice(dependencies, institution, told, trx);
    }
  });
  const [about] = Object.keys(events);
  const status = CONFIRMATION_EVENT in events ? events[CONFIRMATION_EVENT].confirmation.status : undefined;
  logger.info({ institution: institution.key, jti, about, status }, 'accepted security event');
  wakeOutbox();
}

function refusal(c: BankContext, err: SetError, description: string, status: 400 | 413 | 415): Response {
  return c.json({ err, description }, status);
}
