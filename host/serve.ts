import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { readBodies } from './bodies.ts';
import type { Capacity } from './capacity.ts';
import { Connections } from './connections.ts';
import { requestsRefused, requestsUnderWay } from './metrics.ts';

/** Deadlines of a connection, in milliseconds. */
const DEADLINES = {
  headersTimeout: 10_000,
  /** For a whole request, with its body. */
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  /** Longer than the 60 seconds for which balancers keep an idle connection, so that they close it and not we. */
  keepAliveTimeout: 75_000,
} as const;

/** A connection without any traffic for this long is closed. */
const STILL_MS = 120_000;

/** Health checks. The first is answered here, the second has places of its own. */
const LIVENESS = '/healthz';
export const READINESS = '/readyz';
const READINESS_CHECKS = 16;

/**
 * Of a request that nothing was begun for: the node is full, or not open yet. A proxy may give it to another node, as it may not one
 * that was begun: its proof is used up, and a database that is behind would have it twice.
 */
const NOT_BEGUN = 502;
const UNAVAILABLE = 503;
type Unavailable = typeof NOT_BEGUN | typeof UNAVAILABLE;

const UNAVAILABLE_HEADERS = { 'Retry-After': '5', 'Cache-Control': 'no-store' } as const;

/** How an application is served. */
export interface Serving {
  readonly capacity: Pick<Capacity, 'connections' | 'requests' | 'bodyBytes'>;
  /** Most bytes of a request's body; a longer one is cut off one byte after, or left to the application. */
  readonly mostBodyBytes: number;
  /** Most milliseconds that a request may take, by its URL. */
  readonly answerWithinMs: (url: string) => number;
  /** The answer when there is no place or no time for a request. */
  readonly unavailable: { readonly type: string; readonly body: (status: Unavailable) => string };
}

export type Fetch = (request: Request, env: object) => Response | Promise<Response>;

export interface BoundedServers {
  readonly servers: readonly Server[];
  /** Until an application is given, all paths but `/healthz` are answered with "not begun". */
  serve(fetch: Fetch): void;
  /**
   * Goes on answering for that long, and says that it will not: it is not ready any more, and ends each connection with its
   * next answer. So whoever balances the nodes sends nothing new here when the servers are closed.
   */
  drain(ms: number): Promise<void>;
}

/** Servers that together keep to a node's capacity and answer every request in time. */
export function createBoundedServers(serving: Serving, count = 1): BoundedServers {
  const connections = new Connections(serving.capacity.connections);
  let application: Fetch = () => notBegunResponse(serving);
  const life = { draining: false };
  const listener = boundedListener(serving, connections, life, (request, env) => application(request, env));
  const servers = Array.from({ length: count }, () => {
    const server = createServer(DEADLINES, listener);
    server.setTimeout(STILL_MS);
    server.on('connection', (socket) => connections.opened(socket));
    return server;
  });
  return {
    servers,
    serve: (fetch) => {
      application = fetch;
    },
    drain: async (ms) => {
      life.draining = true;
      await wait(ms);
    },
  };
}

function boundedListener(
  serving: Serving,
  connections: Connections,
  life: { readonly draining: boolean },
  fetch: Fetch,
) {
  const { capacity, mostBodyBytes } = serving;
  const limits = { most: mostBodyBytes, total: capacity.bodyBytes };
  const bodies = readBodies(limits, () => connections.closeOne());
  const answer = getRequestListener(inTime(serving, fetch));
  let underWay = 0;
  const isFull = ({ url }: IncomingMessage) =>
    underWay >= capacity.requests + (url === READINESS ? READINESS_CHECKS : 0);

  const keepUntilAnswered = ({ socket }: IncomingMessage, outgoing: ServerResponse) => {
    connections.working(socket);
    outgoing.once('close', () => connections.answered(socket, outgoing.statusCode));
  };
  const refuse = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    requestsRefused.inc();
    keepUntilAnswered(incoming, outgoing);
    say(NOT_BEGUN, outgoing, serving);
  };

  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    if (life.draining) outgoing.shouldKeepAlive = false;
    if (incoming.url === LIVENESS && isLook(incoming)) return alive(outgoing);
    if (life.draining && incoming.url === READINESS) return say(UNAVAILABLE, outgoing, serving);
    if (isFull(incoming)) return refuse(incoming, outgoing);
    if (hasBody(incoming, mostBodyBytes)) {
      const body = await bodies.read(incoming);
      if (body === undefined) return;
      // The adapter looks here first, so nothing else reads the request.
      Object.assign(incoming, { rawBody: body });
      if (isFull(incoming)) return refuse(incoming, outgoing);
    }
    underWay += 1;
    requestsUnderWay.inc();
    keepUntilAnswered(incoming, outgoing);
    outgoing.once('close', () => {
      underWay -= 1;
      requestsUnderWay.dec();
    });
    await answer(incoming, outgoing);
  };
}

/**
 * Whether there is a body to wait for. One whose Content-Length is too long is left unread: the application refuses it, or reads
 * it once it knows who sends it.
 */
function hasBody({ headers }: IncomingMessage, most: number): boolean {
  const length = Number(headers['content-length'] ?? 0);
  return headers['transfer-encoding'] !== undefined || (length > 0 && length <= most);
}

/** The application's answer, or "unavailable" if it takes too long. */
function inTime(serving: Serving, fetch: Fetch): Fetch {
  return (request, env) => {
    const answer = fetch(request, env);
    if (!(answer instanceof Promise)) return answer;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        resolve(unavailableResponse(serving));
        // Nobody will read it: an event stream would stay open.
        answer.then(({ body }) => body?.cancel()).catch(() => undefined);
      }, serving.answerWithinMs(request.url));
      answer.then(resolve, reject).finally(() => clearTimeout(late));
    });
  };
}

type Refusing = Pick<Serving, 'unavailable'>;

export const unavailableResponse = (serving: Refusing) => refusal(UNAVAILABLE, serving);

/** For a request that another node may be given. */
export const notBegunResponse = (serving: Refusing) => refusal(NOT_BEGUN, serving);

function refusal(status: Unavailable, { unavailable: { type, body } }: Refusing): Response {
  return new Response(body(status), { status, headers: { ...UNAVAILABLE_HEADERS, 'Content-Type': type } });
}

/** Refuses a request before it is handled. The connection stays open, as closing it could lose the answer. */
function say(status: Unavailable, outgoing: ServerResponse, { unavailable: { type, body } }: Serving): void {
  const text = body(status);
  const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) };
  outgoing.writeHead(status, { ...UNAVAILABLE_HEADERS, ...headers }).end(text);
}

const isLook = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

function alive(outgoing: ServerResponse): void {
  const body = JSON.stringify({ status: 'ok' });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
  outgoing.writeHead(200, headers).end(body);
}
