import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { openFolder as openBankFolder } from '../../bank/store/database.ts';
import { openFolder } from '../../server/store/database.ts';
import { append, tamper } from './audit-entries.ts';
import { warifu as runCommand } from './command.ts';
import { newDataFolder } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { type RunningPart, startPart } from './process.ts';

/** `npm run warifu -- audit …` beside the real parts, on their built-in databases. */

let data: string;

const warifu = (args: readonly string[], env: Record<string, string> = {}) =>
  runCommand(args, { WARIFU_DATA: data, ...env });

const verify = (...args: string[]) => warifu(['audit', 'verify', ...args]);

async function startService(): Promise<RunningPart & { readonly port: number }> {
  const port = await freePort();
  return { ...(await startPart('server/main.ts', { WARIFU_DATA: data, WARIFU_PORT: String(port) })), port };
}

async function issueToken({ port }: { readonly port: number }): Promise<void> {
  const apiKey = readFileSync(join(data, 'api-keys', 'senpoku'), 'utf8').trim();
  const response = await fetch(`http://127.0.0.1:${port}/v1/tokens`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Idempotency-Key': randomUUID(),
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ activationPassword: '24680135' }),
  });
  expect(response.status).toBe(201);
}

/** Starts a service, has it issue tokens, and stops it. */
async function issueTokens(count: number): Promise<void> {
  const part = await startService();
  for (let index = 0; index < count; index += 1) await issueToken(part);
  expect(await part.kill('SIGTERM')).toBe(0);
}

async function editService(statement: string): Promise<void> {
  const { db, close } = await openFolder(join(data, 'service'));
  await tamper(db, { table: 'audit' }, statement);
  await close();
}

beforeEach(async () => {
  data = await newDataFolder();
});

test('what a service wrote until it stopped is linked, good, and continues from kept heads', async () => {
  await issueTokens(5);
  const heads = join(data, 'heads.json');
  const first = await verify('--part', 'service', '--heads', heads);
  expect(first.out).toMatch(/token service, senpoku: good: 5 linked; head 5 [0-9a-f]{64}$/m);
  expect(first.out).toMatch(/token service, akita: good: no entry is linked$/m);
  expect(first.out).not.toContain('not linked yet');
  expect(first.code).toBe(0);
  await issueTokens(2);
  const second = await verify('--part', 'service', '--since', heads);
  expect(second.out).toMatch(/senpoku: good: 7 linked; head 7 [0-9a-f]{64}$/m);
  expect(second.code).toBe(0);
  writeFileSync(heads, JSON.stringify({ heads: [] }));
  const uncompared = await verify('--part', 'service', '--since', heads);
  expect(uncompared.out).toMatch(
    /senpoku: good: 7 linked; head 7 [0-9a-f]{64}; not compared, as no head of it was kept$/m,
  );
  expect(uncompared.out).toMatch(/akita: good: no entry is linked$/m);
  await verify('--part', 'service', '--heads', heads);
  await editService(`update ENTRIES set outcome = 'wrong' where id = 6`);
  const third = await verify('--since', heads, '--heads', heads, '--institution', 'senpoku');
  expect(third.out).toMatch(
    /senpoku: BAD: number 6, entry 6, \d{4}-\d\d-\d\dT[^,]*, issue is not what was linked/,
  );
  expect(third.code).toBe(1);
  // No head is kept of a broken chain.
  expect(JSON.parse(readFileSync(heads, 'utf8')).heads).toMatchObject([{ institution: 'senpoku', count: 7 }]);
});

test('killed before it could link, the next start does', async () => {
  const part = await startService();
  await issueToken(part);
  await part.kill('SIGKILL');
  await issueTokens(1);
  const { out, code } = await verify('--part', 'service', '--institution', 'senpoku');
  expect(out).toMatch(/^token service, senpoku: good: 2 linked; head 2 [0-9a-f]{64}\n$/);
  expect(code).toBe(0);
});

describe('nothing can be said', () => {
  test('while the part has the built-in database', async () => {
    const part = await startService();
    const { out, code } = await verify('--part', 'service');
    expect(out).toMatch(
      /^token service: CANNOT TELL: .*service is in use by another process: stop the token service first/,
    );
    expect(code).toBe(2);
    await part.kill('SIGTERM');
  });

  test('of a folder without a key, which is not made', async () => {
    const { out, code } = await verify();
    expect(out).toMatch(/token service: CANNOT TELL: its key is neither in WARIFU_MASTER_KEY nor in/);
    expect(out).toMatch(/bank: CANNOT TELL: its key is neither in WARIFU_BANK_KEY nor in/);
    expect(code).toBe(2);
    expect(existsSync(join(data, 'master.key'))).toBe(false);
  });

  test('with another key, of an unknown institution, by heads that are none, or by words that are none', async () => {
    await issueTokens(1);
    const other = { WARIFU_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url') };
    const otherKey = await warifu(['audit', 'verify', '--part', 'service'], other);
    expect([otherKey.code, otherKey.out]).toEqual([2, expect.stringContaining('its key is not the one')]);
    const unknown = await verify('--part', 'service', '--institution', 'nowhere');
    expect([unknown.code, unknown.out]).toEqual([2, expect.stringContaining('no institution nowhere')]);
    const heads = join(data, 'heads.json');
    writeFileSync(heads, '{"heads":[{"part":"service"}]}');
    const noHeads = await verify('--since', heads);
    expect([noHeads.code, noHeads.err]).toEqual([2, expect.stringContaining('it has no heads')]);
    expect((await verify('--part', 'nothing')).code).toBe(2);
  });
});

describe('exported', () => {
  test('are the entries asked for, as CSV that a spreadsheet takes for no formula', async () => {
    writeFileSync(join(data, 'bank.key'), Buffer.alloc(32, 1).toString('base64url'));
    const { db, close } = await openBankFolder(join(data, 'bank'));
    await append(db, 'staff_acts', 'senpoku', 1);
    await append(db, 'staff_acts', 'akita', 1);
    const reasons = ['=HYPERLINK("http://x")', '+1', '-1', '@x', 'a,"b"', '本人の申し出\n二行目'];
    for (const reason of reasons) {
      await sql`
        insert into staff_acts (key, at, institution, staff_id, customer_id, user_id, act, reason, outcome)
        values (gen_random_uuid()::text, '2026-04-01T23:30:00+09:00', 'senpoku', 'staff01', 'someone', '123', 'unlock',
          ${reason}, 'done')`.execute(db);
    }
    await close();
    const all = ['audit', 'export', '--part', 'bank', '--institution', 'senpoku'];
    const { out, code } = await warifu([...all, '--event', 'unlock', '--token', '123']);
    expect(code).toBe(0);
    expect(out.split('\r\n')[0]).toBe(
      'number,hash,id,key,at,institution,staff_id,customer_id,user_id,act,reason,outcome,proposal,device_id,device',
    );
    for (const written of [`"'=HYPERLINK(""http://x"")"`, `,'+1,`, `,'-1,`, `,'@x,`, `,"a,""b""",`]) {
      expect(out).toContain(written);
    }
    expect(out).toContain('"本人の申し出\n二行目"');
    expect(out).not.toContain('akita');
    expect(out.match(/\r\n/g)).toHaveLength(1 + reasons.length);
    expect((await warifu([...all, '--to', '2026-04-01'])).out.match(/\r\n/g)).toHaveLength(
      1 + reasons.length,
    );
    expect((await warifu([...all, '--to', '2026-03-31'])).out.match(/\r\n/g)).toHaveLength(1);
    const file = join(data, 'audit.csv');
    expect((await warifu([...all, '--event', 'unlock', '--token', '123', '--out', file])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(out);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = join(data, 'second.csv');
    expect((await warifu([...all, '--from', '2026-04-02', '--bom', '--out', second])).code).toBe(0);
    expect(readFileSync(second, 'utf8')).toMatch(/^\uFEFFnumber[^\n]*\r\n[^\n]*suspend[^\n]*\r\n$/);
    // One that others may read stays as it is.
    const read = join(data, 'read.csv');
    writeFileSync(read, 'kept', { mode: 0o644 });
    const there = await warifu([...all, '--out', read]);
    expect([there.code, there.err]).toEqual([
      2,
      `warifu: cannot write ${read}: EEXIST: file already exists, open '${read}'\n`,
    ]);
    expect(readFileSync(read, 'utf8')).toBe('kept');
    const wrong = await warifu([...all, '--from', 'yesterday']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('yesterday is neither a day')]);
  });
});

test('what is dropped is exported first, and what is left verifies; a chain that is not good is left as it is', async () => {
  await issueTokens(2);
  await editService(
    `insert into ENTRIES (at, institution, token_id, event, outcome, request_id)
     select '2020-03-31', 'akita', 'token', 'verify', 'done', 'request ' || n from generate_series(1, 6000) n`,
  );
  await issueTokens(1);
  const out = join(data, 'akita.csv');
  const drop = (institution: string, before: string, file = out) =>
    warifu(
      [
        'audit',
        'drop',
        '--part',
        'service',
        '--institution',
        institution,
        '--before',
        before,
        '--out',
        file,
      ].concat(['--actor', 'ops01', '--reason', 'kept long enough']),
    );
  expect((await drop('senpoku', '2020-04-01')).out).toBe('senpoku has no entry from before that time\n');
  expect((await drop('akita', '2999-01-01')).err).toContain('the last day is never dropped');
  const dropped = await drop('akita', '2020-04-01');
  expect([dropped.code, dropped.out]).toEqual([
    0,
    `6000 entries are in ${out}, 6000 were dropped; the chain begins after number 6000\n`,
  ]);
  expect(readFileSync(out, 'utf8').trim().split('\r\n')).toHaveLength(6001);
  const verified = await verify('--part', 'service');
  expect(verified.code).toBe(0);
  expect(verified.out).toMatch(
    /akita: good: 6000 linked; head 6000 [0-9a-f]{64}; begins after number 6000, dropped 20\S+ by ops01$/m,
  );
  expect(verified.out).toMatch(/senpoku: good: 3 linked; head 3 [0-9a-f]{64}$/m);
  await editService(`update ENTRIES set at = '2020-03-31' where institution = 'senpoku'`);
  const other = join(data, 'senpoku.csv');
  const refused = await drop('senpoku', '2020-04-01', other);
  expect([refused.code, refused.out]).toEqual([
    1,
    expect.stringContaining('the chain of senpoku is not good'),
  ]);
  expect(existsSync(other)).toBe(false);
});
