import { SignJWT } from 'jose';
import { CONFIRMATION_EVENT, SUSPENSION_EVENT } from '../core/api/confirmation.ts';
import { JWT_TYPES } from '../core/api/token.ts';
import { places } from '../host/places.ts';
import { confirmationOfRow } from './confirmation.ts';
import type { ServiceDependencies } from './context.ts';
import { institutionOf } from './institutions.ts';
import { eventDelivered, takeEvents } from './store/events.ts';
import type { EventRow } from './store/schema.ts';
import { currentToken } from './store/tokens.ts';
import { waitFor } from './wait.ts';

const TIMEOUT_MS = 5_000;
const MOST_AT_ONCE = 20;
/** How long one wait lasts before the next begins. Due events are looked for every few seconds all the while. */
const AN_HOUR_MS = 60 * 60_000;

/**
 * Pushes events to the banks (RFC 8935) until the service stops, and repeats each event until the bank takes it. Every
 * bank has its own loop, so that a bank that is down delays no other.
 * @param urls URLs to which events are sent, by the institution's key
 * @returns when the last attempts are over
 */
export async function deliverEvents(
  dependencies: ServiceDependencies,
  urls: ReadonlyMap<string, string>,
): Promise<void> {
  await Promise.all([...urls].map(([institution, url]) => deliverTo(dependencies, institution, url)));
}

async function deliverTo(dependencies: ServiceDependencies, institution: string, url: string): Promise<void> {
  const { stopping, logger } = dependencies;
  const deliverAll = async () => {
    try {
      while (!stopping.aborted && (await deliverDue(dependencies, institution, url)) === MOST_AT_ONCE);
    } catch (error) {
      logger.warn(
        { error: error instanceof Error ? error.name : '' },
        'could not read events from the database; will retry',
      );
    }
    return undefined;
  };
  const waiting = { ...dependencies, waiters: places(1) };
  while (!stopping.aborted) await waitFor(deliverAll, 'events', AN_HOUR_MS, stopping, waiting);
}

/** Tries what is due now for an institution. @returns how many were tried */
export async function deliverDue(
  dependencies: ServiceDependencies,
  institution: string,
  url: string,
): Promise<number> {
  const { db, clock } = dependencies;
  const events = await takeEvents(db, institution, new Date(clock()), MOST_AT_ONCE);
  await Promise.all(events.map((event) => deliver(dependencies, url, event)));
  return events.length;
}

async function deliver(dependencies: ServiceDependencies, url: string, event: EventRow): Promise<void> {
  const { db, clock, logger } = dependencies;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/secevent+jwt', Accept: 'application/json' },
      body: await securityEvent(dependencies, event),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    await eventDelivered(db, event.id, new Date(clock()));
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    logger.warn(
      { institution: event.institution, attempts: event.attempts, reason },
      'could not deliver event to the bank; will retry',
    );
  }
}

/** A security event token (RFC 8417). */
async function securityEvent(dependencies: ServiceDependencies, event: EventRow): Promise<string> {
  const { clock, signingKey } = dependencies;
  const events =
    event.confirmation_id === null
      ? await suspensionEvent(dependencies, event)
      : await confirmationEvent(dependencies, event.confirmation_id);
  return new SignJWT({ events })
    .setProtectedHeader({ alg: 'ES256', typ: JWT_TYPES.securityEvent, kid: signingKey.kid })
    .setIssuer(institutionOf(dependencies, event.institution).serviceOrigin)
    .setAudience(event.institution)
    .setJti(event.id)
    .setIssuedAt(Math.floor(clock() / 1000))
    .sign(signingKey.privateKey);
}

/** The confirmation as it is now. */
async function confirmationEvent({ db, clock }: ServiceDependencies, id: string) {
  const row = await db
    .selectFrom('confirmations')
    .innerJoin('tokens', 'tokens.id', 'confirmations.token_id')
    .selectAll('confirmations')
    .select('tokens.user_id')
    .where('confirmations.id', '=', id)
    .executeTakeFirstOrThrow();
  const { user_id: userId, ...confirmation } = row;
  return { [CONFIRMATION_EVENT]: { userId, confirmation: confirmationOfRow(confirmation, clock()) } };
}

/** The event that the customer suspended the token, also if its status has changed since. */
async function suspensionEvent({ db }: ServiceDependencies, { token_id, created_at }: EventRow) {
  const { user_id: userId } = await currentToken(db, { id: token_id ?? '' });
  return { [SUSPENSION_EVENT]: { userId, suspendedAt: created_at.toISOString() } };
}
