import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Import } from '../../core/api/imports.ts';
import { systemRandomBytes } from '../../host/random.ts';
import { writeCsv } from '../../host/token-file/csv.ts';
import { writePskc } from '../../host/token-file/pskc-write.ts';
import type { FileToken } from '../../host/token-file/token.ts';
import { COMPILED, programFile } from '../../programs.ts';
import { pskctool } from '../oath-tools.ts';
import { useRunningService } from './running-service.ts';

/** `npm run warifu -- tokens …` beside a running service on PostgreSQL. */

const running = useRunningService();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warifu-files-'));
});

const ACT = ['--institution', 'senpoku', '--actor', 'staff01', '--reason', '納品'];

/** @param by a program that starts it, with its arguments */
function start(
  args: readonly string[],
  by: readonly string[] = [],
): ChildProcess & { stdout: Readable; stderr: Readable } {
  const [program = '', ...rest] = [
    ...by,
    process.execPath,
    programFile('command/main.ts'),
    'tokens',
    ...args,
  ];
  return spawn(program, rest, {
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...running().env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

async function warifu(args: readonly string[], input = '', by: readonly string[] = []) {
  const child = start(args, by);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin?.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await exited, out, err };
}

const importing = (file: string, ...args: string[]) => ['import', file, ...ACT, ...args];

function written(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

let made = 0;
/** Tokens that count, under serials nobody else has. */
function newTokens(count: number): FileToken[] {
  made += 1;
  return Array.from({ length: count }, (_, place) => ({
    serial: `C${made}T${String(place).padStart(6, '0')}`,
    parameters: { algorithm: 'SHA-1', digits: 6, period: null },
    key: new Uint8Array(randomBytes(20)),
    nextCount: 3,
    drift: 0,
    expiresAt: null,
  }));
}

const csvOf = (tokens: readonly FileToken[]) => text(writeCsv(Readable.from(tokens)));
const pskcOf = (tokens: readonly FileToken[], password: string) =>
  text(writePskc(Readable.from(tokens), { password }, systemRandomBytes));

const serialsIn = async (tokens: readonly FileToken[]) => {
  const prefix = tokens[0]?.serial.slice(0, -6);
  const rows = await running()
    .db.selectFrom('tokens')
    .select('serial')
    .where('serial', 'like', `${prefix}%`)
    .orderBy('serial')
    .execute();
  return rows.map(({ serial }) => serial);
};

/** Takes a serial and does not commit: an import waits there. @returns gives the serial back */
async function takeSerial(token: FileToken | undefined): Promise<() => Promise<void>> {
  const taking = await running().db.startTransaction().execute();
  await sql`
    insert into tokens (id, institution, serial, status, kind, algorithm, digits, period, confirmation_mode,
      issued_at, expires_at)
    values ('taken', 'senpoku', ${token?.serial}, 'enrolled', 'hardware-hotp', 'SHA-1', 6, null, 'approve',
      now(), now() + interval '1 year')`.execute(taking);
  return () => taking.rollback().execute();
}

async function standing(file: string): Promise<Import | undefined> {
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  const key = readFileSync(join(running().env.WARIFU_DATA, 'staff-keys', 'senpoku'), 'utf8').trim();
  const response = await fetch(`http://127.0.0.1:${running().env.WARIFU_PORT}/v1/staff/imports/${digest}`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  return response.status === 200 ? ((await response.json()) as Import) : undefined;
}

test('a file under a password is imported, once; the password comes by a file or the standard input', async () => {
  const tokens = newTokens(3);
  const file = written('tokens.xml', await pskcOf(tokens, '合言葉'));
  const first = await warifu(importing(file, '--password-file', '-'), '合言葉\n');
  expect(first).toEqual({ code: 0, out: '3 imported, 0 there before, 0 refused\n', err: '' });
  expect(await serialsIn(tokens)).toEqual(tokens.map(({ serial }) => serial));
  const again = await warifu(importing(file, '--password-file', written('password', '合言葉\nmore')));
  expect(again).toEqual(first);
  expect(await standing(file)).toMatchObject({ fileName: 'tokens.xml', actor: 'staff01', added: 3 });
});

test.each([
  ['another password', (file: string) => file, /^warifu: line \d+: the password or key is wrong/],
  ['no end', (file: string) => file.slice(0, -20), /^warifu: line \d+: it is not well-formed XML/],
  [
    'a DTD',
    (file: string) => file.replace('<Key', '<!DOCTYPE k><Key'),
    /^warifu: line \d+: it has a document type/,
  ],
])('with %s nothing is changed, and why is said', async (_what, broken, said) => {
  const tokens = newTokens(2);
  const isWrong = broken('x') === 'x' && said.source.includes('password');
  const file = written('tokens.xml', broken(await pskcOf(tokens, 'qwerty')));
  const { code, out, err } = await warifu(
    importing(file, '--password-file', '-'),
    isWrong ? 'qwertz' : 'qwerty',
  );
  expect(err).toMatch(said);
  expect([code, out]).toEqual([2, '']);
  expect(await serialsIn(tokens)).toEqual([]);
  expect(await standing(file)).toBeUndefined();
});

test('what cannot be read twice is not begun with', async () => {
  const { code, out, err } = await warifu(importing('/dev/stdin'), 'serial,digits\n');
  expect([code, out, err]).toEqual([2, '', 'warifu: cannot read /dev/stdin: it is not a file\n']);
});

test('bad rows and serials that are there are told by line, on the screen or in a report', async () => {
  const tokens = newTokens(4);
  await warifu(importing(written('first.csv', await csvOf(tokens.slice(0, 1)))));
  const file = written('second.csv', `${await csvOf(tokens)}bad,hotp,00,,,,,,\r\n`);
  const { code, out } = await warifu(importing(file));
  expect(out).toBe(`line 6: its key has under 112 bits
line 2: ${tokens[0]?.serial} is there already, and stays as it is
3 imported, 1 there before, 1 refused
`);
  expect(code).toBe(1);
  const report = join(folder, 'report.txt');
  const reported = await warifu(importing(file, '--report', report));
  expect(reported).toMatchObject({ code: 1, out: '3 imported, 1 there before, 1 refused\n' });
  expect(readFileSync(report, 'utf8')).toBe(out.split('\n').slice(0, 2).join('\n').concat('\n'));
});

test('of a run that is broken off no report is left, so that the same command goes on', async () => {
  const tokens = newTokens(1);
  const file = written('tokens.xml', await pskcOf(tokens, 'qwerty'));
  const args = importing(file, '--password-file', '-', '--report', join(folder, 'report.txt'));
  expect((await warifu(args, 'qwertz')).err).toMatch(/the password or key is wrong/);
  expect(await warifu(args, 'qwerty')).toMatchObject({ code: 0, err: '' });
});

describe('a report that cannot be written is said in one line, with the code of what cannot be told', () => {
  test('where there is such a file, before anything is imported', async () => {
    const tokens = newTokens(1);
    const file = written('tokens.csv', await csvOf(tokens));
    const { code, out, err } = await warifu(importing(file, '--report', written('report.txt', 'kept')));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^warifu: cannot write .*report\.txt: EEXIST[^\n]*\n$/);
    expect(await serialsIn(tokens)).toEqual([]);
  });

  test('where it does not fit, after all is imported', async () => {
    const tokens = newTokens(1);
    const bad = Array.from({ length: 100 }, (_, place) => `BAD${1_000 + place},hotp,00,,,,,,\r\n`).join('');
    const file = written('tokens.csv', `${await csvOf(tokens)}${bad}`);
    const args = importing(file, '--report', join(folder, 'report.txt'));
    // A file may have 1,024 bytes.
    const { code, out, err } = await warifu(args, '', ['bash', '-c', 'ulimit -f 1; exec "$0" "$@"']);
    expect([code, out]).toEqual([2, '1 imported, 0 there before, 100 refused\n']);
    expect(err).toMatch(/^warifu: cannot write .*report\.txt: EFBIG[^\n]*\n$/);
  });
});

test('what nobody has is exported: pskctool reads it, and so do we; the audit says who did', async () => {
  const tokens = newTokens(3);
  await warifu(importing(written('tokens.csv', await csvOf(tokens))));
  const out = join(folder, 'export.xml');
  const exportingTo = (...args: string[]) => ['export', ...ACT, '--out', out, ...args];
  expect((await warifu(exportingTo())).err).toMatch(/keys are written in clear with --clear only/);
  expect((await warifu(exportingTo('--format', 'csv', '--password-file', '-'), 'x')).err).toMatch(/CSV/);
  expect(existsSync(out)).toBe(false);
  const { code, err } = await warifu(exportingTo('--clear'));
  expect([code, err]).toEqual([0, expect.stringMatching(/^warifu: \d+ tokens\n$/)]);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const told = execFileSync(pskctool(), ['--info', out], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  for (const { serial, key } of tokens) {
    const [, secret] =
      new RegExp(`SerialNo: ${serial}[\\s\\S]*?Key Secret \\(base64\\): (.*)`).exec(told) ?? [];
    expect(secret).toBe(Buffer.from(key).toString('base64'));
  }
  expect(await exportsAudited()).toEqual([{ actor: 'staff01', reason: '納品' }]);
});

const exportsAudited = () =>
  running().db.selectFrom('audit').select(['actor', 'reason']).where('event', '=', 'export').execute();

const exporting = (out: string) => ['export', ...ACT, '--out', out, '--clear'];

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'of an export that %s ends no keys are left in half a file',
  async (signal) => {
    const out = join(folder, 'export.xml');
    await running()
      .db.transaction()
      .execute(async (trx) => {
        await sql`lock table tokens`.execute(trx);
        const child = start(exporting(out));
        const exited = new Promise((resolve) => child.once('exit', resolve));
        await vi.waitFor(() => expect(existsSync(out)).toBe(true), 30_000);
        child.kill(signal);
        expect(await exited).toBe(2);
      });
    expect(existsSync(out)).toBe(false);
  },
);

describe('an export that cannot be written is said in one line, with the code of what cannot be told', () => {
  test('where there is such a file, which stays as it is, and no export is audited', async () => {
    const [out, before] = [written('export.xml', 'kept'), await exportsAudited()];
    const { code, err } = await warifu(exporting(out));
    expect(err).toMatch(/^warifu: cannot write .*export\.xml: EEXIST[^\n]*\n$/);
    expect(code).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe('kept');
    expect(await exportsAudited()).toEqual(before);
  });

  test('where it does not fit, and no keys are left in half a file', async () => {
    await warifu(importing(written('tokens.csv', await csvOf(newTokens(20)))));
    const out = join(folder, 'export.xml');
    // A file may have 1,024 bytes.
    const { code, err } = await warifu(exporting(out), '', ['bash', '-c', 'ulimit -f 1; exec "$0" "$@"']);
    expect(err).toMatch(/^warifu: cannot write .*export\.xml: EFBIG[^\n]*\n$/);
    expect(code).toBe(2);
    expect(existsSync(out)).toBe(false);
  });
});

test('killed in the middle, it goes on: every token is there once', async () => {
  const tokens = newTokens(1_000);
  const file = written('tokens.csv', await csvOf(tokens));
  const goOn = await takeSerial(tokens[500]);
  const child = start(importing(file));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  try {
    while (((await standing(file))?.taken ?? 0) === 0) expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await exited;
    const broken = await standing(file);
    expect(broken?.endedAt).toBeUndefined();
    expect(broken?.taken).toBeLessThan(tokens.length);
  } finally {
    child.kill('SIGKILL');
    await exited;
    await goOn();
  }
  const { code, out } = await warifu(importing(file));
  expect([code, out]).toEqual([0, '1000 imported, 0 there before, 0 refused\n']);
  expect(await serialsIn(tokens)).toEqual(tokens.map(({ serial }) => serial));
});

test('two at once with the same file both end right, and no token is there twice', async () => {
  const tokens = newTokens(5_000);
  const file = written('tokens.csv', await csvOf(tokens));
  const both = await Promise.all([warifu(importing(file)), warifu(importing(file))]);
  for (const one of both) {
    expect(one).toMatchObject({ code: 0, out: '5000 imported, 0 there before, 0 refused\n' });
  }
  expect(await serialsIn(tokens)).toHaveLength(5_000);
});

test('a PSKC file with several tokens in one line is imported where some are there, and tells which', async () => {
  const tokens = newTokens(503);
  const there = tokens.slice(0, 502);
  const oneLine = async (some: readonly FileToken[]) => (await pskcOf(some, 'x')).replaceAll('\n', '');
  const importOf = async (name: string, content: string, ...args: string[]) =>
    warifu(importing(written(name, content), '--password-file', '-', ...args), 'x');
  expect((await importOf('there.xml', await oneLine(there))).code).toBe(0);
  const report = join(folder, 'report');
  const { code, out } = await importOf('all.xml', await oneLine(tokens), '--report', report);
  expect([code, out]).toEqual([1, '1 imported, 502 there before, 0 refused\n']);
  expect(readFileSync(report, 'utf8').trim().split('\n')).toEqual(
    there.map(({ serial }) => `line 1: ${serial} is there already, and stays as it is`),
  );
});

test('a stolen box, or a file with wrong keys: its serials are taken out, and a corrected file brings them', async () => {
  const wrong = newTokens(3);
  expect((await warifu(importing(written('wrong.csv', await csvOf(wrong))))).code).toBe(0);
  const serials = wrong.map(({ serial }) => serial);
  const voided = await warifu(['void', ...serials, ...ACT]);
  expect(voided).toEqual({ code: 0, out: serials.map((serial) => `${serial} void\n`).join(''), err: '' });
  expect(await serialsIn(wrong)).toEqual([]);
  const again = await warifu(['void', serials[0] ?? '', ...ACT]);
  expect(again).toMatchObject({ code: 1, out: expect.stringContaining('left as it is') });
  const right = wrong.map((token) => ({ ...token, key: new Uint8Array(randomBytes(20)) }));
  const { out } = await warifu(importing(written('right.csv', await csvOf(right))));
  expect(out).toBe('3 imported, 0 there before, 0 refused\n');
  expect(await serialsIn(wrong)).toEqual(serials);
});

test('serials of a stolen box are taken as a file has them, and one that is none keeps no other in', async () => {
  const tokens = newTokens(3);
  const dashed = ({ serial }: FileToken) => `${serial.slice(0, 3)}-${serial.slice(3).toLowerCase()}`;
  const content = tokens.map((token) => `${dashed(token)},hotp,${Buffer.from(token.key).toString('hex')}`);
  await warifu(importing(written('box.csv', ['serial,kind,key', ...content].join('\n'))));
  const [one = '', two = '', three = ''] = tokens.map(dashed);
  const { code, out, err } = await warifu(['void', one, 'C1/2', 'ＨＷ＿', two, three, ...ACT]);
  expect(out).toBe(`${tokens[0]?.serial} void
C1/2 left as it is: that is no serial
ＨＷ＿ left as it is: that is no serial
${tokens[1]?.serial} void
${tokens[2]?.serial} void
`);
  expect([code, err]).toEqual([1, '']);
  expect(await serialsIn(tokens)).toEqual([]);
});
