import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { Client } from 'pg';
import { postgresTools } from '../../../postgres-tools.ts';
import { freePort } from '../../free-port.ts';
import { signalServer } from '../../postmaster.ts';
import { asPostgresUser } from '../../system-postgres.ts';
import { replaced } from '../replaced.ts';
import { untilListening } from '../until-listening.ts';

/** Three database machines, installed with the files of deploy/patroni/, each at a loopback address of its own. */
export interface Cluster {
  readonly members: readonly Member[];
  /** Names all three. */
  readonly url: string;
  /** Waits until all three are there. @returns the primary */
  untilWhole(): Promise<Member>;
  stop(): Promise<void>;
}

export interface Member {
  readonly name: string;
  /** URL of its own server. */
  readonly url: string;
  signalPostgres(signal: NodeJS.Signals): void;
  signalPatroni(signal: NodeJS.Signals): void;
  /** Starts Patroni where it has ended, as systemd does. */
  start(): void;
}

const ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
const USER = 'warifu';
const WHOLE_WITHIN_MS = 120_000;

export async function startCluster(): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-failover-'));
  const user = asPostgresUser();
  const handOver = (own: string) => {
    if (user.uid !== undefined && user.gid !== undefined) chownSync(own, user.uid, user.gid);
  };
  handOver(folder);
  const ports = {
    '5432': await freePort(),
    '8008': await freePort(),
    '2379': await freePort(),
    '2380': await freePort(),
  };
  const places = (name: string, address: string): (readonly [string, string])[] => [
    ['THIS_NAME', name],
    ['THIS_ADDRESS', address],
    ...ADDRESSES.map((one, place) => [`10.0.0.1${place + 1}`, one] as const),
  ];
  const running = new Set<ChildProcess>();
  const run = (name: string, program: string, args: readonly string[], env: object = {}) => {
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = spawn(program, args, {
      ...user,
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', log, log],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };
  const portsOf = (which: (keyof typeof ports)[]) =>
    which.map((port) => [`:${port}`, `:${ports[port]}`] as const);

  const machines = ADDRESSES.map((address, place) => ({ address, name: `db${place + 1}` }));
  for (const { name, address } of machines) {
    const settings = replaced('deploy/patroni/etcd.env', [
      ...places(name, address),
      ...portsOf(['2379', '2380']),
      ['/var/lib/etcd/warifu', join(folder, `etcd-${name}`)],
    ]);
    run(`etcd-${name}`, 'etcd', [], parseEnv(settings));
  }

  const members = machines.map(({ name, address }): Member => {
    const own = join(folder, name);
    mkdirSync(own);
    handOver(own);
    const data = join(own, 'data');
    const config = join(own, 'config.yml');
    const settings = replaced('deploy/patroni/patroni.yml', [
      ...places(name, address),
      ...portsOf(['2379', '5432', '8008']),
      ['10.0.0.0/24', '127.0.0.0/8'],
      ['/usr/lib/postgresql/15/bin', postgresTools()],
      ['/var/lib/postgresql/15/warifu', data],
      ['/var/lib/postgresql/.pgpass-patroni', join(own, 'pgpass')],
      ['/var/run/postgresql', own],
    ]);
    writeFileSync(config, settings);
    let patroni = run(name, 'patroni', [config]);
    return {
      name,
      url: `postgres://${USER}:${USER}@${address}:${ports['5432']}/${USER}`,
      signalPostgres: (signal) => signalServer(data, signal),
      signalPatroni: (signal) => patroni.kill(signal),
      start: () => {
        if (!running.has(patroni)) patroni = run(name, 'patroni', [config]);
      },
    };
  });

  const untilWhole = async (): Promise<Member> => {
    const until = performance.now() + WHOLE_WITHIN_MS;
    while (performance.now() < until) {
      const primary = await primaryOfWhole(`http://${ADDRESSES[0]}:${ports['8008']}`);
      const member = members.find(({ name }) => name === primary);
      if (member !== undefined) return member;
      await pause(200);
    }
    throw new Error(`the three are not there; what they say is in ${folder}`);
  };
  await untilListening(ports['8008']);
  const primary = await untilWhole();
  await createDatabase(primary.url);
  const hosts = ADDRESSES.map((address) => `${address}:${ports['5432']}`).join(',');
  return {
    members,
    url: `postgres://${USER}:${USER}@${hosts}/${USER}`,
    untilWhole,
    stop: async () => {
      const ended = [...running].map((child) => once(child, 'exit'));
      // Patroni stops its server in order as it ends.
      for (const member of members) member.signalPatroni('SIGTERM');
      await pause(10_000);
      for (const child of running) child.kill('SIGKILL');
      await Promise.all(ended);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Reported {
  readonly members: readonly {
    readonly name: string;
    readonly role: string;
    readonly state: string;
    readonly timeline?: number;
  }[];
}

/** Asks one Patroni for all of them. @returns the primary, if all run with it and one is its synchronous standby */
async function primaryOfWhole(api: string): Promise<string | undefined> {
  const answer = await fetch(`${api}/cluster`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  if (!answer?.ok) return undefined;
  const { members } = (await answer.json()) as Reported;
  const primary = members.find(({ role }) => role === 'leader');
  const whole =
    members.length === ADDRESSES.length &&
    members.some(({ role }) => role === 'sync_standby') &&
    members.every(({ state, timeline }) => state === 'running' && timeline === primary?.timeline);
  return whole ? primary?.name : undefined;
}

async function createDatabase(url: string): Promise<void> {
  const there = new URL(url);
  Object.assign(there, { username: 'postgres', password: 'SUPERUSER_PASSWORD', pathname: '/postgres' });
  const client = new Client({ connectionString: there.href });
  await client.connect();
  await client.query(`create role ${USER} login password '${USER}'`);
  await client.query(`create database ${USER} owner ${USER}`);
  await client.end();
}
