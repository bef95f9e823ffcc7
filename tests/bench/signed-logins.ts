import type { Challenge } from '../../core/api/challenge.ts';
import { createTestToken, type TestToken } from '../service/test-token.ts';
import { type ActiveToken, ActiveTokens, INSTITUTION_KEY } from './active-tokens.ts';
import { type Connection, connections, good } from './http.ts';
import { timed } from './load.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { type Ground, newGround, type RunningService, startService, withDatabase } from './token-service.ts';
import { startVerifying } from './verification.ts';

const CONNECTIONS = 16;
const TOKENS = 6_000;
/** Tokens that sign, each a key of its own. */
const SIGNERS = 1_500;
const ROUNDS = 5;
const ROUND_MS = 1_500;

/** Logins by signature over HTTP, against verifications of codes: what the bank sends as its customer logs in. */
export const signedLogins: Group = {
  name: 'signed-logins',
  run: async (bench) => [...(await loginsOn('PGlite', bench)), ...(await loginsOn('PostgreSQL', bench))],
};

async function loginsOn(kind: Ground['kind'], bench: Bench): Promise<Figure[]> {
  bench.progress(`signed logins on ${kind}: ${TOKENS} tokens`);
  const tokens = new ActiveTokens();
  const keys = await Promise.all(Array.from({ length: SIGNERS }, createTestToken));
  const jkts = keys.map(({ jkt }) => jkt);
  const ground = await newGround(kind, bench);
  const rows = await withDatabase(ground, (db) => tokens.insert(db, TOKENS, 0, jkts));
  const service = await startService(ground, bench, { WARIFU_MASTER_KEY: tokens.masterKey });
  const verify = await startVerifying(service, tokens, rows, bench);
  const logIn = await startSigning(service, rows, keys, bench);

  await verify(ROUND_MS / 3);
  await logIn();
  const phases: PhaseTimes[] = [];
  const taken = await interleave(ROUNDS, {
    signed: async () => {
      bench.progress(`signed logins on ${kind}`);
      const times = await logIn();
      phases.push(times);
      return (SIGNERS * 1000) / times.used;
    },
    verified: async () => (await verify(ROUND_MS)).perSecond,
  });
  const rate = (took: (times: PhaseTimes) => number) =>
    Math.round((SIGNERS * 1000) / median(phases.map(took)));
  const whole = rate(({ asked, signed, used }) => asked + signed + used);
  return [
    {
      name: `signed logins, used, ${kind}`,
      value: median(taken.signed),
      unit: '/s',
      against: { name: 'verifications of codes', value: median(taken.verified) },
      target: { atLeast: 0.9 },
      note: `asked ${rate(({ asked }) => asked)}/s, signed ${rate(({ signed }) => signed)}/s, all three ${whole}/s`,
    },
  ];
}

/** How long each phase took for all tokens, in milliseconds. */
interface PhaseTimes {
  readonly asked: number;
  readonly signed: number;
  readonly used: number;
}

interface Asked {
  readonly token: ActiveToken;
  readonly key: TestToken;
  readonly challenge: Challenge;
}

/** @returns one login of every token that signs, phase by phase; signing happens between phases, unmeasured */
async function startSigning(
  service: RunningService,
  rows: readonly ActiveToken[],
  keys: readonly TestToken[],
  bench: Bench,
): Promise<() => Promise<PhaseTimes>> {
  const open = await connections(service.port, CONNECTIONS);
  bench.defer(() => {
    for (const connection of open) connection.close();
  });
  let writes = 0;
  const byBank = async (connection: Connection, path: string, body: object) => {
    writes += 1;
    const headers = `Authorization: Bearer ${service.apiKey}\r\nIdempotency-Key: signed-${writes}\r\n`;
    return good(await connection.post(path, headers, JSON.stringify(body)));
  };

  return async () => {
    const logins: Asked[] = [];
    const asked = await timed(open, keys.entries(), async (connection, [index, key]) => {
      const token = rows[index];
      if (token === undefined) throw new Error('more keys than tokens');
      const answer = await byBank(connection, `/v1/tokens/${token.userId}/challenges`, { use: 'verify' });
      logins.push({ token, key, challenge: JSON.parse(answer) as Challenge });
    });
    const signatures = await Promise.all(logins.map((login) => signatureOf(login, service)));
    const signed = await timed(open, signatures.values(), async (connection, { path, proof, body }) => {
      good(await connection.post(path, `DPoP: ${proof}\r\n`, body));
    });
    const used = await timed(open, logins.values(), async (connection, { token, challenge }) => {
      const answer = await byBank(
        connection,
        `/v1/tokens/${token.userId}/challenges/${challenge.id}/use`,
        {},
      );
      if (!answer.startsWith('{"accepted":true')) throw new Error(answer);
    });
    return { asked, signed, used };
  };
}

/** What a token sends to sign a login. */
async function signatureOf({ token, key, challenge: { id, use } }: Asked, service: RunningService) {
  const signature = await key.sign('warifu-login+jwt', {
    challenge: id,
    institution: INSTITUTION_KEY,
    tokenId: token.id,
    use,
    origin: `http://${INSTITUTION_KEY}.localhost:${service.port + 1}`,
    document: 'A'.repeat(43),
    iat: Math.floor(service.now() / 1000),
    factors: ['token-key', 'pin'],
  });
  const path = `/v1/token/challenges/${id}/signature`;
  const body = JSON.stringify({ signature });
  const url = `http://token.localhost:${service.port}${path}`;
  return { path, body, proof: await key.proof({ method: 'POST', url, body, timeMs: service.now() }) };
}
