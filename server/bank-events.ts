import { SignJWT } from 'jose';
import {
  CONFIRMATION_EVENT,
  DEVICE_ADDED_EVENT,
  DEVICE_REMOVED_EVENT,
  SUSPENSION_EVENT,
} from '../core/api/confirmation.ts';
import { JWT_TYPES } from '../core/api/token.ts';
import { confirmationOfRow } from './confirmation.ts';
import type { ServiceDependencies } from './context.ts';
import { answeredLater, type Channel, SEND_WITHIN_MS } from './deliver.ts';
import { institutionOf } from './institutions.ts';
import { findDevice } from './store/devices.ts';
import type { BANK_CHANNELS, EventRow } from './store/schema.ts';
import { currentToken } from './store/tokens.ts';
import { descriptionOf } from './token-device.ts';

type BankChannel = (typeof BANK_CHANNELS)[number];

const WOKEN_BY: Readonly<Record<BankChannel, string>> = { bank: 'events', devices: 'device-events' };

/**
 * Pushes events to the banks (RFC 8935), each until the bank takes it.
 * @param urls URLs to which events are sent, by the institution's key
 */
export const bankChannel = (
  name: BankChannel,
  dependencies: ServiceDependencies,
  urls: ReadonlyMap<string, string>,
): Channel => ({
  name,
  wokenBy: WOKEN_BY[name],
  targets: [...urls.keys()],
  send: async (event) => {
    const response = await fetch(urls.get(event.target) ?? '', {
      method: 'POST',
      headers: { 'Content-Type': 'application/secevent+jwt', Accept: 'application/json' },
      body: await securityEvent(dependencies, event),
      redirect: 'error',
      signal: AbortSignal.timeout(SEND_WITHIN_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw answeredLater(response, dependencies.clock());
  },
});

/** A security event token (RFC 8417). */
async function securityEvent(dependencies: ServiceDependencies, event: EventRow): Promise<string> {
  const { clock, signingKey } = dependencies;
  const events = await claimOf(dependencies, event);
  return new SignJWT({ events })
    .setProtectedHeader({ alg: 'ES256', typ: JWT_TYPES.securityEvent, kid: signingKey.kid })
    .setIssuer(institutionOf(dependencies, event.institution).serviceOrigin)
    .setAudience(event.institution)
    .setJti(event.id)
    .setIssuedAt(Math.floor(clock() / 1000))
    .sign(signingKey.privateKey);
}

function claimOf(dependencies: ServiceDependencies, event: EventRow) {
  if (event.confirmation_id !== null) return confirmationEvent(dependencies, event.confirmation_id);
  return event.kind === null
    ? suspensionEvent(dependencies, event)
    : deviceEvent(dependencies, event, event.kind);
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

const DEVICE_EVENTS = {
  'device-added': DEVICE_ADDED_EVENT,
  'device-removed': DEVICE_REMOVED_EVENT,
} as const;

/** What happened to a device. */
async function deviceEvent(
  { db }: ServiceDependencies,
  { token_id, device_id, created_at }: EventRow,
  kind: NonNullable<EventRow['kind']>,
) {
  const { id, user_id: userId } = await currentToken(db, { id: token_id ?? '' });
  const device = await findDevice(db, id, device_id ?? '');
  if (device === undefined) throw new Error('device disappeared from the database');
  return { [DEVICE_EVENTS[kind]]: { userId, device: descriptionOf(device), at: created_at.toISOString() } };
}
