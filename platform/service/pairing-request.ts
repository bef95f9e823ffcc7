import type { Pairing } from '../../core/api/pairing.ts';
import type { Clock } from '../../core/clock.ts';
import type { Refused } from '../../core/vault/pairing.ts';
import { type RequestPorts, sendByToken, type TokenRequest } from './token-request.ts';

/** Longest pause of a request that waits for the other device. */
export const WAIT_S = 20;

export const refused = (reason: Refused['reason']): Refused => ({ kind: 'refused', reason });

export interface PairerPorts extends RequestPorts {
  pause(ms: number): Promise<void>;
}

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

const PAUSE_MS = 1_000;

/**
 * Makes a request of a pairing again while it is not answered: a network that is gone for a moment ends nothing.
 * @param over device time at which the pairing ends
 */
export async function askThroughGaps<T extends object>(
  { clock, pause }: PairerPorts,
  { over, signal }: { readonly over: number; readonly signal: AbortSignal },
  ask: () => Promise<T | Refused>,
): Promise<T | Refused> {
  for (;;) {
    const heard = await ask();
    const isGap = 'reason' in heard && (heard.reason === 'unreachable' || heard.reason === 'unavailable');
    if (!isGap || clock() >= over) return heard;
    await pause(PAUSE_MS);
    if (signal.aborted) return refused('refused');
  }
}

/** Device time at which a pairing ends. */
export const overAt = (clock: Clock, { expiresAt, now }: Pick<Pairing, 'expiresAt' | 'now'>): number =>
  clock() + Date.parse(expiresAt) - now;

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
