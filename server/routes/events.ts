import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { eventsRequestSchema } from '../../core/api/confirmation.ts';
import { OutageError } from '../../core/errors.ts';
import { deadline } from '../../host/deadline.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { serviceOrigins } from '../institutions.ts';
import { rateLimited } from '../limits.ts';
import { jsonBody, problems } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { checkProof } from '../proof.ts';
import type { SigningDevice } from '../store/access.ts';
import { isRemoved } from '../store/devices.ts';
import { isUnbound } from '../token.ts';

/**
 * A comment this often keeps proxies from closing the stream; where the node hears of no changes, it says to look instead. After
 * its lifetime the client opens the stream again with new proofs.
 */
const HEARTBEAT_MS = 15_000;
const OPEN_FOR_MS = 5 * 60_000;

/** Most streams of one device at a node: a popup, some pages, and browsers that ended without closing theirs. */
const MOST_STREAMS = 8;

const route = createRoute({
  method: 'post',
  path: '/v1/events',
  tags: ['token'],
  summary: 'Server-sent events: something changed for one of these tokens',
  request: { body: jsonBody(eventsRequestSchema) },
  responses: {
    200: { description: 'Events named `confirmations`', content: { 'text/event-stream': {} } },
    ...problems([400, 401, 404, 413, 415, 429, 503]),
  },
});

/** Tells listening tokens at once that something changed. They ask with their own proofs what it is. */
export function eventRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { db, wakes, stopping, streams, unboundStreams } = dependencies;
  const open = new Map<string, number>();
  const count = (devices: readonly Listener[], change: 1 | -1) => {
    for (const { id } of devices) open.set(id, (open.get(id) ?? 0) + change);
    for (const { id } of devices) if (open.get(id) === 0) open.delete(id);
  };

  app.openapi(route, async (c) => {
    const { proofs } = c.req.valid('json');
    const devices = await devicesOf(dependencies, proofs);
    if (devices.length === 0) throw new ProblemError('token_unknown');
    if (devices.some(({ id }) => (open.get(id) ?? 0) >= MOST_STREAMS)) throw rateLimited(HEARTBEAT_MS);
    const giveBack = (devices.every((device) => device.isUnbound) ? unboundStreams : streams).take();
    if (giveBack === undefined) throw new OutageError('too many event streams');
    count(devices, 1);
    const response = streamSSE(c, async (stream) => {
      const tell = once(() => stream.writeSSE({ event: 'confirmations', data: '' }));
      const removed = new AbortController();
      const look = async (id: string) => {
        if (await isRemoved(db, id).catch(() => false)) removed.abort();
      };
      // Those that decide are not removed.
      const fillers = devices.filter(({ mayDecide }) => !mayDecide);
      const stops = [
        ...devices.map(({ tokenId }) => wakes.on(tokenId, () => void tell())),
        ...fillers.map(({ id }) => wakes.on(id, () => void look(id))),
      ];
      const beating = setInterval(() => void (wakes.hears() ? beat(stream) : tell()), HEARTBEAT_MS);
      try {
        await beat(stream);
        await ended(stream, [stopping, removed.signal]);
      } finally {
        clearInterval(beating);
        for (const stop of stops) stop();
        count(devices, -1);
        giveBack();
      }
    });
    response.headers.set('Cache-Control', 'no-store');
    return response;
  });
}

const beat = (stream: SSEStreamingApi) => stream.write(':\n\n');

/** Skips calls while the last one is still running, so that a slow listener is told once. */
function once(act: () => Promise<unknown>): () => Promise<void> {
  let underWay = false;
  return async () => {
    if (underWay) return;
    underWay = true;
    await act();
    underWay = false;
  };
}

/** Resolves when the client has gone, a signal is aborted, or the stream has reached its lifetime. */
function ended(stream: SSEStreamingApi, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const callOff = deadline(OPEN_FOR_MS, signals, () => resolve());
    const gone = () => {
      callOff();
      resolve();
    };
    stream.onAbort(gone);
    if (stream.aborted) gone();
  });
}

/** A listening device and its token. */
interface Listener extends Pick<SigningDevice, 'id' | 'mayDecide'> {
  readonly tokenId: string;
  readonly isUnbound: boolean;
}

/** The devices whose keys signed the proofs, each once. Every proof must be for this request. @throws ProblemError proof_invalid */
async function devicesOf(dependencies: RouteDependencies, proofs: readonly string[]): Promise<Listener[]> {
  const purpose = {
    method: 'POST',
    urls: serviceOrigins(dependencies).map((origin) => `${origin}/v1/events`),
    body: new Uint8Array(),
  };
  const devices = new Map<string, Listener>();
  for (const proof of proofs) {
    const { device, token } = await checkProof(proof, purpose, dependencies);
    if (device && token) {
      const { id, mayDecide } = device;
      devices.set(id, { id, mayDecide, tokenId: token.id, isUnbound: isUnbound(token) });
    }
  }
  return [...devices.values()];
}
