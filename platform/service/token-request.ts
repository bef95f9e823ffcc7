import type { Clock } from '../../core/clock.ts';
import type { PinnedInstitution } from '../../core/institution/directory.ts';
import type { ClockKeeper } from '../../core/vault/clock.ts';
import { type ClockOffset, correctedTime } from '../../core/vault/clock.ts';
import { isCurrentUnwatched } from '../../core/vault/clock-measurement.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import { makeProof, type ProofInput } from './proof.ts';

const TIMEOUT_MS = 10_000;

/** A request of one token to its service. */
export interface TokenRequest {
  readonly institution: PinnedInstitution;
  readonly keys: CryptoKeyPair;
  readonly method: ProofInput['method'];
  readonly path: string;
  readonly body?: object;
  /** Waits at the service for a change: seconds, and the status that is known already. */
  readonly wait?: { readonly seconds: number; readonly seen?: string };
}

/**
 * `proof` is the `jti` that a signed answer must name; `code` what a problem document says (`core/errors.ts`), `retryAfterMs` what
 * `Retry-After` does. Nobody signs these two.
 */
export type TokenReply =
  | { readonly kind: 'answered'; readonly answer: unknown; readonly proof: string }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code?: string | undefined;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'unreachable' };

export interface ClockPorts {
  readonly clock: Clock;
  readonly clockKeeper: ClockKeeper;
}

export interface RequestPorts extends ClockPorts {
  readonly randomBytes: RandomBytes;
}

/** The service's time, measured unless there is a recent measurement; undefined if the service does not answer. */
export async function serviceTime(
  ports: ClockPorts,
  institution: string,
  remeasure = false,
): Promise<number | undefined> {
  const offset = await currentOffset(ports, institution, remeasure);
  return offset && correctedTime(ports.clock(), offset);
}

/** A valid measurement of the clock; undefined if there is none and the service does not answer. */
export async function currentOffset(
  { clock, clockKeeper }: ClockPorts,
  institution: string,
  remeasure: boolean,
): Promise<ClockOffset | undefined> {
  const kept = await clockKeeper.offset(institution);
  const current = kept && !remeasure && isCurrentUnwatched(kept, clock());
  return current ? kept : clockKeeper.measure(institution);
}

/**
 * Sends a request with a proof. If the proof is refused, it measures the clock again, which may have been set since, and sends
 * the request once more. Rejects only with `VaultError`.
 */
export async function sendByToken(ports: RequestPorts, request: TokenRequest): Promise<TokenReply> {
  const reply = await sendOnce(ports, request, false);
  return reply.kind === 'refused' && reply.status === 401 ? sendOnce(ports, request, true) : reply;
}

async function sendOnce(ports: RequestPorts, request: TokenRequest, remeasure: boolean): Promise<TokenReply> {
  const timeMs = await serviceTime(ports, request.institution.key, remeasure);
  if (timeMs === undefined) return { kind: 'unreachable' };
  const patience = TIMEOUT_MS + (request.wait?.seconds ?? 0) * 1000;
  return sendProven(request, timeMs, ports.randomBytes, AbortSignal.timeout(patience));
}

/** Sends a request with a proof for a moment of the service's time. Rejects if the key cannot sign. */
export async function sendProven(
  { institution, keys, method, path, body, wait }: TokenRequest,
  timeMs: number,
  randomBytes: RandomBytes,
  signal: AbortSignal,
): Promise<TokenReply> {
  const url = `${institution.serviceOrigin}${path}`;
  const sent = body === undefined ? '' : JSON.stringify(body);
  const proof = await makeProof(keys, { method, url, body: sent, timeMs }, randomBytes);
  try {
    const response = await fetch(wait ? `${url}?${queryOf(wait)}` : url, {
      method,
      headers: { DPoP: proof.jws, ...(body && { 'Content-Type': 'application/json' }) },
      body: body ? sent : null,
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
    if (!response.ok) {
      const { status } = response;
      return { kind: 'refused', status, code: await codeOf(response), retryAfterMs: retryAfterMs(response) };
    }
    const answer: unknown = response.status === 204 ? undefined : await response.json();
    return { kind: 'answered', answer, proof: proof.jti };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** A proof is for the URL without it (RFC 9449 §4.2). */
const queryOf = ({ seconds, seen }: NonNullable<TokenRequest['wait']>) =>
  new URLSearchParams({ wait: String(seconds), ...(seen !== undefined && { seen }) });

/** Whether the same request can be sent again, as the service is out of order or asks to wait. Other answers are final. */
export function refusalOf(status: number): 'clock' | 'unreachable' | 'gone' {
  if (status === 401) return 'clock';
  return status >= 500 || status === 429 ? 'unreachable' : 'gone';
}

/** The service says it in seconds; 0 where it does not. */
function retryAfterMs({ headers }: Response): number {
  const seconds = headers.get('Retry-After') ?? '';
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : 0;
}

async function codeOf(response: Response): Promise<string | undefined> {
  const problem: unknown = await response.json().catch(() => undefined);
  return isProblem(problem) ? problem.code : undefined;
}

const isProblem = (problem: unknown): problem is { readonly code: string } =>
  typeof problem === 'object' && problem !== null && typeof Reflect.get(problem, 'code') === 'string';
