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
const MEMORY_MB = { usual: 208, least: 160, most: 16_384 } as const;

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
 * How much a node takes, by the memory it is given (`WARIFU_MEMORY_MB`) and the heap it was really started with. Each may be
 * set lower, none higher than the memory holds.
 * @throws Error with a message for the operator
 */
export function capacityOf(env: Environment, heapLimitBytes: number): Capacity {
  const memory = memoryOf(env);
  const heapKb = heapLimitBytes / 1024 - AT_REST_MB * 1024 - SPARE_CONNECTIONS * HEAP_KB_PER_CONNECTION;
  const held = Math.min(requestsIn(memory), Math.max(Math.floor(heapKb / HEAP_KB_PER_REQUEST), 1));
  const requests = setting(env, 'WARIFU_MAX_REQUESTS', held);
  const waiting = Math.max(Math.floor(requests * WAITING_SHARE), 1);
  return {
    connections: setting(env, 'WARIFU_MAX_CONNECTIONS', held + SPARE_CONNECTIONS),
    requests,
    streams: setting(env, 'WARIFU_MAX_STREAMS', waiting),
    waiters: setting(env, 'WARIFU_MAX_WAITERS', waiting),
    bodyBytes: (memory / 16) * 2 ** 20,
  };
}

/** Requests that fit into the memory beside what is there with nobody. */
function requestsIn(memory: number): number {
  const spare = SPARE_CONNECTIONS * (HEAP_KB_PER_CONNECTION + BESIDE_KB_PER_REQUEST);
  const kilobytes = (memory - BESIDE_HEAP_MB - AT_REST_MB) * 1024 - spare;
  return Math.floor(kilobytes / (HEAP_KB_PER_REQUEST + BESIDE_KB_PER_REQUEST));
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

function heapOf(memory: number): number {
  const kilobytes = requestsIn(memory) * HEAP_KB_PER_REQUEST + SPARE_CONNECTIONS * HEAP_KB_PER_CONNECTION;
  return AT_REST_MB + Math.ceil(kilobytes / 1024);
}

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
