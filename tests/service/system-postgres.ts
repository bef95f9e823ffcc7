import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresTools } from '../postgres-tools.ts';
import { freePort } from './free-port.ts';

/** The system's PostgreSQL, whose `pg_dump` is of the same version, unlike that of the tests' own. */
export interface SystemPostgres {
  /** Makes an empty database. @returns its URL */
  createDatabase(name: string): string;
  stop(): void;
}

/** Neither it nor what belongs to it runs as root, so root runs it as the user of the package. */
export function asPostgresUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export async function startSystemPostgres(): Promise<SystemPostgres> {
  const bin = postgresTools();
  const folder = mkdtempSync(join(tmpdir(), 'warifu-system-pg-'));
  const user = asPostgresUser();
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const password = join(folder, 'password');
  writeFileSync(password, 'warifu\n', { mode: 0o644 });
  const port = await freePort();
  const run = (tool: string, ...args: string[]) =>
    execFileSync(join(bin, tool), args, { ...user, cwd: folder, stdio: 'ignore' });
  const names = ['--username=warifu', `--pwfile=${password}`, '--auth=scram-sha-256', '--no-sync'];
  run('initdb', `--pgdata=${data}`, '--encoding=UTF8', '--locale=C', ...names);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder}`;
  run('pg_ctl', 'start', '-w', '-D', data, '-o', options, '-l', join(folder, 'log'));
  const urlOf = (name: string) => `postgres://warifu:warifu@127.0.0.1:${port}/${name}`;
  const env = { ...process.env, PGPASSWORD: 'warifu' };
  return {
    createDatabase: (name) => {
      execFileSync(join(bin, 'createdb'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'warifu', name], {
        env,
      });
      return urlOf(name);
    },
    stop: () => {
      run('pg_ctl', 'stop', '-m', 'fast', '-D', data);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
