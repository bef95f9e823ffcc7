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

type Environment = Readonly<Record<string, string | undefined>>;

/** Memory a node is given where nothing is said, in MB, and the least and the most that makes sense. */
const MEMORY_MB = { usual: 192, least: 128, most: 16_384 } as const;

/** What Node takes beside the heap of its scripts: its own code, buffers, thread stacks. */
const BESIDE_HEAP_MB = 96;

/** What the service needs of its heap with nobody there. */
const AT_REST_MB = 32;

/** What a request under way, or a connection with half of one, holds of the heap at the most; both measured, with room. */
const KB_PER_REQUEST = 36;
const KB_PER_CONNECTION = 16;

/** Young objects live in here; larger halves would not make a busy node faster, only larger. */
const SEMI_SPACE_MB = 4;

/** Connections more than requests, so that one that asks nothing can always be closed for one that does. */
const SPARE_CONNECTIONS = 256;

/** Of the requests, how many may be waiting: some are always left for those that are answered at once. */
const WAITING_SHARE = 0.8;

/**
 * How much a node takes, by the memory it is given (`WARIFU_MEMORY_MB`) and the heap it was really started with. Each may be
 * set lower, none higher than the memory holds.
 * @throws Error with a message for the operator
 */
export function capacityOf(env: Environment, heapLimitBytes: number): Capacity {
  const memory = memoryOf(env);
  const heap = Math.min(heapOf(memory), Math.floor(heapLimitBytes / 2 ** 20));
  const kilobytes = Math.max(heap - AT_REST_MB, 16) * 1024;
  const requests = Math.floor(
    (kilobytes - SPARE_CONNECTIONS * KB_PER_CONNECTION) / (KB_PER_REQUEST + KB_PER_CONNECTION),
  );
  const waiting = Math.floor(requests * WAITING_SHARE);
  const streams = setting(env, 'WARIFU_MAX_STREAMS', waiting);
  return {
    connections: setting(env, 'WARIFU_MAX_CONNECTIONS', requests + SPARE_CONNECTIONS),
    requests: setting(env, 'WARIFU_MAX_REQUESTS', requests),
    streams,
    waiters: setting(env, 'WARIFU_MAX_WAITERS', waiting),
    bodyBytes: Math.floor(memory / 16) * 2 ** 20,
  };
}

/**
 * How Node is to run a part of the system that keeps its data in PostgreSQL: with a heap of the size that its capacity was
 * reckoned for. The built-in database needs room of its own.
 */
export function nodeFlags(env: Environment, database: string | undefined): string[] {
  const quiet = ['--disable-warning=ExperimentalWarning'];
  if (database === undefined) return quiet;
  return [
    ...quiet,
    `--max-old-space-size=${heapOf(memoryOf(env))}`,
    `--max-semi-space-size=${SEMI_SPACE_MB}`,
  ];
}

function memoryOf(env: Environment): number {
  return whole(env, 'WARIFU_MEMORY_MB', MEMORY_MB.usual, MEMORY_MB.least, MEMORY_MB.most);
}

const heapOf = (memory: number) => memory - BESIDE_HEAP_MB;

function setting(env: Environment, name: string, most: number): number {
  try {
    return whole(env, name, most, 1, most);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : ''}; for more, raise WARIFU_MEMORY_MB`);
  }
}

function whole(env: Environment, name: string, usual: number, least: number, most: number): number {
  const value = Number(env[name] ?? usual);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}`);
}
