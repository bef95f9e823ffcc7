import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TOKEN_ACT_NAMES } from '../../command/token-acts.ts';
import { warifu } from './command.ts';
import { useRunningService } from './running-service.ts';

/** `npm run warifu -- token …` beside a running service. */

const running = useRunningService();

async function issue(): Promise<string> {
  const apiKey = readFileSync(join(running().env.WARIFU_DATA, 'api-keys', 'senpoku'), 'utf8').trim();
  const response = await fetch(`http://127.0.0.1:${running().env.WARIFU_PORT}/v1/tokens`, {
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
  warifu(['token', act, userId, '--institution', 'senpoku', ...args], running().env);

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
  const audited = await running()
    .db.selectFrom('audit')
    .innerJoin('tokens', 'tokens.id', 'audit.token_id')
    .select(['event', 'outcome', 'actor', 'reason', 'approval'])
    .where('user_id', '=', userId)
    .where('actor', 'is not', null)
    .orderBy('audit.id')
    .execute();
  const by = { outcome: 'done', actor: 'staff01', reason: '本人の申し出', approval: 'p-1' };
  expect(audited).toEqual(['suspend', 'resume', 'void'].map((event) => ({ event, ...by })));
});

test.each(['unlock', 'resume', 'release'])(
  '%s of a new issue is refused, and the token shown',
  async (act) => {
    const { code, out } = await token(act, await issue(), ...BY);
    expect(out).toMatch(
      new RegExp(`^${act} is not possible with the token as it is:\n[^]*^status +issued$`, 'm'),
    );
    expect(code).toBe(1);
  },
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
  for (const written of ['999999999', '999-999 999', 'hw-99 99']) {
    const serial = await warifu(
      ['token', 'show', written, '--serial', '--institution', 'senpoku'],
      running().env,
    );
    expect(serial.err).toBe('warifu: the institution has no such token\n');
  }
});

test('every act says who and why; where nothing answers, that it may have been done', async () => {
  for (const act of TOKEN_ACT_NAMES) {
    const { code, err } = await token(act, '123456789012', '--actor', 'staff01');
    expect([code, err]).toEqual([2, expect.stringContaining("required option '--reason")]);
  }
  const elsewhere = { ...running().env, TOKEN_SERVICE_URL: 'http://127.0.0.1:1' };
  const { code, err } = await warifu(
    ['token', 'suspend', '123456789012', '--institution', 'senpoku', ...BY],
    elsewhere,
  );
  expect([code, err]).toEqual([2, expect.stringContaining('may have been done: look with token show')]);
});
