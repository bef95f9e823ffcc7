import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openPostgres } from '../../../../server/store/database.ts';
import { ActiveTokens } from '../../../bench/active-tokens.ts';
import { type CodeLoad, codeLoad, type Side } from '../../faults/codes.ts';
import { lostAndDoubledCodes } from '../../faults/database.ts';
import { type Node, startNode } from '../../faults/node.ts';
import { type Cluster, type Member, startCluster } from './cluster.ts';
import { Pauses, writeTo } from './writer.ts';

/**
 * `node tests/service/deploy/failover/run.ts [rounds]`, as root on Debian: the primary of three Patroni nodes is lost again and again
 * under load. Fails if anything was lost or doubled, or if the service came back more than a second after the database.
 */

const PER_SECOND = 100;
/** Longer than a step, and than a code is sent again for. */
const TOKENS = PER_SECOND * 75;
const BACK_WITHIN_MS = 1_000;

interface Loss {
  readonly name: string;
  happen(to: Member): void;
  /** After another has taken over. */
  mend(it: Member): void;
}

const LOSSES: readonly Loss[] = [
  {
    name: 'machine lost: PostgreSQL and Patroni killed',
    happen: (to) => {
      to.signalPatroni('SIGKILL');
      to.signalPostgres('SIGKILL');
    },
    mend: (it) => it.start(),
  },
  {
    name: 'PostgreSQL killed',
    happen: (to) => to.signalPostgres('SIGKILL'),
    mend: () => {},
  },
  {
    name: 'Patroni killed, PostgreSQL goes on',
    happen: (to) => to.signalPatroni('SIGKILL'),
    mend: (it) => it.start(),
  },
  {
    name: 'machine stands: both stopped, later continued',
    happen: (to) => {
      to.signalPatroni('SIGSTOP');
      to.signalPostgres('SIGSTOP');
    },
    mend: (it) => {
      it.signalPostgres('SIGCONT');
      it.signalPatroni('SIGCONT');
    },
  },
];

interface Row {
  readonly loss: string;
  /** Milliseconds in which no server committed anything. */
  readonly database: number;
  /** Milliseconds in which a node answered nothing with 200, the longer of both. */
  readonly service: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
}

async function round(loss: Loss, cluster: Cluster, load: CodeLoad, sides: readonly WatchedSide[]) {
  const primary = await cluster.untilWhole();
  const before = load.ledger.accepted;
  const end = load.atRate(sides, PER_SECOND);
  await pause(2_000);
  const database = new Pauses();
  for (const side of sides) side.pauses.reset();
  const elsewhere = Promise.withResolvers<void>();
  const writers = cluster.members.map((member) =>
    writeTo(member.url, () => {
      database.done();
      if (member !== primary) elsewhere.resolve();
    }),
  );
  await pause(1_000);
  loss.happen(primary);
  await elsewhere.promise;
  const back = sides.map((side) => side.served());
  await Promise.all(back);
  loss.mend(primary);
  const after = await cluster.untilWhole();
  await Promise.all(writers.map((stop) => stop()));
  await end();
  const row: Row = {
    loss: loss.name,
    database: database.longestMs,
    service: Math.max(...sides.map(({ pauses }) => pauses.longestMs)),
    acknowledged: load.ledger.accepted - before,
    ...(await lostAndDoubledCodes(after, load.ledger)),
  };
  const { answers, refused, unanswered, disagreed } = load.ledger;
  console.error(JSON.stringify({ from: primary.name, to: after.name, ...row }));
  console.error(JSON.stringify({ answers, refused, unanswered, disagreed }));
  return row;
}

interface WatchedSide extends Side {
  readonly node: Node;
  readonly pauses: Pauses;
  /** Resolves at the next 200. */
  served(): Promise<void>;
}

async function main(rounds: number): Promise<number> {
  const missing = ['patroni', 'etcd'].some((program) => spawnSync('which', [program]).status !== 0);
  if (missing) execFileSync('apt-get', ['install', '-y', 'patroni', 'etcd-server'], { stdio: 'inherit' });
  const output = mkdtempSync(join(tmpdir(), 'warifu-failover-bundle-'));
  execFileSync(process.execPath, ['bundle.ts'], { env: { ...process.env, WARIFU_OUTPUT: output } });
  const cluster = await startCluster();
  const keys = new ActiveTokens();
  const env = {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-failover-data-')),
    WARIFU_MASTER_KEY: keys.masterKey,
  };
  const waiting = new Map<number, () => void>();
  const startSide = async (): Promise<WatchedSide> => {
    const node = await startNode(cluster.url, env, { file: join(output, 'service/server/main.js') });
    const served = () => new Promise<void>((resolve) => waiting.set(node.port, resolve));
    return { node, port: node.port, apiKey: node.apiKey, life: 1, pauses: new Pauses(), served };
  };
  const sides = [await startSide(), await startSide()];
  const rows: Row[] = [];
  try {
    const { db, close } = await openPostgres(cluster.url);
    const tokens = await keys.insert(db, TOKENS, 0);
    await close();
    const load = codeLoad(keys, tokens, ({ port }) => {
      sides.find((side) => side.port === port)?.pauses.done();
      waiting.get(port)?.();
    });
    for (let number = 0; number < rounds; number += 1) {
      const loss = LOSSES[number % LOSSES.length];
      if (loss !== undefined) rows.push(await round(loss, cluster, load, sides));
    }
  } finally {
    for (const { node } of sides) if (!node.isAlive()) console.error(node.part.output.slice(-20).join('\n'));
    await Promise.all(sides.map(({ node }) => node.part.kill('SIGTERM')));
    await cluster.stop();
  }
  console.table(rows);
  const good = rows.every(
    ({ lost, doubled, database, service }) =>
      lost === 0 && doubled === 0 && service <= database + BACK_WITHIN_MS,
  );
  return good && rows.length === rounds ? 0 : 1;
}

process.exitCode = await main(Number(process.argv[2] ?? 10));
