import type { Settings } from './settings.ts';

/** What a node takes at a time. It refuses more. */
export interface Capacity {
  /** All connections, busy or idle. */
  readonly connections: number;
  /** Requests that are read and not answered yet, including event streams and waiters. */
  readonly requests: number;
  /** Event streams. */
  readonly streams: number;
  /** Requests that wait for something to change. */
  readonly waiters: number;
  /** Bytes of bodies that have not arrived whole. */
  readonly bodyBytes: number;
}

/** What an idle Node takes outside the heap: its own code, buffers, thread stacks. */
const BESIDE_HEAP_MB = 96;

/** Heap that an idle part needs. */
const AT_REST_MB = 48;

/** Memory of one open request with its connection, as measured with event streams, rounded up. */
const HEAP_KB_PER_REQUEST = 28;
const BESIDE_KB_PER_REQUEST = 8;

/** Connections beyond the requests, so that there is always an idle one to close for a new one. */
const SPARE_CONNECTIONS = 256;
const HEAP_KB_PER_CONNECTION = 12;

/** Space of young objects. A larger one makes a busy node larger and not faster. */
const SEMI_SPACE_MB = 4;

/** Share of the requests that may wait. The rest is for requests that are answered at once. */
const WAITING_SHARE = 0.8;

/**
 * How much a node takes, by the memory that it is given and the heap that it was started with. The operator may set each
 * number lower, and none higher than the memory allows.
 * @throws Error with a message for the operator
 */
export function capacityOf(
  { memoryMb, most }: Pick<Settings, 'memoryMb' | 'most'>,
  heapLimitBytes: number,
): Capacity {
  const heapKb = heapLimitBytes / 1024 - AT_REST_MB * 1024 - SPARE_CONNECTIONS * HEAP_KB_PER_CONNECTION;
  const held = Math.min(requestsIn(memoryMb), Math.max(Math.floor(heapKb / HEAP_KB_PER_REQUEST), 1));
  const requests = lower('WARIFU_MAX_REQUESTS', most.requests, held);
  const waiting = Math.max(Math.floor(requests * WAITING_SHARE), 1);
  return {
    connections: lower('WARIFU_MAX_CONNECTIONS', most.connections, held + SPARE_CONNECTIONS),
    requests,
    streams: lower('WARIFU_MAX_STREAMS', most.streams, waiting),
    waiters: lower('WARIFU_MAX_WAITERS', most.waiters, waiting),
    bodyBytes: (memoryMb / 16) * 2 ** 20,
  };
}

/** Requests that fit into the memory beside an idle part. */
function requestsIn(memoryMb: number): number {
  const spare = SPARE_CONNECTIONS * (HEAP_KB_PER_CONNECTION + BESIDE_KB_PER_REQUEST);
  const kilobytes = (memoryMb - BESIDE_HEAP_MB - AT_REST_MB) * 1024 - spare;
  return Math.floor(kilobytes / (HEAP_KB_PER_REQUEST + BESIDE_KB_PER_REQUEST));
}

/**
 * Options of Node for a part that keeps its data in PostgreSQL: the size of heap from which its capacity is computed. The
 * built-in database would need more.
 */
export function nodeFlags(memoryMb: number, databaseUrl: string | undefined): string[] {
  const quiet = ['--disable-warning=ExperimentalWarning'];
  if (databaseUrl === undefined) return quiet;
  return [...quiet, `--max-old-space-size=${heapOf(memoryMb)}`, `--max-semi-space-size=${SEMI_SPACE_MB}`];
}

function heapOf(memoryMb: number): number {
  const kilobytes = requestsIn(memoryMb) * HEAP_KB_PER_REQUEST + SPARE_CONNECTIONS * HEAP_KB_PER_CONNECTION;
  return AT_REST_MB + Math.ceil(kilobytes / 1024);
}

function lower(name: string, set: number | undefined, most: number): number {
  if (set === undefined || set <= most) return set ?? most;
  throw new Error(`${name} must be a whole number from 1 to ${most}; for more, raise WARIFU_MEMORY_MB`);
}
