import { type PushSubscription, pushKeySchema } from '../../core/api/push.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { institutionByKey } from '../directory.ts';
import type { TokenKeyring } from '../storage/token-keys.ts';
import { type RequestPorts, sendByToken } from './token-request.ts';

const TIMEOUT_MS = 10_000;

export interface SubscriberPorts extends RequestPorts {
  readonly keys: Pick<TokenKeyring, 'signing'>;
  /** Of the one service whose key the browser's subscription is made with. */
  readonly serviceOrigin: string;
}

export interface PushSubscriber {
  /** @returns undefined where the service pushes nothing, or does not answer */
  key(): Promise<string | undefined>;
  /** Has a token's device told there. Rejects only with `VaultError`. @returns false if it should be tried again */
  subscribe(token: TokenSummary, subscription: PushSubscription): Promise<boolean>;
  unsubscribe(token: TokenSummary): Promise<boolean>;
}

/** Subscriptions of this browser's tokens to Web Push. Tokens of other services are told nothing. */
export function createPushSubscriber(ports: SubscriberPorts): PushSubscriber {
  const { serviceOrigin } = ports;

  async function send(token: TokenSummary, method: 'PUT' | 'DELETE', body?: PushSubscription) {
    const institution = institutionByKey(token.institution);
    if (institution?.serviceOrigin !== serviceOrigin) return true;
    const keys = await ports.keys.signing(token.id);
    const sent = { institution, keys, method, path: '/v1/token/push', ...(body && { body }) };
    const reply = await sendByToken(ports, sent);
    // 404: the service has forgotten the token, of which there is nothing to tell.
    return reply.kind === 'answered' || (reply.kind === 'refused' && reply.status === 404);
  }

  return {
    async key() {
      try {
        const response = await fetch(`${serviceOrigin}/v1/push-key`, {
          credentials: 'omit',
          cache: 'no-store',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        return response.ok ? pushKeySchema.parse(await response.json()).key : undefined;
      } catch {
        return undefined;
      }
    },
    subscribe: (token, subscription) => send(token, 'PUT', subscription),
    unsubscribe: (token) => send(token, 'DELETE'),
  };
}
