import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { eventsRequestSchema } from '../../core/api/confirmation.ts';
import type { RouteDependencies, ServiceEnv } from '../context.ts';
import { serviceOrigins } from '../institutions.ts';
import { jsonBody, problems } from '../openapi.ts';
import { checkProof } from '../proof.ts';

/** A comment this often keeps what lies between from closing the stream; then it is opened anew, with new proofs. */
const HEARTBEAT_MS = 15_000;
const OPEN_FOR_MS = 5 * 60_000;

const route = createRoute({
  method: 'post',
  path: '/v1/events',
  tags: ['token'],
  summary: 'Server-sent events: something changed for one of these tokens',
  request: { body: jsonBody(eventsRequestSchema) },
  responses: {
    200: { description: 'Events named `confirmations`', content: { 'text/event-stream': {} } },
    ...problems([400, 401, 413, 415, 503]),
  },
});

/** Tells tokens that look on at once; what changed they ask for with proofs of their own. */
export function eventRoutes(app: OpenAPIHono<ServiceEnv>, dependencies: RouteDependencies): void {
  const { wakes, stopping } = dependencies;

  app.openapi(route, async (c) => {
    const { proofs } = c.req.valid('json');
    const tokens = await tokensOf(dependencies, proofs);
    return streamSSE(c, async (stream) => {
      const over = AbortSignal.any([stopping, AbortSignal.timeout(OPEN_FOR_MS)]);
      const stops = tokens.map((id) =>
        wakes.on(id, () => {
          void stream.writeSSE({ event: 'confirmations', data: '' });
        }),
      );
      const beating = setInterval(() => void beat(stream), HEARTBEAT_MS);
      try {
        await beat(stream);
        await ended(stream, over);
      } finally {
        clearInterval(beating);
        for (const stop of stops) stop();
      }
    });
  });
}

const beat = (stream: SSEStreamingApi) => stream.write(':\n\n');

function ended(stream: SSEStreamingApi, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    stream.onAbort(resolve);
    over.addEventListener('abort', () => resolve());
    if (over.aborted) resolve();
  });
}

/** The tokens whose keys signed the proofs, each proof for this request. @throws ProblemError proof_invalid */
async function tokensOf(dependencies: RouteDependencies, proofs: readonly string[]): Promise<string[]> {
  const purpose = {
    method: 'POST',
    urls: serviceOrigins(dependencies).map((origin) => `${origin}/v1/events`),
    body: new Uint8Array(),
  };
  const tokens: string[] = [];
  for (const proof of proofs) {
    const { token } = await checkProof(proof, purpose, dependencies);
    if (token !== undefined) tokens.push(token.id);
  }
  return tokens;
}
