import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { BindResponse } from '../../../core/api/bank.ts';
import { DEFAULT_POLICY } from '../../../core/institution/policy.ts';
import { SENPOKU, SHINKIN } from '../../institutions.ts';
import { HOTP, hardware, TOTP } from '../../service/test-hardware.ts';
import type { TestService } from '../../service/test-service.ts';
import { atOnce, type Request, type TwoNodes, useTwoNodes } from '../../service/two-nodes.ts';

/** What an outsider with contracts of their own may try at tokens by serial, at the same moment, over two nodes. */

let service: TestService;
let node: TwoNodes['node'];

useTwoNodes(
  (nodes) => {
    ({ service, node } = nodes);
  },
  { institutions: [SENPOKU, SHINKIN] },
);

const { activationTriesAtOnce, wrongCodesToLock } = DEFAULT_POLICY;

const send = (requests: readonly Request[]) => atOnce<BindResponse>(node, service.apiKey, requests);

const rowOf = (serial: string) =>
  service.db.selectFrom('tokens').selectAll().where('serial', '=', serial).executeTakeFirstOrThrow();

const wrongPair = (guess: number) =>
  [guess, guess + 1].map((code) => String(code % 1_000_000).padStart(6, '0'));

test('guesses at one serial at once are bounded, and the right codes behind them are not judged', async () => {
  const { serial, pair } = await hardware(service).make(HOTP);
  const path = `/v1/serials/${serial}/bind`;
  const answers = await send(
    Array.from({ length: 5 * activationTriesAtOnce }, (_, guess) => ({
      path,
      body: { codes: wrongPair(guess) },
    })),
  );
  expect(new Set(answers.map(({ status, accepted }) => `${status} ${accepted}`))).toEqual(
    new Set(['200 false']),
  );
  expect((await rowOf(serial)).activation_failures).toBe(activationTriesAtOnce);
  const [right] = await send([{ path, body: { codes: await pair(0) } }]);
  expect(right).toEqual({ status: 200, accepted: false });
});

/** How many statements wait for a row that another has. */
async function waitingForLocks(db: TestService['db']): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*)::integer as waiting from pg_stat_activity where wait_event_type = 'Lock'`.execute(db);
  return rows[0]?.waiting ?? 0;
}

test('guesses that wait for one serial’s turn hold up nobody else on the node', async () => {
  const tokens = hardware(service);
  const [{ serial }, { userId, code }] = [await tokens.make(HOTP), await tokens.bound(HOTP)];
  const guesses = Array.from({ length: 40 }, (_, guess) => ({
    path: `/v1/serials/${serial}/bind`,
    body: { codes: wrongPair(guess) },
  }));
  const waiting = await service.db.transaction().execute(async (trx) => {
    await trx.selectFrom('tokens').selectAll().where('serial', '=', serial).forUpdate().execute();
    const flood = send(guesses);
    while ((await waitingForLocks(trx)) < 2);
    const { accepted } = await service.present('verify', { userId }, await code(2));
    expect(accepted).toBe(true);
    // Not awaited here: they wait for this transaction.
    return { flood };
  });
  expect((await waiting.flood).filter(({ status, accepted }) => status !== 200 || accepted)).toEqual([]);
});

test('guesses at the code of a token in use by exchanges for many new ones lock it, as any do', async () => {
  const tokens = hardware(service);
  const old = await tokens.bound(HOTP);
  const fresh = [await tokens.make(HOTP), await tokens.make(HOTP), await tokens.make(TOTP)];
  const near = await Promise.all(Array.from({ length: 20 }, (_, count) => old.code(count)));
  const wrong = Array.from({ length: 4 * wrongCodesToLock }, (_, guess) => String(guess).padStart(6, '0'))
    .filter((code) => !near.includes(code))
    .slice(0, 3 * wrongCodesToLock);
  const guesses = await Promise.all(
    wrong.map(async (code, guess) => {
      const next = fresh[guess % fresh.length] ?? old;
      return {
        path: `/v1/tokens/${old.userId}/exchange`,
        body: { code, serial: next.serial, codes: await next.pair(0) },
      };
    }),
  );
  const answers = await send(guesses);
  expect(answers.filter(({ accepted }) => accepted)).toEqual([]);
  expect(await rowOf(old.serial)).toMatchObject({ status: 'locked', failures: wrongCodesToLock });
  const right = { code: await old.code(2), serial: fresh[0]?.serial, codes: await fresh[0]?.pair(0) };
  const [locked] = await send([{ path: `/v1/tokens/${old.userId}/exchange`, body: right }]);
  expect(locked).toEqual({ status: 200, accepted: false });
});

test('a code of the token in use is worth one thing: a login or the exchange, whichever comes first', async () => {
  const tokens = hardware(service);
  for (let round = 0; round < 8; round += 1) {
    const [old, next] = [await tokens.bound(HOTP), await tokens.make(HOTP)];
    const code = await old.code(2);
    const requests = [
      {
        path: `/v1/tokens/${old.userId}/exchange`,
        body: { code, serial: next.serial, codes: await next.pair(0) },
      },
      { path: `/v1/tokens/${old.userId}/verify`, body: { code } },
    ];
    const answers = await send(round % 2 === 0 ? requests : requests.toReversed());
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
  }
});

test('what was presented at an exchange is worth nothing again, of either token', async () => {
  const tokens = hardware(service);
  const [old, next, other] = [await tokens.bound(HOTP), await tokens.make(HOTP), await tokens.bound(HOTP)];
  const body = { code: await old.code(2), serial: next.serial, codes: await next.pair(0) };
  const [done] = await send([{ path: `/v1/tokens/${old.userId}/exchange`, body }]);
  const userId = done?.token?.userId;
  const again = await send([
    ...body.codes.map((code) => ({ path: `/v1/tokens/${userId}/verify`, body: { code } })),
    { path: `/v1/tokens/${userId}/resync`, body: { codes: body.codes } },
    { path: `/v1/serials/${next.serial}/bind`, body: { codes: body.codes } },
    { path: `/v1/serials/${old.serial}/bind`, body: { codes: [body.code, await old.code(3)] } },
    {
      path: `/v1/tokens/${other.userId}/exchange`,
      body: { ...body, code: await other.code(2) },
    },
    { path: `/v1/tokens/${old.userId}/verify`, body: { code: body.code } },
    { path: `/v1/tokens/${old.userId}/exchange`, body },
  ]);
  expect(again.filter(({ accepted }) => accepted)).toEqual([]);
  expect(await rowOf(next.serial)).toMatchObject({ status: 'active', failures: 0, last_step: 1 });
  expect(await rowOf(other.serial)).toMatchObject({ status: 'active', failures: 0 });
});

test('crossed exchanges, binds and logins of the same tokens at once hold each other up, and end', async () => {
  const tokens = hardware(service);
  const owners = [];
  for (let count = 0; count < 8; count += 1) owners.push(await tokens.bound(HOTP));
  const fresh = [];
  for (let count = 0; count < 8; count += 1) fresh.push(await tokens.make(HOTP));
  const requests: Request[] = [];
  for (const [at, { userId, code }] of owners.entries()) {
    for (const step of [0, 1, 3]) {
      const next = fresh[(at * 3 + step) % fresh.length] ?? fresh[0];
      requests.push({
        path: `/v1/tokens/${userId}/exchange`,
        body: { code: await code(2), serial: next?.serial, codes: await next?.pair(0) },
      });
    }
    requests.push({ path: `/v1/tokens/${userId}/verify`, body: { code: await code(3) } });
    requests.push({ path: `/v1/tokens/${userId}/verify`, body: { code: '000000' } });
  }
  for (const { serial, pair } of fresh.slice(0, 3)) {
    requests.push({ path: `/v1/serials/${serial}/bind`, body: { codes: await pair(0) } });
  }
  const answers = await send(requests.toSorted(() => Math.random() - 0.5));
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  const serials = fresh.map(({ serial }) => serial);
  const bound = await service.db
    .selectFrom('tokens')
    .select(['serial', 'user_id'])
    .where('serial', 'in', serials)
    .where('status', '=', 'active')
    .execute();
  const taken = answers.filter(({ accepted, token }) => accepted && serials.includes(token?.serial ?? ''));
  expect(taken.map(({ token }) => token?.userId).toSorted()).toEqual(
    bound.map((row) => row.user_id).toSorted(),
  );
});

test('one idempotency key for several serials at once is one request', async () => {
  const tokens = hardware(service);
  const idempotencyKey = randomUUID();
  const made = [await tokens.make(HOTP), await tokens.make(HOTP), await tokens.make(HOTP)];
  const answers = await send(
    await Promise.all(
      made.map(async ({ serial, pair }) => ({
        path: `/v1/serials/${serial}/bind`,
        body: { codes: await pair(0) },
        idempotencyKey,
      })),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  const rows = await Promise.all(made.map(({ serial }) => rowOf(serial)));
  expect(rows.filter(({ status }) => status === 'active')).toHaveLength(1);
});
