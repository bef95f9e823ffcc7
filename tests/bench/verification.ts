import { type ActiveToken, ActiveTokens, stepOf } from './active-tokens.ts';
import { startBare } from './bare-process.ts';
import { type Connection, connections } from './http.ts';
import { load, pace } from './load.ts';
import { type Bench, type Figure, type Group, interleave, median, percentile } from './measure.ts';
import { type ProcessorTime, ProcessorTimes } from './processor-time.ts';
import { type Ground, newGround, type RunningService, startService, withDatabase } from './token-service.ts';

const CONNECTIONS = 16;
const PACED_CONNECTIONS = 64;
const TOKENS = 12_000;
const ROUNDS = 5;
const ROUND_MS = 3_000;
const MINUTE_MS = 60_000;

/** Accepted login codes over HTTP, against the bare conditional update. */
export const verification: Group = {
  name: 'verification',
  run: async (bench) => [
    ...(await verificationOn('PGlite', bench)),
    ...(await verificationOn('PostgreSQL', bench)),
  ],
};

async function verificationOn(kind: Ground['kind'], bench: Bench): Promise<Figure[]> {
  bench.progress(`verification on ${kind}: ${TOKENS} tokens`);
  const tokens = new ActiveTokens();
  const ground = await newGround(kind, bench);
  // One process owns a PGlite folder: the peer has one of its own there, and shares the server otherwise.
  const peerGround = kind === 'PGlite' ? await newGround(kind, bench) : ground;
  const ours = await withDatabase(ground, (db) => tokens.insert(db, TOKENS, 0));
  const theirs = await withDatabase(peerGround, (db) => tokens.insert(db, TOKENS, TOKENS));
  const service = await startService(ground, bench, { WARIFU_MASTER_KEY: tokens.masterKey });
  const verifier = new Verifier(service, tokens, ours);
  const open = await opened(service, CONNECTIONS, bench);
  const verify = async (ms: number) => load(open, ms, await verifier.next());
  const bare = await startBare(peerGround, bench);
  const ids = theirs.map(({ id }) => id);

  await verify(ROUND_MS / 3);
  let step = stepOf(Date.now());
  const clientCores: number[] = [];
  const times = { verified: new ProcessorTimes(), updated: new ProcessorTimes() };
  const rates = await interleave(ROUNDS, {
    verified: async () => {
      bench.progress(`verification on ${kind}`);
      const { perSecond, clientCore } = await times.verified.round(
        service.part.child.pid ?? 0,
        ground.processes,
        () => verify(ROUND_MS),
      );
      clientCores.push(clientCore);
      return perSecond;
    },
    updated: async () => {
      step += 1_000;
      const { perSecond } = await times.updated.round(bare.pid, peerGround.processes, () =>
        bare.run({ ms: ROUND_MS, concurrency: CONNECTIONS, ids, step }),
      );
      return perSecond;
    },
  });
  const perSecond = median(rates.verified);
  const many = await opened(service, PACED_CONNECTIONS, bench);
  const waits: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bench.progress(`half load on ${kind}`);
    waits.push(...(await pace(many, ROUND_MS, perSecond / 2, await verifier.next())));
  }
  const taken = { verified: times.verified.median(), updated: times.updated.median() };
  return [
    {
      name: `verification, ${kind}`,
      value: perSecond,
      unit: '/s',
      against: { name: 'bare update', value: median(rates.updated) },
      target: { atLeast: 0.4 },
      note: `the client used ${(median(clientCores) * 100).toFixed(0)} % of a core`,
    },
    {
      name: `processor time of a verification, ${kind}`,
      value: sumOf(taken.verified),
      unit: 'µs',
      against: { name: 'bare update', value: sumOf(taken.updated) },
      note: `with the database; without it ${rounded(taken.verified.process)} and ${rounded(taken.updated.process)}`,
    },
    {
      name: `99th percentile under half load, ${kind}`,
      value: percentile(waits, 0.99),
      unit: 'ms',
      against: { name: 'median', value: median(waits) },
      target: { atMost: 10 },
      note: `${waits.length} verifications, the slowest ${Math.max(...waits).toFixed(1)} ms`,
    },
  ];
}

const sumOf = (time: ProcessorTime) => time.process + time.database;
const rounded = (microseconds: number) => `${microseconds.toFixed(0)} µs`;

/** @returns verifies fresh codes for a time, at most one of each token */
export async function startVerifying(
  service: RunningService,
  tokens: ActiveTokens,
  ours: readonly ActiveToken[],
  bench: Bench,
) {
  const verifier = new Verifier(service, tokens, ours);
  const open = await opened(service, CONNECTIONS, bench);
  return async (ms: number) => load(open, ms, await verifier.next());
}

async function opened(service: RunningService, count: number, bench: Bench): Promise<Connection[]> {
  const open = await connections(service.port, count);
  bench.defer(() => {
    for (const connection of open) connection.close();
  });
  return open;
}

class Verifier {
  readonly #service: RunningService;
  readonly #tokens: ActiveTokens;
  readonly #ours: readonly ActiveToken[];
  #offset = 0;
  #requests = 0;

  constructor(service: RunningService, tokens: ActiveTokens, ours: readonly ActiveToken[]) {
    this.#service = service;
    this.#tokens = tokens;
    this.#ours = ours;
  }

  /** Moves the clock to where every token can be used again: two steps on, whatever step the last code was taken as. */
  async next(): Promise<(connection: Connection) => Promise<boolean>> {
    this.#offset += 2 * MINUTE_MS;
    await this.#service.moveClock(this.#offset);
    const body = JSON.stringify({ code: await this.#tokens.code(Date.now() + this.#offset) });
    const left = this.#ours.values();
    return async (connection) => {
      const { value: token } = left.next();
      if (token === undefined) return false;
      this.#requests += 1;
      const { apiKey, port } = this.#service;
      const headers = `Authorization: Bearer ${apiKey}\r\nIdempotency-Key: ${port}-${this.#requests}\r\n`;
      const answer = await connection.post(`/v1/tokens/${token.userId}/verify`, headers, body);
      if (!answer.body.startsWith('{"accepted":true'))
        throw new Error(`verify: ${answer.status} ${answer.body}`);
      return true;
    };
  }
}
