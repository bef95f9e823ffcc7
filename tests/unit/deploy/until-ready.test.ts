import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What systemd waits for before a unit counts as started. */

const UNITS = resolve(import.meta.dirname, '../../../deploy/systemd');

/** The words of ExecStartPost of an instance, as systemd reads them. */
function wordsOf(unit: string, instance: number): string[] {
  const [, line = ''] = /^ExecStartPost=(.*)$/m.exec(readFileSync(join(UNITS, unit), 'utf8')) ?? [];
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) =>
    (single ?? double ?? bare ?? '').replaceAll('%i', String(instance)).replaceAll('$$', '$'),
  );
}

interface Asked {
  readonly instance: number;
  /** The main process of the unit. */
  readonly pid: number;
  readonly env?: Readonly<Record<string, string>>;
}

async function statusOf(unit: string, { instance, pid, env = {} }: Asked): Promise<number | null> {
  const [file = '', ...args] = wordsOf(unit, instance);
  const waits = spawn(file, args, {
    stdio: 'ignore',
    env: { PATH: process.env.PATH, MAINPID: String(pid), ...env },
    timeout: 50_000,
    killSignal: 'SIGKILL',
  });
  const [status] = await once(waits, 'exit');
  return status;
}

const hasIpv6 = Object.values(networkInterfaces()).some((of) => of?.some(({ address }) => address === '::1'));
const HOSTS = ['127.0.0.1', '127.0.0.2', '0.0.0.0', ...(hasIpv6 ? ['::1', '::'] : [])];

/** A node that is ready. */
async function listening(host: string) {
  const paths: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    paths.push(url);
    response.end();
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, paths, close: () => server.close() };
}

describe.each([
  { unit: 'warifu-service@.service', variable: 'WARIFU_HOST', after: 0 },
  { unit: 'warifu-bank@.service', variable: 'WARIFU_BANK_HOST', after: 1 },
])('$unit', ({ unit, variable, after }) => {
  test.each([
    { host: '127.0.0.1', env: {} },
    { host: '127.0.0.1', env: { [variable]: '' } },
    ...HOSTS.map((host) => ({ host, env: { [variable]: host } })),
  ])('has started when it is ready on $host', async ({ host, env }) => {
    const node = await listening(host);
    const asked = { instance: node.port - after, pid: process.pid, env };
    expect(await statusOf(unit, asked)).toBe(0);
    expect(node.paths).toEqual(['/readyz']);
    node.close();
  });

  test('has not started when its process has ended', async () => {
    const { pid } = spawnSync('true');
    expect(await statusOf(unit, { instance: 9, pid })).toBe(1);
  });
});
