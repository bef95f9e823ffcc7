import { createServer } from 'node:http';
import type { Context, Env } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { until } from './deadline.ts';
import { closeServers, listen } from './listen.ts';
import { tracer } from './traces.ts';
import type { EndedRequest } from './tracing.ts';

/** The metrics of this process. */
export const registry = new Registry();

/**
 * What service and bank tell Prometheus of themselves. Labels are names of routes, institutions, outcomes and chores; never
 * values of a request. docs/WATCH.md says what each alert on them means.
 */
const requestSeconds = new Histogram({
  registers: [registry],
  name: 'warifu_request_duration_seconds',
  help: 'Time until a request was answered, by the pattern of its route. A wait that the client asked for is in it.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30],
});

/** Without labels, so that it is there before the first: of a series that begins with an event, Prometheus sees no increase by it. */
const requestsFailed = new Counter({
  registers: [registry],
  name: 'warifu_requests_failed_total',
  help: 'Requests answered with 500',
});

export const requestsUnderWay = new Gauge({
  registers: [registry],
  name: 'warifu_requests_under_way',
  help: 'Requests that are read and not answered yet, with event streams and waiters',
});

export const requestsRefused = new Counter({
  registers: [registry],
  name: 'warifu_requests_refused_total',
  help: 'Requests refused because the node, or their share of it, was full, or because it was behind',
});

export const connectionsOpen = new Gauge({
  registers: [registry],
  name: 'warifu_connections_open',
  help: 'Connections of clients, busy or idle',
});

export const choreEnded = new Gauge({
  registers: [registry],
  name: 'warifu_chore_last_success_timestamp_seconds',
  help: 'When background work last ended without an error, or was begun with',
  labelNames: ['chore'],
});

export const choreInterval = new Gauge({
  registers: [registry],
  name: 'warifu_chore_interval_seconds',
  help: 'How often background work is done',
  labelNames: ['chore'],
});

export const choreFailures = new Counter({
  registers: [registry],
  name: 'warifu_chore_failures_total',
  help: 'Rounds of background work that failed; the next round tries again',
  labelNames: ['chore'],
});

const databaseUp = new Gauge({
  registers: [registry],
  name: 'warifu_database_up',
  help: '1 if the database answered the readings of this scrape in time, else 0',
  labelNames: ['database'],
});

export const outboxWaiting = new Gauge({
  registers: [registry],
  name: 'warifu_outbox_waiting',
  help: 'Messages that are not delivered yet',
  labelNames: ['outbox', 'database'],
});

export const outboxOldest = new Gauge({
  registers: [registry],
  name: 'warifu_outbox_oldest_seconds',
  help: 'Age of the oldest message that is not delivered yet; 0 if there is none',
  labelNames: ['outbox', 'database'],
});

export const auditUnlinked = new Gauge({
  registers: [registry],
  name: 'warifu_audit_unlinked_seconds',
  help: 'Age of the oldest audit entry that is in no chain yet; 0 if there is none',
  labelNames: ['database'],
});

export const keyAge = new Gauge({
  registers: [registry],
  name: 'warifu_key_age_seconds',
  help: 'Age of the keys in use',
  labelNames: ['kind', 'institution'],
});

/** Longer than any reading takes on a healthy database, and shorter than Prometheus waits. */
const READ_WITHIN_MS = 2_000;

/** Times requests, and traces them where that is asked for. @param told is told of each, and its seconds */
export const timeRequests = <E extends Env>(
  told?: (c: Context<E>, request: EndedRequest, seconds: number) => void,
) =>
  createMiddleware<E>(async (c, next) => {
    const stop = requestSeconds.startTimer();
    const handle = async () => {
      await next();
      return { method: c.req.method, route: routeOf(c), status: c.res.status };
    };
    const ended = (request: EndedRequest) => {
      if (request.status === 500) requestsFailed.inc();
      told?.(c, request, stop(request));
    };
    const traces = tracer();
    if (traces === undefined) return ended(await handle());
    await traces.request(c.req.raw.headers, async () => {
      const request = await handle();
      ended(request);
      return request;
    });
  });

/** The pattern of the last route that a request matches; of those for everything only where there is no other. */
function routeOf(c: Context): string {
  const patterns = matchedRoutes(c).map(({ path }) => path);
  return patterns.findLast((pattern) => !pattern.endsWith('*')) ?? patterns.at(-1) ?? '';
}

/** Names the database that a value is of; nothing where there is only one. */
export type DatabaseLabels = Readonly<Partial<Record<'database', string>>>;

/** A database that is asked for gauges at each scrape. */
export interface MeasuredDatabase {
  readonly labels: DatabaseLabels;
  read(): Promise<unknown>;
}

export interface MetricsServer {
  close(): Promise<void>;
}

/**
 * Serves `/metrics` on a port of its own, so that a flood of customers does not hide what it does, and no proxy before the
 * customers' port shows it.
 * @param port undefined: nothing is served
 */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number | undefined },
  databases: readonly MeasuredDatabase[],
): Promise<MetricsServer> {
  if (port === undefined) return { close: async () => {} };
  collectDefaultMetrics({ register: registry });
  const server = createServer(async ({ url, method }, outgoing) => {
    if (url !== '/metrics' || method !== 'GET') {
      outgoing.writeHead(404).end();
      return;
    }
    await Promise.all(
      databases.map(async ({ labels, read }) => databaseUp.set(labels, (await isInTime(read)) ? 1 : 0)),
    );
    outgoing.writeHead(200, { 'Content-Type': registry.contentType }).end(await registry.metrics());
  });
  await listen(server, host, port);
  return { close: () => closeServers([server]) };
}

async function isInTime(read: () => Promise<unknown>): Promise<boolean> {
  const limit = until(READ_WITHIN_MS);
  try {
    const late = new Promise((_resolve, reject) => limit.signal.addEventListener('abort', reject));
    await Promise.race([read(), late]);
    return true;
  } catch {
    return false;
  } finally {
    limit.end();
  }
}
