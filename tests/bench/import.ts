import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, escapeLiteral } from 'pg';
import { systemRandomBytes } from '../../host/random.ts';
import { writePskc } from '../../host/token-file/pskc-write.ts';
import type { FileToken } from '../../host/token-file/token.ts';
import { INSTITUTION_KEY } from './active-tokens.ts';
import type { Bench, Figure, Group } from './measure.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { type Ground, newGround, startService } from './token-service.ts';

/** Tokens of the file, unless the second argument of the bench says otherwise. */
const TOKENS = 1_000_000;
const LEAST_PER_SECOND = 5_000;
const MOST_RESIDENT_MB = 200;
const MB = 1_000_000;
const PASSWORD = 'bench';

/** A file of hardware tokens under a password, imported by the command into a service on PostgreSQL. */
export const tokenImport: Group = {
  name: 'import',
  run: async (bench) => {
    const count = bench.count ?? TOKENS;
    const ground = await newGround('PostgreSQL', bench);
    const service = await startService(ground, bench);
    const folder = temporaryFolder(bench);
    const file = join(folder, 'tokens.xml');
    const passwordFile = join(folder, 'password');
    bench.progress(`import: a file of ${count} tokens is written`);
    writeFileSync(passwordFile, PASSWORD);
    await pipeline(
      Readable.from(writePskc(Readable.from(tokensFor(count)), { password: PASSWORD }, systemRandomBytes)),
      createWriteStream(file),
    );
    bench.progress('import: it is imported');
    const env = { ...ground.env, WARIFU_PORT: String(service.port) };
    const { seconds, peakBytes } = await importFile(file, passwordFile, env, bench);
    const servicePeak = peakOf(service.part.child.pid);
    bench.progress('import: its rows are copied');
    const copySeconds = await copyRows(ground, count);
    const perSecond = count / seconds;
    return [
      {
        name: 'tokens imported, PostgreSQL',
        value: perSecond,
        unit: '/s',
        against: { name: 'limit', value: LEAST_PER_SECOND },
        target: { atLeast: 1 },
        note: `${count} tokens, read twice, their keys opened twice: ${seconds.toFixed(0)} s in all`,
      },
      {
        name: 'tokens imported, PostgreSQL',
        value: perSecond,
        unit: '/s',
        against: { name: 'bare COPY of the same rows', value: count / copySeconds },
      },
      resident('command at its most', peakBytes),
      resident('service at its most', servicePeak),
    ];
  },
};

/** @returns seconds that the rows of the import take by COPY alone, into a table with the same indexes */
async function copyRows({ env }: Ground, count: number): Promise<number> {
  const client = new Client(env.DATABASE_URL);
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    const copied = escapeLiteral(`${rows[0]?.data_directory}/bench-rows`);
    await client.query(`copy tokens to ${copied}`);
    await client.query('create table copied (like tokens including all)');
    const started = performance.now();
    const { rowCount } = await client.query(`copy copied from ${copied}`);
    if (rowCount !== count) throw new Error('not every token was imported once');
    return (performance.now() - started) / 1_000;
  } finally {
    await client.end();
  }
}

const resident = (name: string, bytes: number): Figure => ({
  name: `import: ${name}, resident`,
  value: bytes / MB,
  unit: 'MB',
  against: { name: 'limit', value: MOST_RESIDENT_MB },
  target: { atMost: 1 },
});

function* tokensFor(count: number): Generator<FileToken> {
  for (let place = 0; place < count; place += 1) {
    const isCounted = place % 2 === 0;
    yield {
      serial: `HW${String(place).padStart(10, '0')}`,
      parameters: { algorithm: 'SHA-1', digits: 6, period: isCounted ? null : 30 },
      key: new Uint8Array(randomBytes(20)),
      nextCount: 0,
      drift: 0,
      expiresAt: null,
    };
  }
}

/** How `npm run warifu` starts the command: npm itself would be measured too. */
function warifu(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { warifu: string } };
  return scripts.warifu.split(' ').slice(1);
}

const EVERY_MS = 50;

/** Runs the command, and looks at the most memory it ever had. */
async function importFile(
  file: string,
  passwordFile: string,
  env: Readonly<Record<string, string>>,
  bench: Bench,
): Promise<{ seconds: number; peakBytes: number }> {
  const act = ['--institution', INSTITUTION_KEY, '--actor', 'bench', '--reason', 'bench'];
  const args = ['tokens', 'import', file, ...act, '--password-file', passwordFile];
  const started = performance.now();
  const child = spawn(process.execPath, [...warifu(), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  bench.defer(() => child.kill('SIGKILL'));
  const said = text(child.stderr);
  let peakBytes = 0;
  while (child.exitCode === null && child.signalCode === null) {
    peakBytes = Math.max(peakBytes, peakOf(child.pid));
    await wait(EVERY_MS);
  }
  if (child.exitCode !== 0) throw new Error(`the import ended with ${child.exitCode}: ${await said}`);
  return { seconds: (performance.now() - started) / 1_000, peakBytes };
}

/** The most resident memory that a process ever had, in bytes; 0 where it is gone. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
