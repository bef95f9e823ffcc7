import type { PushMessage, PushSubscription } from '../../core/api/push.ts';
import type { ServiceDependencies } from '../context.ts';
import { answeredLater, type Channel, SEND_WITHIN_MS } from '../deliver.ts';
import { institutionOf } from '../institutions.ts';
import { openSealed } from '../master-key.ts';
import { forgetSubscription, noticeFor } from '../store/push.ts';
import type { EventRow } from '../store/schema.ts';
import { serviceNames, serviceOf } from './endpoint.ts';
import { encryptMessage, topicOf, vapid } from './message.ts';

/** Tells devices by Web Push (RFC 8030) that something waits, and never what. */
export const pushChannel = (dependencies: ServiceDependencies): Channel => ({
  name: 'push',
  wokenBy: 'pushes',
  targets: serviceNames(dependencies.push.services),
  send: (event) => sendNotice(dependencies, event),
});

/** What subscriptions are sealed for. */
export const sealedFor = (deviceId: string) => `push ${deviceId}`;

/**
 * Sends what is true now: what was decided or ended in the meantime is not told any more.
 * @throws Error if it has to be sent again
 */
async function sendNotice(dependencies: ServiceDependencies, event: EventRow): Promise<void> {
  const { db, clock, logger } = dependencies;
  const deviceId = event.device_id ?? '';
  const now = clock();
  const notice = await noticeFor(db, deviceId, new Date(now));
  if (notice === undefined) return;
  const ttlS = Math.floor((notice.until.getTime() - now) / 1000);
  if (ttlS < 1) return;
  const subscription = await openSubscription(dependencies, deviceId, notice.sealed);
  // The list may have become shorter since.
  if (serviceOf(subscription.endpoint, dependencies.push.services) === undefined) return;
  const { waiting, approvals } = notice;
  const message = { institution: event.institution, waiting, approvals };
  const response = await post(dependencies, subscription, message, {
    TTL: String(ttlS),
    Topic: topicOf(notice.tokenId),
  });
  await response.body?.cancel();
  if (response.ok) return;
  if (response.status === 404 || response.status === 410) {
    await forgetSubscription(db, deviceId, notice.sealed);
  } else if (response.status === 429 || response.status >= 500) {
    throw answeredLater(response, now);
  } else {
    logger.warn({ service: event.target, status: response.status }, 'push service refused a message');
  }
}

async function openSubscription({ masterKey }: ServiceDependencies, deviceId: string, sealed: Uint8Array) {
  const bytes = await openSealed(masterKey, new Uint8Array(sealed), sealedFor(deviceId));
  return JSON.parse(new TextDecoder().decode(bytes)) as PushSubscription;
}

async function post(
  dependencies: ServiceDependencies,
  { endpoint, keys }: PushSubscription,
  message: PushMessage,
  headers: { readonly TTL: string; readonly Topic: string },
): Promise<Response> {
  const { clock, push, randomBytes } = dependencies;
  const { serviceOrigin } = institutionOf(dependencies, message.institution);
  return fetch(endpoint, {
    method: 'POST',
    headers: {
      ...headers,
      Urgency: 'high',
      Authorization: await vapid(push.key, endpoint, serviceOrigin, clock()),
      'Content-Type': 'application/octet-stream',
      'Content-Encoding': 'aes128gcm',
    },
    body: encryptMessage(keys, message, randomBytes),
    redirect: 'manual',
    signal: AbortSignal.timeout(SEND_WITHIN_MS),
  });
}
