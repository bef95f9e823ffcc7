import { type ActiveToken, ActiveTokens, stepOf } from './active-tokens.ts';
import { startBare } from './bare-process.ts';
import { type Connection, connections } from './http.ts';
import { load } from './load.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { type Ground, newGround, type RunningService, startService, withDatabase } from './token-service.ts';

const CONNECTIONS = 16;
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
  const verify = await startVerifying(service, tokens, ours, bench);
  const bareUpdates = await startBare(peerGround, bench);
  const ids = theirs.map(({ id }) => id);

  await verify(ROUND_MS / 3);
  let step = stepOf(Date.now());
  const clientCores: number[] = [];
  const taken = await interleave(ROUNDS, {
    verified: async () => {
      bench.progress(`verification on ${kind}`);
      const { perSecond, clientCore } = await verify(ROUND_MS);
      clientCores.push(clientCore);
      return perSecond;
    },
    updated: () => {
      step += 1_000;
      return bareUpdates({ ms: ROUND_MS, concurrency: CONNECTIONS, ids, step });
    },
  });
  return [
    {
      name: `verification, ${kind}`,
      value: median(taken.verified),
      unit: '/s',
      against: { name: 'bare update', value: median(taken.updated) },
      target: { atLeast: 0.4 },
      note: `the client used ${(median(clientCores) * 100).toFixed(0)} % of a core`,
    },
  ];
}

/** @returns verifies fresh codes for a time, at most one of each token */
export async function startVerifying(
  service: RunningService,
  tokens: ActiveTokens,
  ours: readonly ActiveToken[],
  bench: Bench,
) {
  const open = await connections(service.port, CONNECTIONS);
  bench.defer(() => {
    for (const connection of open) connection.close();
  });
  let offset = 0;
  let requests = 0;
  return async (ms: number) => {
    // Every token can be used again two steps later, whatever step the last code was taken as.
    offset += 2 * MINUTE_MS;
    await service.moveClock(offset);
    const body = JSON.stringify({ code: await tokens.code(Date.now() + offset) });
    const left = ours.values();
    return load(open, ms, async (connection: Connection) => {
      const { value: token } = left.next();
      if (token === undefined) return false;
      requests += 1;
      const headers = `Authorization: Bearer ${service.apiKey}\r\nIdempotency-Key: ${service.port}-${requests}\r\n`;
      const answer = await connection.post(`/v1/tokens/${token.userId}/verify`, headers, body);
      if (!answer.body.startsWith('{"accepted":true'))
        throw new Error(`verify: ${answer.status} ${answer.body}`);
      return true;
    });
  };
}
