import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { OutageError } from '../../../core/errors.ts';
import { sha256 } from '../../../host/compare.ts';
import type { ServiceDatabase } from '../../../host/databases.ts';
import type { Fetch } from '../../../host/serve.ts';
import { measured, openCells } from '../../../server/cells.ts';
import type { OpenCell } from '../../../server/open-cell.ts';
import { admit, insertApiKey } from '../../../server/store/access.ts';
import type { OpenDatabase } from '../../../server/store/database.ts';
import { twoInstitutions } from '../../service/cells-directory.ts';
import { openServiceMemory } from '../../service/memory.ts';
import { createTestService, type TestService } from '../../service/test-service.ts';
import { createTestToken, type TestToken } from '../../service/test-token.ts';

const { akagi, senpoku } = twoInstitutions(4600);
const REQUESTS = 4;
const SILENT = { error: () => {}, warn: () => {} };

interface Side {
  readonly database: OpenDatabase;
  readonly service: TestService;
  readonly cell: OpenCell;
}

let main: Side;
let north: Side;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-keys-'));
  const side = async (institution: typeof akagi): Promise<Side> => {
    const database = await openServiceMemory();
    const service = await createTestService(database, { institutions: [institution], folder });
    return { database, service, cell: cellOf(database, service.app.fetch) };
  };
  main = await side(akagi);
  north = await side(senpoku);
}, 60_000);
afterEach(() => vi.useRealTimers());
afterAll(() => Promise.all([main, north].map(({ database }) => database.close())));

const cellOf = ({ db, wakes }: OpenDatabase, fetch: Fetch): OpenCell => ({
  fetch,
  wakes,
  institutionOfKey: async (keyHash) => {
    const [admitted] = await admit(db, [{ keyHash, userId: undefined, confirmationId: undefined }]);
    return admitted?.institution;
  },
  readMetrics: async () => {},
  stop: async () => {},
});

const databases: ServiceDatabase[] = [
  { name: 'main', directory: { institutions: [akagi] }, url: 'a', directUrl: undefined, folder: '' },
  { name: 'north', directory: { institutions: [senpoku] }, url: 'b', directUrl: undefined, folder: '' },
];

/** Both cells, or what is in their place; one that is not given is not open. */
async function node(cells: { readonly main?: OpenCell; readonly north?: OpenCell } = {}) {
  const fetch = await openCells(databases, REQUESTS, {
    open: async ({ name }, away) => {
      const cell = name === 'main' ? cells.main : cells.north;
      if (cell !== undefined) return cell;
      away();
      return new Promise<never>(() => {});
    },
    logger: SILENT,
  });
  return (path: string, init?: RequestInit) => fetch(new Request(`http://127.0.0.1:4600${path}`, init), {});
}

const both = () => node({ main: main.cell, north: north.cell });

const asBank = async (side: Side, institution: string) => ({
  headers: { Authorization: `Bearer ${await side.service.keyOf('bank', institution)}` },
});

async function asToken(token: TestToken, origin: string, path: string, method = 'GET', body?: string) {
  const proof = await token.proof({
    method,
    url: `${origin}${path}`,
    timeMs: north.service.clock.now(),
    ...(body !== undefined && { body }),
  });
  return { method, headers: { DPoP: proof, 'Content-Type': 'application/json' }, ...(body && { body }) };
}

/** A customer of senpoku, enrolled by way of the node. */
async function customer(): Promise<TestToken> {
  const { userId } = await north.service.issue();
  const token = await createTestToken();
  const { signingKey, receivingKey } = token;
  const values = { serviceId: senpoku.serviceId, userId, activationPassword: '24680135' };
  const body = JSON.stringify({ ...values, signingKey, receivingKey });
  const send = await both();
  const answer = await send(
    '/v1/enrolments',
    await asToken(token, senpoku.serviceOrigin, '/v1/enrolments', 'POST', body),
  );
  expect(answer.status).toBe(201);
  return token;
}

describe('a request is led to the cell of whom it is admitted for', () => {
  test.each([
    ['bank', '/v1/tokens', { activationPassword: '1357' }],
    ['staff', '/v1/staff/tokens/100000000000/suspend', { actor: 'a', reason: 'b' }],
  ] as const)('a %s by its key, with the scheme in letters of either case', async (kind, path, body) => {
    const send = await both();
    for (const [side, { key }, scheme] of [
      [main, akagi, 'Bearer'],
      [north, senpoku, 'bearer'],
    ] as const) {
      const apiKey = await side.service.keyOf(kind, key);
      const headers = { Authorization: `${scheme} ${apiKey}`, 'Content-Type': 'application/json' };
      const answer = await send(path, {
        method: 'POST',
        headers: { ...headers, 'Idempotency-Key': crypto.randomUUID() },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(kind === 'bank' ? 201 : 404);
    }
  });

  test('a token by the URL that its proof is for, and only where that is its own', async () => {
    const token = await customer();
    const send = await both();
    const own = await send('/v1/token', await asToken(token, senpoku.serviceOrigin, '/v1/token'));
    expect(own.status).toBe(200);
    const other = await send('/v1/token', await asToken(token, akagi.serviceOrigin, '/v1/token'));
    expect(other.status).toBe(404);
    const nowhere = await send('/v1/token', await asToken(token, 'http://else.localhost', '/v1/token'));
    expect(nowhere.status).toBe(401);
  });

  test('an event stream by the proofs in its body', async () => {
    const token = await customer();
    const send = await both();
    const proof = await token.proof({
      method: 'POST',
      url: `${senpoku.serviceOrigin}/v1/events`,
      timeMs: north.service.clock.now(),
    });
    const body = JSON.stringify({ proofs: [proof] });
    const headers = { 'Content-Type': 'application/json' };
    const answer = await send('/v1/events', { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
    const none = await send('/v1/events', { method: 'POST', headers, body: '{"proofs":' });
    expect(none.status).toBe(400);
  });

  test("what is nobody's is answered by any", async () => {
    const send = await both();
    expect((await send('/v1/keys')).status).toBe(200);
    expect((await send('/v1/tokens/100000000000')).status).toBe(401);
    const headers = { Authorization: `Bearer ${'A'.repeat(43)}` };
    expect((await send('/v1/tokens/100000000000', { headers })).status).toBe(401);
    expect((await send('/v1/token', { headers: { DPoP: 'none' } })).status).toBe(401);
  });
});

test('what a copy of the database left of another institution is not answered for', async () => {
  const key = await main.service.keyOf('bank', 'akagi');
  await insertApiKey(north.database.db, sha256(key), { institution: 'akagi', kind: 'bank' }, new Date());
  const path = '/v1/tokens/100000000000';
  const init = await asBank(main, 'akagi');
  expect((await (await both())(path, init)).status).toBe(404);
  const withoutMain = await node({ north: north.cell });
  expect((await withoutMain(path, init)).status).toBe(502);
});

describe('a cell that is not open', () => {
  test('is the only one that is not answered for', async () => {
    const send = await node({ main: main.cell });
    const token = await createTestToken();
    const path = '/v1/tokens/100000000000';
    expect((await send(path, await asBank(main, 'akagi'))).status).toBe(404);
    expect((await send(path, await asBank(north, 'senpoku'))).status).toBe(502);
    expect((await send('/v1/token', await asToken(token, akagi.serviceOrigin, '/v1/token'))).status).toBe(
      404,
    );
    const absent = await send('/v1/token', await asToken(token, senpoku.serviceOrigin, '/v1/token'));
    expect(absent.status).toBe(502);
    expect(await absent.json()).toMatchObject({ status: 502, code: 'unavailable' });
    expect(absent.headers.get('Retry-After')).toBe('5');
  });

  test('is named by the check of readiness, which fails only without any', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const ready = await (await node({ main: main.cell }))('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', databases: { main: 'ready', north: 'unavailable' } },
    ]);
    const asked = Promise.withResolvers<void>();
    const hangs = await node({
      main: cellOf(main.database, () => {
        asked.resolve();
        return new Promise(() => {});
      }),
    });
    const answer = hangs('/readyz');
    await asked.promise;
    vi.advanceTimersByTime(1_500);
    expect((await answer).status).toBe(503);
  });

  test('and cannot be used ends the start, which says which it is', async () => {
    const opening = openCells(databases, REQUESTS, {
      open: async ({ name }) => {
        if (name === 'north') throw new Error('the master key is another');
        return main.cell;
      },
      logger: SILENT,
    });
    await expect(opening).rejects.toThrow('database north: the master key is another');
  });

  test.each([
    ['beside others', databases],
    ['as the only one', databases.slice(1)],
  ])('and goes away while it is opened is opened when it is back, %s', async (_case, all) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const warned: object[] = [];
    let tries = 0;
    const opening = openCells(all, REQUESTS, {
      open: async ({ name }) => {
        if (name === 'main') return main.cell;
        tries += 1;
        if (tries < 3) throw new OutageError('database does not answer');
        return north.cell;
      },
      logger: { ...SILENT, warn: (told: object) => warned.push(told) },
    });
    await vi.advanceTimersByTimeAsync(2_000);
    const fetch = await opening;
    const path = 'http://127.0.0.1:4600/v1/tokens/100000000000';
    expect((await fetch(new Request(path, await asBank(north, 'senpoku')), {})).status).toBe(404);
    expect(warned).toEqual(Array(2).fill({ database: 'north', reason: 'database does not answer' }));
  });

  test('and refuses its password is not waited for', async () => {
    const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });
    const opening = openCells(databases.slice(1), REQUESTS, {
      open: () => Promise.reject(refused),
      logger: SILENT,
    });
    await expect(opening).rejects.toThrow('password authentication failed');
  });

  test('and turns out later to be unusable is logged, and the others go on', async () => {
    let turnOut = (_: Error) => {};
    const logged = new Promise<object>((resolve) => {
      void openCells(databases, REQUESTS, {
        open: ({ name }, away) => {
          if (name === 'main') return Promise.resolve(main.cell);
          away();
          return new Promise((_, reject) => {
            turnOut = reject;
          });
        },
        logger: { ...SILENT, error: resolve },
      }).then(() => turnOut(new Error('the master key is another')));
    });
    expect(await logged).toEqual({ database: 'north', reason: 'database north: the master key is another' });
  });
});

test('a cell that does not answer leaves room for the others', async () => {
  const hangs = cellOf(north.database, () => new Promise(() => {}));
  const send = await node({ main: main.cell, north: hangs });
  const init = await asBank(north, 'senpoku');
  const path = '/v1/tokens/100000000000';
  const held = Array.from({ length: REQUESTS }, () => send(path, init));
  expect((await Promise.race(held)).status).toBe(502);
  expect((await send(path, await asBank(main, 'akagi'))).status).toBe(404);
});

describe("what is nobody's is answered by another cell where the first", () => {
  const full = () => cellOf(main.database, async () => new Response(null, { status: 503 }));
  const hanging = () => cellOf(main.database, () => new Promise(() => {}));

  test('is behind', async () => {
    const send = await node({ main: full(), north: north.cell });
    expect((await send('/v1/keys')).status).toBe(200);
    expect((await send('/v1/tokens/100000000000', await asBank(main, 'akagi'))).status).toBe(503);
    expect((await send('/v1/pairings', { method: 'POST', body: '{}' })).status).toBe(503);
  });

  test('has no place', async () => {
    const send = await node({ main: hanging(), north: north.cell });
    const init = await asBank(main, 'akagi');
    const held = Array.from({ length: REQUESTS }, () => send('/v1/tokens/100000000000', init));
    expect((await Promise.race(held)).status).toBe(502);
    expect((await send('/v1/keys')).status).toBe(200);
  });

  test('and all others are behind as well: it is refused', async () => {
    const send = await node({ main: full(), north: full() });
    expect((await send('/v1/keys')).status).toBe(503);
  });
});

test('one cell is served as it is', async () => {
  const [database] = databases;
  const only = database ? [database] : [];
  const fetch = await openCells(only, REQUESTS, { open: async () => main.cell, logger: SILENT });
  expect(fetch).toBe(main.cell.fetch);
  expect(measured(only, new Map()).map(({ labels }) => labels)).toEqual([{}]);
});

test('a cell is measured as away until it is open', async () => {
  const open = new Map<string, OpenCell>();
  const [, last] = measured(databases, open);
  expect(last?.labels).toEqual({ database: 'north' });
  await expect(last?.read()).rejects.toThrow(OutageError);
  open.set('north', north.cell);
  await last?.read();
});
