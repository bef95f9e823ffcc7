import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { asPostgresUser } from '../system-postgres.ts';
import { replaced } from './replaced.ts';
import { untilListening } from './until-listening.ts';

/** deploy/pgbouncer/pgbouncer.ini before a server of a test. */
export interface Pgbouncer {
  /** The URL of a server's database by way of it. */
  through(url: string): string;
  stop(): Promise<void>;
}

const FILE = 'deploy/pgbouncer/pgbouncer.ini';

/** @param serverUrl of any database of the server; those called `warifu` and `warifu_bank` are reached */
export async function startPgbouncer(serverUrl: string): Promise<Pgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'warifu-pgbouncer-'));
  const user = asPostgresUser();
  const port = await freePort();
  const users = join(folder, 'userlist.txt');
  const { username, password, port: serverPort } = new URL(serverUrl);
  writeFileSync(users, `"${username}" "${password}"\n`);
  const settings = replaced(FILE, [
    ['port=5432', `port=${serverPort}`],
    ['listen_port = 6432', `listen_port = ${port}`],
    ['/etc/pgbouncer/userlist.txt', users],
  ]);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, settings);
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const child = spawn('pgbouncer', ['--quiet', file], { ...user, stdio: 'ignore' });
  const ended = once(child, 'exit');
  await Promise.race([
    untilListening(port),
    ended.then(([code]) => {
      throw new Error(`pgbouncer ended with ${code}`);
    }),
  ]);
  return {
    through: (url) => {
      const there = new URL(url);
      there.port = String(port);
      return there.href;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
