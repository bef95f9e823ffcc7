import { createECDH, randomBytes } from 'node:crypto';
import { startPushServer } from '../service/push-server.ts';
import { createTestToken } from '../service/test-token.ts';
import { ActiveTokens } from './active-tokens.ts';
import { type Bench, type Figure, type Group, median } from './measure.ts';
import { type Ground, newGround, startService, withDatabase } from './token-service.ts';
import { TRANSFER } from './transfer.ts';

const ROUNDS = 40;
const LIMIT_MS = 100;

/** From the bank's question to the message at the push service. */
export const push: Group = {
  name: 'push',
  run: async (bench) => [await noticeOn('PGlite', bench), await noticeOn('PostgreSQL', bench)],
};

async function noticeOn(kind: Ground['kind'], bench: Bench): Promise<Figure> {
  bench.progress(`push on ${kind}`);
  const tokens = new ActiveTokens();
  const keys = await Promise.all(Array.from({ length: ROUNDS }, () => createTestToken()));
  const ground = await newGround(kind, bench);
  const rows = await withDatabase(ground, (db) =>
    tokens.insert(
      db,
      ROUNDS,
      0,
      keys.map(({ jkt }) => jkt),
    ),
  );
  const pushServer = await startPushServer();
  bench.defer(() => pushServer.close());
  const { port, apiKey } = await startService(ground, bench, {
    WARIFU_MASTER_KEY: tokens.masterKey,
    WARIFU_UNSAFE_TEST_PUSH_PORT: String(pushServer.port),
  });
  const taken: number[] = [];
  for (const [index, { userId }] of rows.entries()) {
    const key = keys[index];
    if (key === undefined) continue;
    const url = `http://token.localhost:${port}/v1/token/push`;
    const body = JSON.stringify({
      endpoint: `http://127.0.0.1:${pushServer.port}/p/${index}`,
      keys: {
        p256dh: createECDH('prime256v1').generateKeys('base64url'),
        auth: randomBytes(16).toString('base64url'),
      },
    });
    const proof = await key.proof({ method: 'PUT', url, body, timeMs: Date.now() });
    await send(`${port}/v1/token/push`, 'PUT', { DPoP: proof }, body);
    const started = performance.now();
    const asked = send(
      `${port}/v1/tokens/${userId}/confirmations`,
      'POST',
      { Authorization: `Bearer ${apiKey}`, 'Idempotency-Key': `push-${index}` },
      JSON.stringify({ transaction: TRANSFER }),
    );
    await pushServer.has(index + 1);
    taken.push(performance.now() - started);
    await asked;
  }
  return {
    name: `bank asks → notice at the push server, ${kind}`,
    value: median(taken),
    unit: 'ms',
    against: { name: 'limit', value: LIMIT_MS },
    target: { atMost: 1 },
  };
}

async function send(
  to: string,
  method: 'PUT' | 'POST',
  headers: Record<string, string>,
  body: string,
): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${to}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  await response.body?.cancel();
}
