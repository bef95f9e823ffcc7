import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

/** A machine in the network of this one, with folders of its own where PostgreSQL, Patroni and etcd keep theirs. */
export interface DatabaseMachine {
  readonly name: string;
  readonly address: string;
  /** Runs commands on it as an operator copies them. @returns what they printed */
  run(text: string): string;
  /** Kills all of it at once. */
  lose(): void;
}

const OWN_FOLDERS = `
for folder in /run /etc/default /etc/patroni /var/lib/etcd /var/lib/postgresql; do mount -t tmpfs -o mode=755 tmpfs $folder; done
chown etcd: /var/lib/etcd
chown postgres: /var/lib/postgresql
install -d -o postgres -g postgres /run/postgresql
echo there
exec sleep infinity`;

/** Those of deploy/patroni/. */
const ADDRESSES = ['10.0.0.11', '10.0.0.12', '10.0.0.13'];

export async function databaseMachines(): Promise<DatabaseMachine[]> {
  const machines: DatabaseMachine[] = [];
  for (const [place, address] of ADDRESSES.entries()) {
    execFileSync('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
    const machine = spawn('unshare', ['--mount', 'bash', '-euc', OWN_FOLDERS], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(machine.stdout, 'data');
    const within = ['--mount', '--root', '--wd', `--target=${machine.pid}`, 'bash', '-euo', 'pipefail'];
    const run = (text: string) => {
      console.log(text.trim());
      return execFileSync('nsenter', within, {
        input: text,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'inherit'],
      });
    };
    machines.push({
      name: `db${place + 1}`,
      address,
      run,
      lose: () => {
        run(`server=$(head -1 /var/lib/postgresql/15/warifu/postmaster.pid)
kill -KILL $(cat /run/units/patroni /run/units/etcd) $(pgrep --parent $server) $server`);
        machine.kill('SIGKILL');
      },
    });
  }
  return machines;
}

/** Waits until one leads, and as many others as are left follow it, one of them synchronously. @returns the one that leads */
export async function untilOneLeads(machines: readonly DatabaseMachine[]): Promise<DatabaseMachine> {
  for (let left = 300; left > 0; left -= 1) {
    const leader = await leaderOf(machines);
    if (leader !== undefined) return leader;
    await pause(500);
  }
  throw new Error('none of the database machines leads the others');
}

async function leaderOf(machines: readonly DatabaseMachine[]): Promise<DatabaseMachine | undefined> {
  const answer = await fetch(`http://${machines[0]?.address}:8008/cluster`).catch(() => undefined);
  if (!answer?.ok) return undefined;
  const { members } = (await answer.json()) as { members: { name: string; role: string; state: string }[] };
  const running = members.filter(({ state }) => state === 'running');
  const isWhole = running.length === machines.length && running.some(({ role }) => role === 'sync_standby');
  const leader = running.find(({ role }) => role === 'leader');
  return isWhole ? machines.find(({ name }) => name === leader?.name) : undefined;
}
