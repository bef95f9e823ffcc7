import type { Settings } from './settings.ts';

/** What a node takes at once; beyond it, it refuses. */
export interface Capacity {
  /** Connections, whatever happens on them. */
  readonly connections: number;
  /** Requests read and not answered, event streams and waiters among them. */
  readonly requests: number;
  /** Event streams. */
  readonly streams: number;
  /** Requests that wait for something to change. */
  readonly waiters: number;
  /** Bytes of bodies that have not arrived whole. */
  readonly bodyBytes: number;
}

/** What Node takes beside the heap of its scripts with nobody there: its own code, buffers, thread stacks. */
const BESIDE_HEAP_MB = 96;

/** What a part needs of its heap for its own work. */
const AT_REST_MB = 48;

/** What one request under way takes, with its connection; measured with event streams, with room. */
const HEAP_KB_PER_REQUEST = 28;
const BESIDE_KB_PER_REQUEST = 8;

/** Connections more than requests, so that one that asks nothing can always be closed for one that does. */
const SPARE_CONNECTIONS = 256;
const HEAP_KB_PER_CONNECTION = 12;

/** Young objects live in here; larger halves would not make a busy node faster, only larger. */
const SEMI_SPACE_MB = 4;

/** Of the requests, how many may be waiting: some are always left for those that are answered at once. */
const WAITING_SHARE = 0.8;

/**
 * How much a node takes, by the memory it is given and the heap it was really started with. Each may be set lower, none
 * higher than the memory holds.
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

/** Requests that fit into the memory beside what is there with nobody. */
function requestsIn(memoryMb: number): number {
  const spare = SPARE_CONNECTIONS * (HEAP_KB_PER_CONNECTION + BESIDE_KB_PER_REQUEST);
  const kilobytes = (memoryMb - BESIDE_HEAP_MB - AT_REST_MB) * 1024 - spare;
  return Math.floor(kilobytes / (HEAP_KB_PER_REQUEST + BESIDE_KB_PER_REQUEST));
}

/**
 * How Node is to run a part of the system that keeps its data in PostgreSQL: with a heap of the size that its capacity was
 * reckoned for. The built-in database needs room of its own.
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
