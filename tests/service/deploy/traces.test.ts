import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { startPart } from '../process.ts';

/** Traces arrive at an OTLP receiver where the environment names one. */

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const received: Export[] = [];
const receiver = createServer(async (incoming, outgoing) => {
  if (incoming.url === '/v1/traces') received.push((await json(incoming)) as Export);
  outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
});
let postgres: TestPostgres;
beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  postgres = await startPostgres();
});
afterAll(async () => {
  receiver.close();
  await postgres.stop();
});

/** Long enough that the times of a span do not contain it by chance. */
const PASSWORD = '97531864';

test('a request and its statements are one trace, which goes on from the caller, without values', async () => {
  const data = mkdtempSync(join(tmpdir(), 'warifu-traces-'));
  const port = await freePort();
  const service = await startPart('server/main.ts', {
    WARIFU_DATA: data,
    WARIFU_PORT: String(port),
    DATABASE_URL: postgres.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
  });
  const traceId = 'a'.repeat(32);
  const caller = 'b'.repeat(16);
  const headers = {
    Authorization: `Bearer ${readFileSync(join(data, 'api-keys', 'senpoku'), 'utf8').trim()}`,
    'Idempotency-Key': randomUUID(),
    'Content-Type': 'application/json',
    traceparent: `00-${traceId}-${caller}-01`,
  };
  const url = `http://127.0.0.1:${port}/v1/tokens`;
  const issued = await fetch(url, {
    method: 'POST',
    headers,
    body: JSON.stringify({ activationPassword: PASSWORD }),
  });
  const { userId } = (await issued.json()) as { userId: string };
  expect((await fetch(`${url}/${userId}`, { headers })).status).toBe(200);
  expect(await service.kill('SIGTERM')).toBe(0);

  const [resource] = received.flatMap(({ resourceSpans }) => resourceSpans);
  expect(resource?.resource.attributes).toContainEqual({
    key: 'service.name',
    value: { stringValue: 'warifu-token-service' },
  });
  const spans = received
    .flatMap(({ resourceSpans }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .filter((span) => span.traceId === traceId);
  const [issue, show] = ['POST /v1/tokens', 'GET /v1/tokens/:userId'].map((name) =>
    spans.find((span) => span.name === name),
  );
  expect([issue?.parentSpanId, show?.parentSpanId]).toEqual([caller, caller]);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === issue?.spanId).length).toBeGreaterThan(0);
  expect(JSON.stringify(received)).not.toContain(PASSWORD);
  expect(JSON.stringify(received)).not.toContain(userId);
});
