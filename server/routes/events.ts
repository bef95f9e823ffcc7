import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { eventsRequestSchema } from '../../core/api/confirmation.ts';
import { OutageError } from '../../core/errors.ts';
import { deadline } from '../../host/deadline.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { serviceOrigins } from '../institutions.ts';
import { jsonBody, problems } from '../openapi.ts';
import { ProblemError } from '../problem.ts';
import { checkProof } from '../proof.ts';

/** A comment this often keeps what lies between from closing the stream; then it is opened anew, with new proofs. */
const HEARTBEAT_MS = 15_000;
const OPEN_FOR_MS = 5 * 60_000;

/** How many streams of one token a node holds: for a popup, pages and browsers that died without a word. */
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

/** Tells tokens that look on at once; what changed they ask for with proofs of their own. */
export function eventRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { wakes, stopping, streams } = dependencies;
  const open = new Map<string, number>();
  const count = (tokens: readonly string[], change: 1 | -1) => {
    for (const id of tokens) open.set(id, (open.get(id) ?? 0) + change);
    for (const id of tokens) if (open.get(id) === 0) open.delete(id);
  };

  app.openapi(route, async (c) => {
    const { proofs } = c.req.valid('json');
    const tokens = await tokensOf(dependencies, proofs);
    if (tokens.length === 0) throw new ProblemError('token_unknown');
    if (tokens.some((id) => (open.get(id) ?? 0) >= MOST_STREAMS)) throw new ProblemError('rate_limited');
    const giveBack = streams.take();
    if (giveBack === undefined) throw new OutageError('too many event streams');
    count(tokens, 1);
    const response = streamSSE(c, async (stream) => {
      const tell = once(() => stream.writeSSE({ event: 'confirmations', data: '' }));
      const stops = tokens.map((id) =>
        wakes.on(id, () => {
          void tell();
        }),
      );
      const beating = setInterval(() => void beat(stream), HEARTBEAT_MS);
      try {
        await beat(stream);
        await ended(stream, stopping);
      } finally {
        clearInterval(beating);
        for (const stop of stops) stop();
        count(tokens, -1);
        giveBack();
      }
    });
    response.headers.set('Cache-Control', 'no-store');
    return response;
  });
}

const beat = (stream: SSEStreamingApi) => stream.write(':\n\n');

/** Does nothing while it is still being done: what a listener is too slow to hear is said once. */
function once(act: () => Promise<unknown>): () => Promise<void> {
  let underWay = false;
  return async () => {
    if (underWay) return;
    underWay = true;
    await act();
    underWay = false;
  };
}

/** When nobody listens any more, the service stops, or the stream was open long enough. */
function ended(stream: SSEStreamingApi, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const callOff = deadline(OPEN_FOR_MS, [stopping], () => resolve());
    const gone = () => {
      callOff();
      resolve();
    };
    stream.onAbort(gone);
    if (stream.aborted) gone();
  });
}

/** The tokens whose keys signed the proofs, each once and each proof for this request. @throws ProblemError proof_invalid */
async function tokensOf(dependencies: RouteDependencies, proofs: readonly string[]): Promise<string[]> {
  const purpose = {
    method: 'POST',
    urls: serviceOrigins(dependencies).map((origin) => `${origin}/v1/events`),
    body: new Uint8Array(),
  };
  const tokens = new Set<string>();
  for (const proof of proofs) {
    const { token } = await checkProof(proof, purpose, dependencies);
    if (token !== undefined) tokens.add(token.id);
  }
  return [...tokens];
}
