import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createImportClient, type ImportClient } from '../../../../host/token-file/import-client.ts';

const DIGEST = 'a'.repeat(64);
const STANDING = {
  digest: DIGEST,
  fileName: 'tokens.csv',
  actor: 'staff01',
  tokens: 2,
  taken: 0,
  added: 0,
  startedAt: '2026-11-21T00:00:00.000Z',
};
const ASKED = { fileName: 'tokens.csv', tokens: 2, actor: 'staff01', reason: '納品' };

interface Answer {
  readonly status: number;
  readonly body: object;
}

let server: Server;
let client: ImportClient;
let answers: Answer[];
let requests: string[];

beforeEach(async () => {
  [answers, requests] = [[], []];
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const { status, body } = answers.shift() ?? { status: 200, body: STANDING };
    response.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '0' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = createImportClient({ url: `http://127.0.0.1:${port}`, staffKey: 'key' });
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const problem = (status: number, code: string, detail?: string): Answer => ({
  status,
  body: { type: `urn:warifu:problem:${code}`, title: 'A title', status, code, ...(detail && { detail }) },
});

test('asks again where the service is busy or away, and with the same request', async () => {
  answers = [problem(503, 'unavailable'), problem(429, 'rate_limited')];
  expect(await client.begin(DIGEST, ASKED)).toEqual(STANDING);
  expect(requests).toEqual(Array(3).fill(`PUT /v1/staff/imports/${DIGEST} Bearer key`));
});

test('gives up after a while, and says why', async () => {
  answers = Array(20).fill(problem(503, 'unavailable'));
  await expect(client.existing(DIGEST)).rejects.toThrow('the token service refused: A title');
  expect(requests).toHaveLength(6);
});

test('asks for what is there from the last one told on', async () => {
  answers = Array(2).fill({ status: 200, body: { existing: [] } });
  await client.existing(DIGEST);
  await client.existing(DIGEST, { line: 1, serial: 'HW100000' });
  expect(requests).toEqual([
    `GET /v1/staff/imports/${DIGEST}/existing Bearer key`,
    `GET /v1/staff/imports/${DIGEST}/existing?after=1&afterSerial=HW100000 Bearer key`,
  ]);
});

test.each([
  [
    'the refusal',
    problem(409, 'state_conflict', 'begun with another number'),
    /refused: begun with another number$/,
  ],
  ['a refusal that nobody knows', { status: 418, body: {} }, /refused: status 418$/],
  ['an answer that is none', { status: 200, body: { taken: 'all' } }, /cannot be understood/],
])('says %s at once', async (_what, answer, said) => {
  answers = [answer];
  await expect(client.take(DIGEST, 0, [])).rejects.toThrow(said);
  expect(requests).toHaveLength(1);
});
