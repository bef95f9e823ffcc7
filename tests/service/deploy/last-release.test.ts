import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, PostgresDialect } from 'kysely';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Schema } from '../../../server/store/schema.ts';
import { ActiveTokens } from '../../bench/active-tokens.ts';
import { Browser } from '../../unit/bank/browser.ts';
import { activeToken, client } from '../active-token.ts';
import { codeLoad } from '../faults/codes.ts';
import { lostAndDoubledCodes } from '../faults/database.ts';
import { inOneStep } from '../one-step.ts';
import { plainPool, startPostgres, type TestPostgres } from '../postgres.ts';
import { unpackBundle } from '../release/bundle.ts';
import { BusyError, type Deployment, type ReleaseNode, startRelease } from '../release/node.ts';
import { confirmations } from '../test-confirmation.ts';
import type { Customer } from '../test-service.ts';

/** The last release's own build and this one, on the same databases, while customers use both. */

const CODES_PER_SECOND = 10;
/** Each is asked for a code once in two minutes at most. */
const TOKENS = 1_200;
/** Between what one customer does and the next. */
const PAUSE_MS = 100;
/** As many as share what a node lets one key do. */
const CUSTOMERS = 6;
/** What is done before the next node starts or ends. */
const ENOUGH = { codes: 10, transfers: 5, visits: 1 };

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

test('it is upgraded, and gone back from, and customers go on', async () => {
  const keys = new ActiveTokens();
  const deployment: Deployment = {
    data: mkdtempSync(join(tmpdir(), 'warifu-release-data-')),
    masterKey: keys.masterKey,
    serviceDatabase: postgres.url,
    bankDatabase: await postgres.createDatabase('bank'),
  };
  const lastRelease = unpackBundle();
  const nodes = [await startRelease(deployment, lastRelease)];
  onTestFinished(async () => {
    await Promise.all(nodes.map((node) => node.end()));
  });
  const customers: Customer[] = [];
  for (let place = 0; place < CUSTOMERS; place += 1) {
    customers.push(await activeToken(deployment.data, 4600, `http://127.0.0.1:${nodes[0]?.port}`));
  }

  const codes = codeLoad(keys, await insertTokens(keys));
  const endCodes = codes.atRate(nodes, CODES_PER_SECOND);
  const next = takingTurns(nodes);
  const transfers = again((round) => transfer(customers[round % CUSTOMERS] as Customer, next));
  const visits = again(() => visit(next));
  const enough = async () => {
    const before = { codes: codes.ledger.accepted, transfers: transfers.done, visits: visits.done };
    const rest = () => [
      before.codes + ENOUGH.codes - codes.ledger.accepted,
      before.transfers + ENOUGH.transfers - transfers.done,
      before.visits + ENOUGH.visits - visits.done,
    ];
    await Promise.race([
      expect.poll(() => Math.max(...rest()), { timeout: 60_000 }).toBeLessThanOrEqual(0),
      transfers.failed,
      visits.failed,
    ]);
  };
  let taken = 0;
  const endOldest = async () => expect(await nodes.shift()?.end()).toEqual([0, 0]);

  await enough();
  nodes.push(await startRelease(deployment));
  await enough();
  taken += await spentEverywhere(customers[0] as Customer, nodes, deployment);
  await endOldest();
  await enough();
  nodes.push(await startRelease(deployment, lastRelease));
  await enough();
  taken += await spentEverywhere(customers[1] as Customer, nodes, deployment);
  await endOldest();
  await enough();

  await transfers.end();
  await visits.end();
  await endCodes();
  const { answers, refused, unanswered, disagreed } = codes.ledger;
  // What a busy machine answers with a 503, or too late, is asked again.
  expect(Object.keys(answers).filter((status) => /^\d/.test(status) && status !== '503')).toEqual(['200']);
  expect({ refused, unanswered, disagreed }).toEqual({ refused: 0, unanswered: 0, disagreed: 0 });
  const acknowledged = { ...codes.ledger, accepted: codes.ledger.accepted + taken };
  expect(await lostAndDoubledCodes(postgres, acknowledged)).toEqual({ lost: 0, doubled: 0 });
});

/** Into the tables as the last release made them. */
async function insertTokens(keys: ActiveTokens) {
  const pool = plainPool(postgres.url);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const tokens = await keys.insert(db, TOKENS, 0);
  await db.destroy();
  return tokens;
}

type Turns = () => ReleaseNode;

function takingTurns(nodes: readonly ReleaseNode[]): Turns {
  let turn = 0;
  return () => {
    turn += 1;
    return nodes[turn % nodes.length] as ReleaseNode;
  };
}

/** Asked for, decided and used at whichever node is next. */
async function transfer(customer: Customer, next: Turns): Promise<void> {
  const asked = await confirmations(next()).ask(customer);
  await confirmations(next()).decide(customer, asked, 'confirmed');
  const used = await confirmations(next()).verify(customer, asked);
  if (!used.accepted) throw new Error(`a confirmed transfer may not be executed: ${JSON.stringify(used)}`);
}

/** Logs in at one bank, looks around at all, and logs out. */
async function visit(next: Turns): Promise<void> {
  let browser = new Browser(next().pages);
  await browser.open('/');
  browser = browser.copy(next().pages);
  await browser.send('/login', { login_id: 'taro0001', password: 'login1234' });
  for (let page = 0; page < 3; page += 1) {
    browser = browser.copy(next().pages);
    const { path, status, text } = await browser.open('/top');
    if (status !== 200 || path !== '/top') throw new Error(`${status} ${path}: ${text}`);
  }
  await browser.send('/logout');
}

/** A code that one node took is refused by the other, whichever of them has it first. @returns how many were taken */
async function spentEverywhere(customer: Customer, nodes: readonly ReleaseNode[], deployment: Deployment) {
  await inOneStep();
  for (const [step, order] of [nodes, nodes.toReversed()].entries()) {
    const code = await customer.code(step);
    const said = [];
    for (const { port } of order) said.push(await accepts(port, deployment, customer, code));
    expect(said).toEqual([true, false]);
  }
  return nodes.length;
}

/** Asked again, under the same key, as long as the node is busy. */
async function accepts(port: number, { data }: Deployment, { userId }: Customer, code: string) {
  const bank = client(data, `http://127.0.0.1:${port}`);
  const key = randomUUID();
  for (;;) {
    const answer = await bank(`/v1/tokens/${userId}/verify`, { code }, key);
    if (answer.status !== 503) return ((await answer.json()) as { accepted: boolean }).accepted;
  }
}

/** Does something over and over until it is ended or fails; what a busy node does not take is not counted. */
function again(act: (round: number) => Promise<void>) {
  let over = false;
  let done = 0;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {});
  const once = async () => {
    try {
      await act(done);
      done += 1;
    } catch (error) {
      if (!(error instanceof BusyError)) throw error;
    }
  };
  const doing = (async () => {
    for (; !over; await pause(PAUSE_MS)) await once();
  })();
  doing.catch(reject);
  return {
    get done() {
      return done;
    },
    failed,
    end: () => {
      over = true;
      return doing;
    },
  };
}
