import type { Confirmation } from '../../core/api/confirmation.ts';
import { canonicalText } from '../../core/transaction/details.ts';
import { createTestToken, type TestToken } from '../service/test-token.ts';
import { type ActiveToken, ActiveTokens, INSTITUTION_KEY } from './active-tokens.ts';
import { startBare } from './bare-process.ts';
import { type Connection, connections, good } from './http.ts';
import { timed } from './load.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { type Ground, newGround, type RunningService, startService, withDatabase } from './token-service.ts';
import { TRANSFER } from './transfer.ts';

const CONNECTIONS = 16;
const TOKENS = 800;
const ROUNDS = 5;
const BARE_MS = 1_500;

/** Three writes make a confirmation: the question, the decision, the use. */
const WRITES = 3;

/** Whole confirmations over HTTP, against as many bare transactions: an update and a line in the audit each. */
export const confirmation: Group = {
  name: 'confirmation',
  run: async (bench) => [
    ...(await confirmationsOn('PGlite', bench)),
    ...(await confirmationsOn('PostgreSQL', bench)),
  ],
};

async function confirmationsOn(kind: Ground['kind'], bench: Bench): Promise<Figure[]> {
  bench.progress(`confirmations on ${kind}: ${TOKENS} tokens`);
  const tokens = new ActiveTokens();
  const keys = await Promise.all(Array.from({ length: TOKENS }, createTestToken));
  const jkts = keys.map(({ jkt }) => jkt);
  const ground = await newGround(kind, bench);
  const peerGround = kind === 'PGlite' ? await newGround(kind, bench) : ground;
  const rows = await withDatabase(ground, (db) => tokens.insert(db, TOKENS, 0, jkts));
  const theirs = await withDatabase(peerGround, (db) => tokens.insert(db, TOKENS, TOKENS));
  const service = await startService(ground, bench, { WARIFU_MASTER_KEY: tokens.masterKey });
  const bare = await startBare(peerGround, bench);
  const confirm = await startConfirming(service, rows, keys, bench);
  const ids = theirs.map(({ id }) => id);

  await confirm();
  let step = 1;
  const phases: PhaseTimes[] = [];
  const taken = await interleave(ROUNDS, {
    confirmed: async () => {
      bench.progress(`confirmations on ${kind}`);
      const times = await confirm();
      phases.push(times);
      return (TOKENS * 1000) / (times.asked + times.decided + times.used);
    },
    bare: async () => {
      step += 1_000_000;
      const round = { ms: BARE_MS, concurrency: CONNECTIONS, ids, step, audited: true };
      return (await bare.run(round)).perSecond / WRITES;
    },
  });
  const rate = (phase: keyof PhaseTimes) =>
    Math.round((TOKENS * 1000) / median(phases.map((times) => times[phase])));
  return [
    {
      name: `confirmations, ${kind}`,
      value: median(taken.confirmed),
      unit: '/s',
      against: { name: `${WRITES} bare transactions`, value: median(taken.bare) },
      target: { atLeast: 0.3 },
      note: `asked ${rate('asked')}/s, decided ${rate('decided')}/s, used ${rate('used')}/s`,
    },
  ];
}

/** How long each phase took for all tokens, in milliseconds. */
interface PhaseTimes {
  readonly asked: number;
  readonly decided: number;
  readonly used: number;
}

/** @returns one confirmation of every token, phase by phase; signing happens between phases, unmeasured */
async function startConfirming(
  { port, apiKey }: RunningService,
  rows: readonly ActiveToken[],
  keys: readonly TestToken[],
  bench: Bench,
): Promise<() => Promise<PhaseTimes>> {
  const open = await connections(port, CONNECTIONS);
  bench.defer(() => {
    for (const connection of open) connection.close();
  });
  let writes = 0;
  const byBank = async (connection: Connection, path: string, body: object) => {
    writes += 1;
    const headers = `Authorization: Bearer ${apiKey}\r\nIdempotency-Key: ${port}-${writes}\r\n`;
    return good(await connection.post(path, headers, JSON.stringify(body)));
  };

  return async () => {
    const asked: { token: ActiveToken; key: TestToken; confirmation: Confirmation }[] = [];
    const times = { asked: 0, decided: 0, used: 0 };
    times.asked = await timed(open, rows.entries(), async (connection, [index, token]) => {
      const path = `/v1/tokens/${token.userId}/confirmations`;
      const answer = await byBank(connection, path, { transaction: TRANSFER });
      const key = keys[index];
      if (key) asked.push({ token, key, confirmation: JSON.parse(answer) as Confirmation });
    });
    const decisions = await Promise.all(asked.map((one) => decisionOf(one, port)));
    times.decided = await timed(open, decisions.values(), async (connection, { path, proof, body }) => {
      good(await connection.post(path, `DPoP: ${proof}\r\n`, body));
    });
    times.used = await timed(open, asked.values(), async (connection, { token, confirmation }) => {
      const path = `/v1/tokens/${token.userId}/confirmations/${confirmation.id}/verify`;
      const answer = await byBank(connection, path, { transaction: TRANSFER });
      if (!answer.startsWith('{"accepted":true')) throw new Error(answer);
    });
    return times;
  };
}

/** What a token sends to confirm. */
async function decisionOf(
  { token, key, confirmation }: { token: ActiveToken; key: TestToken; confirmation: Confirmation },
  port: number,
) {
  const { id, number, requestedAt, expiresAt } = confirmation;
  const details = canonicalText({
    transaction: TRANSFER,
    confirmation: id,
    institution: INSTITUTION_KEY,
    token: token.id,
    number,
    requestedAt,
    expiresAt,
  });
  const decision = await key.decide({ confirmation: id, decision: 'confirmed', details });
  const body = JSON.stringify({ decision });
  const path = `/v1/token/confirmations/${id}/decision`;
  const url = `http://token.localhost:${port}${path}`;
  return { path, body, proof: await key.proof({ method: 'POST', url, body, timeMs: Date.now() }) };
}
