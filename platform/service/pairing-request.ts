import type { Refused } from '../../core/vault/pairing.ts';
import { type RequestPorts, sendByToken, type TokenRequest } from './token-request.ts';

/** Longest pause of a request that waits for the other device. */
export const WAIT_S = 20;

export const refused = (reason: Refused['reason']): Refused => ({ kind: 'refused', reason });

export type Answered = { readonly kind: 'answered'; readonly answer: unknown; readonly proof: string };

/** Sends a request of a pairing, and says in its words why there is no answer. */
export async function sendForPairing(
  ports: RequestPorts,
  request: TokenRequest,
): Promise<Answered | Refused> {
  const reply = await sendByToken(ports, request);
  if (reply.kind === 'answered') return reply;
  return refused(reply.kind === 'unreachable' ? 'unreachable' : reasonOf(reply.status));
}

function reasonOf(status: number): Refused['reason'] {
  switch (status) {
    case 401:
      return 'clock';
    case 404:
      return 'unknown';
    case 403:
    case 409:
      return 'token';
    case 429:
      return 'too-often';
    default:
      return status >= 500 ? 'unavailable' : 'untrusted';
  }
}
