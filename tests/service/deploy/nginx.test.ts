import { mkdtempSync, writeFileSync } from 'node:fs';
import type { ClientHttp2Session } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RATES } from '../../../server/limits.ts';
import { SENPOKU } from '../../institutions.ts';
import { forgetTokens, lostAndDoubled } from '../faults/database.ts';
import { enrolledTokens, eventStreams, wake } from '../faults/flood.ts';
import { FEW, issueAtRate, issueUntilTaken, refusedShare, tally, untilReady } from '../faults/load.ts';
import { type Node, startNode } from '../faults/node.ts';
import { freePort } from '../free-port.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { type RunningPart, startPart } from '../process.ts';
import { ask, type Nginx, startNginx } from './nginx.ts';

/** Two nodes of the service and a bank behind deploy/nginx/warifu.conf, as a deployment runs them. */

const data = mkdtempSync(join(tmpdir(), 'warifu-nginx-data-'));
const directory = join(data, 'directory.json');
let postgres: TestPostgres;
let nginx: Nginx;
let nodes: Node[];
let bank: RunningPart;
let env: Record<string, string>;
let tls: number;
let inside: { port: number; apiKey: string };

beforeAll(async () => {
  postgres = await startPostgres();
  const ports = {
    plain: await freePort(),
    tls: await freePort(),
    inside: await freePort(),
    nodes: [await freePort(), await freePort()] as const,
  };
  ({ tls } = ports);
  const serviceOrigin = `https://token.bank.example:${tls}`;
  const pageOrigins = [`https://ib.bank.example:${tls}`];
  writeFileSync(directory, JSON.stringify({ institutions: [{ ...SENPOKU, serviceOrigin, pageOrigins }] }));
  env = {
    WARIFU_DATA: data,
    WARIFU_DIRECTORY: directory,
    WARIFU_TRUSTED_PROXIES: '127.0.0.1',
    WARIFU_DRAIN_S: '1',
  };
  nodes = [];
  for (const port of ports.nodes) {
    nodes.push(await startNode(postgres.url, { ...env, WARIFU_PORT: String(port) }));
  }
  const bankPort = await freePort();
  bank = await startPart('bank/main.ts', {
    ...env,
    WARIFU_PORT: String(bankPort - 1),
    WARIFU_STAFF_ORIGIN: `https://staff.bank.example:${tls}`,
    BANK_DATABASE_URL: await postgres.createDatabase('bank'),
    TOKEN_SERVICE_URL: `http://127.0.0.1:${ports.inside}`,
  });
  nginx = await startNginx({ ...ports, bank: bankPort });
  inside = { port: ports.inside, apiKey: nodes[0]?.apiKey ?? '' };
});
beforeEach(() => forgetTokens(postgres));
afterAll(async () => {
  await nginx.stop();
  await Promise.all([bank, ...nodes.map(({ part }) => part)].map((part) => part.kill('SIGTERM')));
  await postgres.stop();
});

/** Speaks to a name for as long as something is done. */
async function speaking<T>(
  name: string,
  act: (session: ClientHttp2Session) => Promise<T>,
  localAddress?: string,
): Promise<T> {
  const session = nginx.session(name, localAddress);
  session.on('error', () => {});
  try {
    return await act(session);
  } finally {
    session.destroy();
  }
}

const get = (name: string, path: string) => speaking(name, (session) => ask(session, { ':path': path }));

const postJson = (path: string) => ({
  ':path': path,
  ':method': 'POST',
  'content-type': 'application/json',
});

describe('over TLS and HTTP/2', () => {
  test('the service, the bank and the staff console are each at their own name', async () => {
    expect((await get('token.bank.example', '/v1/keys')).status).toBe(200);
    expect((await get('ib.bank.example', '/')).body).toContain(SENPOKU.name);
    expect((await get('staff.bank.example', '/')).status).toBeLessThan(400);
  });

  test.each(['/v1/tokens', '/v1/serials/1', '/v1/outcomes', '/v1/staff/tokens'])(
    '%s is not for the world',
    async (path) => {
      const { status, headers } = await get('token.bank.example', path);
      expect(status).toBe(404);
      expect(headers['content-type']).toBe('text/html');
    },
  );

  test('events of a token arrive as they are sent', async () => {
    const { tokens, tokenIds } = await enrolledTokens(postgres.url, 1);
    const [token] = tokens;
    const url = `https://token.bank.example:${tls}/v1/events`;
    const proof = await token?.proof({ method: 'POST', url, timeMs: Date.now() });
    let woken = false;
    const { body } = await speaking('token.bank.example', (session) =>
      ask(session, postJson('/v1/events'), {
        body: JSON.stringify({ proofs: [proof] }),
        heard: (text) => {
          if (!woken) void wake(postgres.url, tokenIds[0] ?? '');
          woken = true;
          return text.includes('event: confirmations');
        },
      }),
    );
    expect(body).toMatch(/^:\n\n/);
  });

  test('who asks is known by the address that nginx saw, whatever the request says', async () => {
    const body = JSON.stringify({ nonce: 'A'.repeat(22) });
    const askTime = (from: string, times: number) =>
      speaking(
        'token.bank.example',
        (session) =>
          Promise.all(
            Array.from({ length: times }, async (_, place) => {
              const told = { 'x-forwarded-for': `198.51.100.${place % 250}` };
              return (await ask(session, { ...postJson('/v1/time'), ...told }, { body })).status;
            }),
          ),
        from,
      );
    const ofBothNodes = 2 * RATES.time.atOnce;
    // More than a slow machine is asked while the rate gives places back.
    expect(await askTime('127.0.0.2', 4 * ofBothNodes)).toContain(429);
    expect(await askTime('127.0.0.3', 1)).toEqual([200]);
  });
});

test('more event streams are open than Debian’s nginx has connections for', async () => {
  const [count, ofEachToken] = [900, 6];
  const { tokens } = await enrolledTokens(postgres.url, count / ofEachToken);
  const origin = `https://token.bank.example:${tls}`;
  const streams = await eventStreams(inside, tokens, count, { origin, isSteady: true });
  try {
    expect(streams.tally()).toEqual({ 200: count });
  } finally {
    streams.end();
  }
});

test('two nodes are rolled under load: no request fails, nothing is lost or doubled', async () => {
  const load = issueAtRate(inside, 40, issueUntilTaken);
  const looking = lookAt('/v1/keys');
  for (const round of [0, 1]) {
    for (const place of nodes.keys()) {
      const { part, port } = nodes[place] as Node;
      expect(await part.kill('SIGTERM'), `round ${round}`).toBe(0);
      nodes[place] = await startNode(postgres.url, { ...env, WARIFU_PORT: String(port) });
      await untilReady(port);
    }
  }
  const outcomes = await load.end();
  expect(outcomes.length).toBeGreaterThan(100);
  expect(Object.keys(tally(outcomes))).toEqual(['201']);
  expect(refusedShare(outcomes)).toBeLessThan(FEW);
  const { 200: seen = 0, 503: refused = 0, ...others } = await looking.end();
  expect(others).toEqual({});
  expect(refused).toBeLessThan(FEW * seen);
  expect(await lostAndDoubled(postgres, inside, outcomes)).toEqual({ lost: 0, doubled: 0 });
});

/** Asks again and again, one after the other, each on a connection of its own. @returns ends it: how often each status came */
function lookAt(path: string) {
  let over = false;
  const counts: Record<number, number> = {};
  const looking = (async () => {
    while (!over) {
      const { status } = await get('token.bank.example', path);
      counts[status] = (counts[status] ?? 0) + 1;
    }
  })();
  return {
    end: async () => {
      over = true;
      await looking;
      return counts;
    },
  };
}
