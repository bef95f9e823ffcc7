import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { closeServers, listen } from '../../../host/listen.ts';
import { createBoundedServers, type Fetch, type Serving } from '../../../host/serve.ts';

const SERVING: Serving = {
  capacity: { connections: 4, requests: 2, bodyBytes: 64 },
  mostBodyBytes: 32,
  answerWithinMs: () => 60_000,
  unavailable: { type: 'text/plain', body: (status) => `${status} not now` },
};

const close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of close.splice(0)) await end();
});

async function serve(fetch: Fetch | undefined, serving: Partial<Serving> = {}) {
  const { servers, serve: give, drain } = createBoundedServers({ ...SERVING, ...serving });
  const [server] = servers;
  if (server === undefined) throw new Error('no server');
  await listen(server, '127.0.0.1', 0);
  close.push(() => closeServers(servers, 0));
  if (fetch !== undefined) give(fetch);
  const { port } = server.address() as AddressInfo;
  return { server, port, drain, url: `http://127.0.0.1:${port}` };
}

/** Sends what it is given and hears the answer to its end. */
async function said(port: number, sent: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(sent);
  return text(socket);
}

const echo: Fetch = async (request) => new Response(await request.text());

test('bodies have 15 seconds to arrive, and connections are kept longer than a balancer keeps them', async () => {
  const { server } = await serve(echo);
  expect(server.requestTimeout).toBe(15_000);
  expect(server.headersTimeout).toBeLessThanOrEqual(15_000);
  expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
});

test('before there is an application: alive, and a request is for another node, with a time to try again', async () => {
  const { url } = await serve(undefined);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const answer = await fetch(`${url}/anything`);
  expect([answer.status, answer.headers.get('Retry-After'), await answer.text()]).toEqual([
    502,
    '5',
    '502 not now',
  ]);
});

test('to be alive is told to those who look, and a write of it is the application’s to refuse', async () => {
  const { url } = await serve(() => new Response(null, { status: 404 }));
  const asked = async (method: string) => (await fetch(`${url}/healthz`, { method })).status;
  expect(await Promise.all(['GET', 'HEAD'].map(asked))).toEqual([200, 200]);
  expect(await Promise.all(['PUT', 'POST', 'DELETE', 'PATCH'].map(asked))).toEqual([404, 404, 404, 404]);
});

test('what takes too long is answered for, and is for no other node', async () => {
  const { url } = await serve(() => new Promise(() => {}), { answerWithinMs: () => 10 });
  const answer = await fetch(url);
  expect([answer.status, await answer.text()]).toEqual([503, '503 not now']);
});

test('a stream that comes too late is ended, as nobody is there to read it', async () => {
  const ended = Promise.withResolvers<void>();
  const late = Promise.withResolvers<Response>();
  const { url } = await serve(() => late.promise, { answerWithinMs: () => 10 });
  expect((await fetch(url)).status).toBe(503);
  late.resolve(new Response(new ReadableStream({ cancel: () => ended.resolve() })));
  await ended.promise;
});

test('a body comes as it was sent, in one piece or in chunks, and one that is too long is cut off', async () => {
  const { url, port } = await serve(echo);
  expect(await (await fetch(url, { method: 'POST', body: 'あいう' })).text()).toBe('あいう');
  const chunks =
    'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n';
  expect(await said(port, chunks)).toMatch(/\r\n\r\nabc$/);
  const long = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n${'x'.repeat(64)}\r\n0\r\n\r\n`;
  expect(await said(port, long)).toMatch(/\r\n\r\nx{33}$/);
});

test('more requests than may be under way are at once for another node, and places come back', async () => {
  const started: (() => void)[] = [];
  const { url } = await serve(
    () => new Promise((resolve) => started.push(() => resolve(new Response('done')))),
  );
  const first = [fetch(url), fetch(url)];
  while (started.length < 2) await new Promise((resolve) => setImmediate(resolve));
  const beyond = await fetch(url);
  expect([beyond.status, await beyond.text()]).toEqual([502, '502 not now']);
  for (const finish of started) finish();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
});

test('a connection that asks nothing makes room for one that does; one that was served stays longest', async () => {
  const { port, url } = await serve(echo);
  expect((await fetch(url)).status).toBe(200);
  const silent = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
  const [first] = silent;
  if (first === undefined) throw new Error('no connection');
  first.on('error', () => {});
  await once(first, 'close');
  expect((await fetch(url)).status).toBe(200);
  for (const socket of silent) socket.destroy();
});

test('being told that there is no room now does not make a stranger of a client', async () => {
  let status = 200;
  const { port } = await serve(() => new Response('', { status }));
  const client = connect(port, '127.0.0.1');
  const ask = async () => {
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const [answer] = await once(client, 'data');
    return String(answer).slice(9, 12);
  };
  expect(await ask()).toBe('200');
  status = 503;
  expect(await ask()).toBe('503');
  const silent = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  const oneMore = connect(port, '127.0.0.1');
  await Promise.race(
    silent.map((socket) =>
      once(
        socket.on('error', () => {}),
        'close',
      ),
    ),
  );
  status = 200;
  expect(await ask()).toBe('200');
  for (const socket of [client, oneMore, ...silent]) socket.destroy();
});

test('bodies that do not end hold no more than so many bytes together', async () => {
  const { port } = await serve(echo, {
    mostBodyBytes: 64,
    capacity: { ...SERVING.capacity, connections: 9 },
  });
  const sockets = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'));
  const closed = Promise.race(
    sockets.map((socket) =>
      once(
        socket.on('error', () => {}),
        'close',
      ),
    ),
  );
  for (const socket of sockets) {
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n${'x'.repeat(30)}`);
  }
  await closed;
  for (const socket of sockets) socket.destroy();
});

test('while it drains: not ready, alive, and every other request is answered with the end of its connection', async () => {
  const { port, url, drain } = await serve(echo);
  const drained = drain(0);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const request = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc';
  expect(await said(port, request)).toMatch(/^HTTP\/1.1 200 [\s\S]*\r\nConnection: close\r\n[\s\S]*abc$/i);
  await drained;
});
