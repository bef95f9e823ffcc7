import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closeServers, listen } from '../../../host/listen.ts';
import { freePort } from '../free-port.ts';
import { ask, type Nginx, startNginx } from './nginx.ts';

/** Which answers of a node nginx takes for its own, and which make it ask the other node. */

let nginx: Nginx;
let servers: readonly Server[];
let inside: number;
let statuses: number[];
let asked: number;

beforeAll(async () => {
  const nodes = [await freePort(), await freePort()] as const;
  servers = await Promise.all(
    nodes.map(async (port) => {
      const server = createServer((incoming, outgoing) => {
        incoming.resume();
        const status = statuses[asked] ?? 200;
        asked += 1;
        outgoing.writeHead(status).end();
      });
      await listen(server, '127.0.0.1', port);
      return server;
    }),
  );
  inside = await freePort();
  const [plain, tls, bank] = [await freePort(), await freePort(), await freePort()];
  nginx = await startNginx({ plain, tls, inside, nodes, bank });
});
beforeEach(() => {
  asked = 0;
});
afterAll(async () => {
  await nginx.stop();
  await closeServers(servers, 0);
});

const byToken = async () => {
  const session = nginx.session('token.bank.example');
  try {
    const post = { ':path': '/v1/token/suspend', ':method': 'POST', 'content-type': 'application/json' };
    return (await ask(session, post, { body: '{}' })).status;
  } finally {
    session.destroy();
  }
};
const byBank = async () => {
  const url = `http://127.0.0.1:${inside}/v1/tokens`;
  return (await fetch(url, { method: 'POST', body: '{}' })).status;
};

test.each([
  ['a token', byToken],
  ['the bank', byBank],
])(
  'what a node did not begin for %s the other one is given; what it began it alone answers',
  async (_, post) => {
    statuses = [502, 201];
    expect([await post(), asked]).toEqual([201, 2]);
    asked = 0;
    statuses = [503, 201];
    expect([await post(), asked]).toEqual([503, 1]);
    asked = 0;
    statuses = [502, 502, 201];
    expect([await post(), asked]).toEqual([502, 2]);
  },
);
