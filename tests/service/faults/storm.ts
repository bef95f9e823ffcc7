import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Client } from 'pg';
import { ActiveTokens } from '../../bench/active-tokens.ts';
import { freePort } from '../free-port.ts';
import type { TestPostgres } from '../postgres.ts';
import { type CodeLoad, measuredLoad, type Side } from './codes.ts';
import { cutAll, lostAndDoubledCodes } from './database.ts';
import { type Asked, enrolledTokens, type Flood, longPolls, unfinishedPosts } from './flood.ts';
import { untilReady } from './load.ts';
import { watchMemory } from './memory.ts';
import { type Node, startNode } from './node.ts';

const FAULT_EVERY_MS = 20_000;
const FLOOD = 2_000;
const SHARE = 0.5;
const MINUTE_MS = 60_000;
/** So often memory is looked at in a storm of a few minutes; in a longer one once a minute. */
const SAMPLES = 12;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What came of a storm, and whether all of it held. */
interface Storm {
  readonly held: boolean;
  readonly [figure: string]: unknown;
}

/**
 * Half of what one node can take, sent to two, while one thing after another fails. The second node is killed again and
 * again; the first lives through all of it, and shows what becomes of its memory.
 */
export async function storm(server: TestPostgres, seconds: number): Promise<Storm> {
  const postgres = { ...server, url: await server.createDatabase('storm') };
  const keys = new ActiveTokens();
  const env = {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-faults-')),
    WARIFU_MASTER_KEY: keys.masterKey,
  };
  const inspector = await freePort();
  const first = await startSide(postgres.url, env, [`--inspect=127.0.0.1:${inspector}`]);
  const second = await startSide(postgres.url, env);
  try {
    return await stormOn(postgres, keys, { first, second, inspector }, seconds);
  } finally {
    await first.end('SIGTERM');
    await second.end('SIGTERM');
  }
}

interface Sides {
  readonly first: RunningSide;
  readonly second: RunningSide;
  /** Port by which the first one's heap is looked at. */
  readonly inspector: number;
}

async function stormOn(
  postgres: TestPostgres,
  keys: ActiveTokens,
  { first, second, inspector }: Sides,
  seconds: number,
): Promise<Storm> {
  const sides = [first, second];
  const { load, perSecond } = await measuredLoad(postgres.url, keys, first, SHARE);

  const sampleEveryMs = Math.min(MINUTE_MS, (seconds * 1000) / SAMPLES);
  const endMemory = watchMemory(inspector, first.residentMb, sampleEveryMs);
  const stalls = monitorEventLoopDelay();
  stalls.enable();
  const end = load.atRate(sides, perSecond);
  const started = performance.now();
  const faults = faultsOn(postgres, sides, second, await askedForLong(postgres));
  const readyAfterMs = await inTurn(faults, sides, load, seconds).finally(end);
  const memory = await endMemory();
  const { acceptedKeys, ...ledger } = load.ledger;
  const { lost, doubled } = await lostAndDoubledCodes(postgres, load.ledger);
  const exits = first.exits() + second.exits();
  return {
    held: lost + doubled + exits + ledger.refused + ledger.disagreed === 0 && memory.isFlat,
    seconds: Math.round((performance.now() - started) / 1000),
    perSecond,
    ...ledger,
    readyAfterMs,
    lost,
    doubled,
    exits,
    /** For so long this process did not listen: the machine was too busy to tell. */
    clientStalledMs: Math.round(stalls.max / 1e6),
    memoryMb: memory,
  };
}

/** @returns how long after each fault both nodes were ready, the longest */
async function inTurn(
  faults: readonly Fault[],
  sides: readonly Side[],
  load: CodeLoad,
  seconds: number,
): Promise<Record<string, number>> {
  const readyAfterMs: Record<string, number> = {};
  const everyMs = Math.min(FAULT_EVERY_MS, (seconds * 1000) / faults.length);
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  for (let turn = 0; elapsed() < seconds * 1000; turn += 1) {
    const fault = faults[turn % faults.length];
    if (fault === undefined) break;
    load.during(fault.name);
    await fault.happen();
    const ready = await Promise.all(sides.map(({ port }) => untilReady(port)));
    readyAfterMs[fault.name] = Math.round(Math.max(readyAfterMs[fault.name] ?? 0, ...ready));
    const { answers, slowestMs } = load.ledger;
    const now = `${Math.round(elapsed() / 1000)} s: ${fault.name}`;
    console.error(now, JSON.stringify(answers), JSON.stringify(slowestMs));
    await pause(Math.max(0, (turn + 1) * everyMs - elapsed()));
  }
  load.during('the end');
  return readyAfterMs;
}

interface Fault {
  readonly name: string;
  happen(): Promise<void>;
}

function faultsOn(
  postgres: TestPostgres,
  sides: readonly Side[],
  killed: RunningSide,
  asked: Asked,
): readonly Fault[] {
  const flood = async (floods: readonly Promise<Flood>[]) => {
    const all = await Promise.all(floods);
    await pause(8_000);
    for (const one of all) one.end();
  };
  return [
    {
      name: 'cut',
      happen: async () => {
        for (let time = 0; time < 20; time += 1) {
          await cutAll(postgres);
          await pause(100);
        }
      },
    },
    {
      name: 'node killed',
      happen: async () => {
        await killed.end('SIGKILL');
        await pause(2_000);
        await killed.start();
      },
    },
    {
      name: 'database stopped',
      happen: async () => {
        postgres.stand();
        await pause(10_000);
        postgres.goOn();
      },
    },
    { name: 'posts', happen: () => flood(sides.map((side) => unfinishedPosts(side, FLOOD))) },
    {
      name: 'database killed',
      happen: async () => {
        await postgres.kill();
        await pause(2_000);
        await postgres.restart();
      },
    },
    { name: 'polls', happen: () => flood(sides.map((side) => longPolls(side, asked, FLOOD))) },
  ];
}

interface RunningSide extends Side {
  start(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
  residentMb(): number;
  /** How often it ended that we did not end it. */
  exits(): number;
}

async function startSide(
  url: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<RunningSide> {
  let node: Node = await startNode(url, env, { flags });
  const { port, apiKey } = node;
  let life: number | undefined = 1;
  let lives = 1;
  let exits = 0;
  const watch = (of: number) =>
    void node.part.exited.then((code) => {
      if (life !== of) return;
      exits += 1;
      console.error(`a node ended with ${code}:\n${node.part.output.slice(-20).join('\n')}`);
    });
  watch(lives);
  return {
    port,
    apiKey,
    get life() {
      return life;
    },
    start: async () => {
      node = await startNode(url, { ...env, WARIFU_PORT: String(port) });
      lives += 1;
      life = lives;
      watch(lives);
    },
    end: async (signal) => {
      life = undefined;
      await node.part.kill(signal);
    },
    residentMb: () => Math.round(node.residentMb()),
    exits: () => exits,
  };
}

/** Asks a customer something that waits for as long as the storm lasts. */
async function askedForLong({ url }: TestPostgres): Promise<Asked> {
  const { asked } = await enrolledTokens(url, 1);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`update confirmations set expires_at = now() + interval '1 day'`);
  await client.end();
  return asked;
}
