import { createTestToken, type TestToken } from '../service/test-token.ts';
import { type Connection, connections } from './http.ts';
import { load } from './load.ts';
import { type Bench, type Figure, type Group, interleave, median } from './measure.ts';
import { type Ground, newGround, type RunningService, startService } from './token-service.ts';

const CONNECTIONS = 16;
const ROUNDS = 5;
const ENROLMENTS_A_ROUND = 250;
const NO_LIMIT_MS = 60_000;
const ACTIVATION_PASSWORD = '24680135';

/** Whole enrolments over HTTP: トークン発行 by the bank, then 初期設定 by a token with its proof. */
export const enrolment: Group = {
  name: 'enrolment',
  run: async (bench) => {
    const services = {
      PGlite: await startEnrolling('PGlite', bench),
      PostgreSQL: await startEnrolling('PostgreSQL', bench),
    };
    const taken = await interleave(ROUNDS, services);
    return Object.entries(taken).map(
      ([kind, values]): Figure => ({ name: `enrolments, ${kind}`, value: median(values), unit: '/s' }),
    );
  },
};

/** @returns does a round of enrolments and gives how many a second; the tokens' keys are made before, unmeasured */
async function startEnrolling(kind: Ground['kind'], bench: Bench): Promise<() => Promise<number>> {
  const service = await startService(await newGround(kind, bench), bench);
  const open = await connections(service.port, CONNECTIONS);
  bench.defer(() => {
    for (const connection of open) connection.close();
  });
  return async () => {
    bench.progress(`enrolments on ${kind}`);
    const left = await newTokens(ENROLMENTS_A_ROUND);
    const { perSecond } = await load(open, NO_LIMIT_MS, async (connection) => {
      const token = left.pop();
      if (token === undefined) return false;
      await enrol(service, connection, token);
      return true;
    });
    return perSecond;
  };
}

const newTokens = (count: number) => Promise.all(Array.from({ length: count }, createTestToken));

let issues = 0;

export async function enrol(
  { port, apiKey }: RunningService,
  connection: Connection,
  token: TestToken,
): Promise<void> {
  issues += 1;
  const bankHeaders = `Authorization: Bearer ${apiKey}\r\nIdempotency-Key: issue-${issues}\r\n`;
  const issueBody = JSON.stringify({ activationPassword: ACTIVATION_PASSWORD });
  const issued = await connection.post('/v1/tokens', bankHeaders, issueBody);
  if (issued.status !== 201) throw new Error(`issue: ${issued.status} ${issued.body}`);
  const { serviceId, userId } = JSON.parse(issued.body) as { serviceId: string; userId: string };
  const { signingKey, receivingKey } = token;
  const body = JSON.stringify({
    serviceId,
    userId,
    activationPassword: ACTIVATION_PASSWORD,
    signingKey,
    receivingKey,
  });
  const url = `http://token.localhost:${port}/v1/enrolments`;
  const proof = await token.proof({ method: 'POST', url, body, timeMs: Date.now() });
  const enrolled = await connection.post('/v1/enrolments', `DPoP: ${proof}\r\n`, body);
  if (enrolled.status !== 201) throw new Error(`enrolment: ${enrolled.status} ${enrolled.body}`);
}
