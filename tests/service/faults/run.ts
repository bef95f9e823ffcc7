import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../free-port.ts';
import { startPostgres, type TestPostgres } from '../postgres.ts';
import { startPart } from '../process.ts';
import {
  cutConnections,
  type DatabaseFault,
  forgetTokens,
  killDatabase,
  lostAndDoubled,
  standDatabase,
} from './database.ts';
import { enrolledTokens, eventStreams, type Flood, longPolls, unfinishedPosts, wake } from './flood.ts';
import { slowest, tally } from './load.ts';
import { logInAtOnce } from './logins.ts';
import { type Node, startNode } from './node.ts';
import { overload } from './overload.ts';
import { storm } from './storm.ts';

/**
 * `node tests/service/faults/run.ts [name] [seconds]`: every attack in full on this machine's loopback, with what came of it.
 * The storm lasts so many seconds, and fails if anything is lost, done twice or refused, a node ends, or memory grows; the
 * overload, if nodes do not come back to their load.
 */

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (name: string, what: object) => console.log(name.padEnd(28), JSON.stringify(what));

async function database(name: string, postgres: TestPostgres, node: Node, fault: Promise<DatabaseFault>) {
  const { outcomes, readyAfterMs, ...more } = await fault;
  say(name, {
    answers: tally(outcomes),
    slowestMs: Math.round(slowest(outcomes)),
    readyAfterMs: Math.round(readyAfterMs),
    ...more,
    ...(await lostAndDoubled(postgres, node, outcomes)),
    residentMb: Math.round(node.residentMb()),
    alive: node.isAlive(),
  });
  await forgetTokens(postgres);
}

async function flooded(name: string, node: Node, flood: Flood, afterMs = 1_000) {
  await pause(afterMs);
  const ask = async (path: string) =>
    (await fetch(`http://127.0.0.1:${node.port}${path}`, { headers: { Connection: 'close' } })).status;
  say(name, {
    connections: flood.tally(),
    health: [await ask('/healthz'), await ask('/readyz')],
    residentMb: Math.round(node.residentMb()),
    alive: node.isAlive(),
  });
  flood.end();
  await pause(500);
}

async function backlog({ url }: TestPostgres, rows: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    `insert into idempotency (institution, key, request_hash, token_id, accepted, created_at)
     select 'senpoku', 'old-' || n, '', '', true, now() - interval '2 days' from generate_series(1, $1::integer) n`,
    [rows],
  );
  const started = performance.now();
  let left = rows;
  while (left > 0 && performance.now() - started < 20 * 60_000) {
    await pause(1_000);
    left = Number(
      (await client.query(`select count(*) from idempotency where key like 'old-%'`)).rows[0].count,
    );
  }
  say(`backlog of ${rows} rows`, { left, seconds: Math.round((performance.now() - started) / 1000) });
  await client.end();
}

async function logins(postgres: TestPostgres): Promise<void> {
  const port = await freePort();
  const bank = await startPart('bank/main.ts', {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-faults-')),
    WARIFU_PORT: String(port - 1),
    WARIFU_TRUSTED_PROXIES: '127.0.0.1',
    BANK_DATABASE_URL: await postgres.createDatabase('bank'),
  });
  say('200 logins at once', await logInAtOnce(port, 200));
  await bank.kill('SIGTERM');
}

const [wanted = '', seconds = '600'] = process.argv.slice(2);
const postgres = await startPostgres();
const node = await startNode(postgres.url);
const large = () => startNode(postgres.url, { WARIFU_DATA: node.data, WARIFU_MEMORY_MB: '400' });
const { tokens, asked } = await enrolledTokens(postgres.url, 640);

const attacks: Record<string, () => Promise<void>> = {
  cut: () =>
    database(
      'connections cut 40 times',
      postgres,
      node,
      cutConnections(postgres, node, { perSecond: 200, times: 40 }),
    ),
  kill: () =>
    database(
      'database killed',
      postgres,
      node,
      killDatabase(postgres, node, { perSecond: 200, awayMs: 2_000 }),
    ),
  stand300: () =>
    database(
      'standing, 300/s',
      postgres,
      node,
      standDatabase(postgres, node, { perSecond: 300, standMs: 15_000 }),
    ),
  stand800: () =>
    database(
      'standing, 800/s',
      postgres,
      node,
      standDatabase(postgres, node, { perSecond: 800, standMs: 15_000 }),
    ),
  posts: async () => flooded('4,000 unfinished requests', node, await unfinishedPosts(node, 4_000)),
  slow: async () => flooded('the same after 15 s', node, await unfinishedPosts(node, 1_000), 17_000),
  polls: async () => flooded('4,000 long polls', node, await longPolls(node, asked, 4_000)),
  streams: async () => flooded('5,000 event streams', node, await eventStreams(node, tokens, 5_000)),
  told: async () => {
    const roomy = await large();
    const streams = await eventStreams(roomy, tokens, 5_000);
    await pause(2_000);
    const started = performance.now();
    await wake(postgres.url, asked.tokenId);
    await streams.received('event: confirmations', 7);
    say('5,000 streams, 400 MB: woken', { ms: Math.round(performance.now() - started) });
    await flooded('5,000 streams, 400 MB', roomy, streams);
    await roomy.part.kill('SIGTERM');
  },
  backlog: () => backlog(postgres, 10_000_000),
  logins: () => logins(postgres),
  overload: async () => {
    const what = await overload(postgres);
    say('overload', what);
    if (!what.held) process.exitCode = 1;
  },
  storm: async () => {
    const what = await storm(postgres, Number(seconds));
    say('storm', what);
    if (!what.held) process.exitCode = 1;
  },
};

try {
  for (const [name, attack] of Object.entries(attacks)) if (name.includes(wanted)) await attack();
} finally {
  await node.part.kill('SIGTERM');
  await postgres.stop();
}
