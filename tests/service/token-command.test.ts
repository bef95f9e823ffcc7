import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOKEN_ACT_NAMES } from '../../command/token-acts.ts';
import { type OpenDatabase, openPostgres } from '../../server/store/database.ts';
import { warifu } from './command.ts';
import { freePort } from './free-port.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';
import { type RunningPart, startPart } from './process.ts';

/** `npm run warifu -- token …` beside a running service. */

let server: TestPostgres;
let database: OpenDatabase;
let part: RunningPart;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startPostgres();
  env = {
    WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-data-')),
    WARIFU_PORT: String(await freePort()),
    DATABASE_URL: server.url,
  };
  part = await startPart('server/main.ts', env);
  database = await openPostgres(server.url);
}, 60_000);
afterAll(async () => {
  await part.kill('SIGTERM');
  await database.close();
  await server.stop();
});

async function issue(): Promise<string> {
  const apiKey = readFileSync(join(env.WARIFU_DATA ?? '', 'api-keys', 'senpoku'), 'utf8').trim();
  const response = await fetch(`http://127.0.0.1:${env.WARIFU_PORT}/v1/tokens`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Idempotency-Key': randomUUID(),
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({ activationPassword: '24680135' }),
  });
  return ((await response.json()) as { userId: string }).userId;
}

const BY = ['--actor', 'staff01', '--reason', '本人の申し出', '--approval', 'p-1'];
const token = (act: string, userId: string, ...args: string[]) =>
  warifu(['token', act, userId, '--institution', 'senpoku', ...args], env);

test('a token is shown, suspended, resumed and broken off, each with who did and why', async () => {
  const userId = await issue();
  expect(await token('show', userId)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^userId +\d{12}\nstatus +issued$/m),
  });
  for (const [act, status] of [
    ['suspend', 'suspended'],
    ['resume', 'issued'],
    ['void', 'void'],
  ] as const) {
    const { code, out } = await token(act, userId, ...BY);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^status +${status}$`, 'm'));
  }
  const audited = await database.db
    .selectFrom('audit')
    .innerJoin('tokens', 'tokens.id', 'audit.token_id')
    .select(['event', 'outcome', 'actor', 'reason', 'approval'])
    .where('user_id', '=', userId)
    .where('actor', 'is not', null)
    .orderBy('audit.id')
    .execute();
  const by = { outcome: 'done', actor: 'staff01', reason: '本人の申し出', approval: 'p-1' };
  expect(audited).toEqual(['suspend', 'resume', 'void'].map((event) => ({ event, ...by })));
}, 60_000);

test.each(['unlock', 'resume', 'release'])(
  '%s of a new issue is refused, and the token shown',
  async (act) => {
    const { code, out } = await token(act, await issue(), ...BY);
    expect(out).toMatch(
      new RegExp(`^${act} is not possible with the token as it is:\n[^]*^status +issued$`, 'm'),
    );
    expect(code).toBe(1);
  },
  60_000,
);

test('what is no token is said, and a path stays out of the address', async () => {
  expect(await token('show', '123456789012')).toMatchObject({
    code: 2,
    err: 'warifu: the institution has no such token\n',
  });
  for (const wrong of ['../serials/1', '']) {
    const { code, err } = await token('show', wrong);
    expect([code, err]).toEqual([2, expect.stringMatching(/^warifu: /)]);
  }
  const serial = await warifu(['token', 'show', '999999999', '--serial', '--institution', 'senpoku'], env);
  expect(serial.err).toBe('warifu: the institution has no such token\n');
}, 60_000);

test('every act says who and why; where nothing answers, that it may have been done', async () => {
  for (const act of TOKEN_ACT_NAMES) {
    const { code, err } = await token(act, '123456789012', '--actor', 'staff01');
    expect([code, err]).toEqual([2, expect.stringContaining("required option '--reason")]);
  }
  const elsewhere = { ...env, TOKEN_SERVICE_URL: 'http://127.0.0.1:1' };
  const { code, err } = await warifu(
    ['token', 'suspend', '123456789012', '--institution', 'senpoku', ...BY],
    elsewhere,
  );
  expect([code, err]).toEqual([2, expect.stringContaining('may have been done: look with token show')]);
}, 60_000);
