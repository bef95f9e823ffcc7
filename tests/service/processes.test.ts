import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { SENPOKU } from '../institutions.ts';
import { activeToken, client } from './active-token.ts';
import { answered } from './answered.ts';
import { newDataFolder } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { startPostgres } from './postgres.ts';
import { type RunningPart, startPart } from './process.ts';

/** The service as processes of their own, over HTTP. */

const running: RunningPart[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((part) => part.kill('SIGKILL')));
});

async function startService(data: string, env: Record<string, string> = {}) {
  const port = await freePort();
  const part = await startPart('server/main.ts', {
    WARIFU_DATA: data,
    WARIFU_PORT: String(port),
    WARIFU_UNSAFE_TEST_CLOCK: '1',
    ...env,
  });
  running.push(part);
  return { part, port, url: `http://127.0.0.1:${port}` };
}

test('a directory that asks for tokens that are not issued stops the service at its start, with its line', async () => {
  const data = await newDataFolder();
  const file = join(data, 'directory.json');
  const institutions = [{ ...SENPOKU, tokenKind: 'hardware-hotp' }];
  writeFileSync(file, JSON.stringify({ institutions }));
  const { part } = await startService(data, { WARIFU_DIRECTORY: file });
  expect(await part.exited).toBe(1);
  expect(part.output.join('\n')).toContain(`${file}:1: institutions.0.tokenKind: `);
});

test.each(['server/main.ts', 'bank/main.ts'])(
  '%s names the setting of a metrics port that is taken',
  async (file) => {
    const taken = await startService(await newDataFolder());
    const part = await startPart(file, {
      WARIFU_DATA: await newDataFolder(),
      WARIFU_PORT: String(await freePort()),
      WARIFU_METRICS_PORT: String(taken.port),
    });
    expect(await part.exited).toBe(1);
    expect(part.output.join('\n')).toMatch(new RegExp(`${taken.port}.*WARIFU_METRICS_PORT`));
  },
);

const move = (url: string, offsetMs: number) =>
  fetch(`${url}/unsafe-test/clock`, { method: 'PUT', body: JSON.stringify({ offsetMs }) });

describe('the data folder', () => {
  test('is locked against a second process, with a clear message', async () => {
    const data = await newDataFolder();
    await startService(data);
    const second = await startService(data);
    expect(await second.part.exited).toBe(1);
    expect(second.part.output.join('\n')).toMatch(/in use by another process/);
  });

  test('is free again after kill -9, and its keys are for its user alone', async () => {
    const data = await newDataFolder();
    const first = await startService(data);
    await first.part.kill('SIGKILL');
    const second = await startService(data);
    expect(second.part.output.join('\n')).toContain('ready http://token.localhost');
    for (const file of ['master.key', 'signing-key.json', 'api-keys/senpoku', 'staff-keys/senpoku']) {
      expect(statSync(join(data, file)).mode & 0o077).toBe(0);
    }
  });
});

test('kill -9 in mid-load: nothing acknowledged is lost and no spent code is taken again', async () => {
  const data = await newDataFolder();
  const first = await startService(data);
  const { userId, code } = await activeToken(data, first.port, first.url);
  const bank = client(data, first.url);
  const issued: string[] = [];
  let killed = false;
  const load = Array.from({ length: 4 }, async () => {
    while (!killed) {
      const issue = () => bank('/v1/tokens', { activationPassword: '1357' });
      const answer = await answered('an issue', issue).catch(() => undefined);
      if (answer?.status !== 201) return;
      issued.push(((await answer.json()) as { userId: string }).userId);
    }
  });
  const spent = await code(0);
  const accepted = await answered('the code', () => bank(`/v1/tokens/${userId}/verify`, { code: spent }));
  expect(await accepted.json()).toMatchObject({ accepted: true });
  while (issued.length < 60) await new Promise((resolve) => setImmediate(resolve));
  await first.part.kill('SIGKILL');
  killed = true;
  await Promise.allSettled(load);

  const second = await startService(data);
  const again = client(data, second.url);
  const found = await Promise.all(issued.map(async (id) => (await again(`/v1/tokens/${id}`)).status));
  expect(new Set(found)).toEqual(new Set([200]));
  const replay = await again(`/v1/tokens/${userId}/verify`, { code: spent });
  expect(await replay.json()).toMatchObject({ accepted: false });
});

test('two nodes on one PostgreSQL: of 20 parallel submissions of one code one wins', async () => {
  const postgres = await startPostgres();
  const data = await newDataFolder();
  const env = { DATABASE_URL: postgres.url };
  const nodes = [await startService(data, env), await startService(data, env)] as const;
  const [first] = nodes;
  const { userId, code } = await activeToken(data, first.port, first.url);
  for (let round = 0; round < 3; round += 1) {
    for (const { url } of nodes) await move(url, (round + 1) * 60_000);
    const submitted = await code(round + 1);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const bank = client(data, (nodes[index % 2] ?? first).url);
        return (await bank(`/v1/tokens/${userId}/verify`, { code: submitted })).json() as Promise<{
          accepted: boolean;
        }>;
      }),
    );
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
  }
  await Promise.all(running.splice(0).map((part) => part.kill('SIGKILL')));
  await postgres.stop();
});

test('SIGTERM answers what is under way, takes nothing new, and ends with 0', async () => {
  const data = await newDataFolder();
  const { part, url } = await startService(data);
  const bank = client(data, url);
  const underWay = Array.from({ length: 40 }, () => bank('/v1/tokens', { activationPassword: '1357' }));
  await underWay[0];
  part.child.kill('SIGTERM');
  const answers = await Promise.allSettled(underWay);
  const responses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  // On a busy machine some may have waited too long for their turn.
  expect([201, 503]).toEqual(expect.arrayContaining(responses.map(({ status }) => status)));
  const acknowledged = responses.filter(({ status }) => status === 201);
  expect(acknowledged).not.toEqual([]);
  expect(await part.exited).toBe(0);
  const after = await startService(data);
  const again = client(data, after.url);
  for (const response of acknowledged) {
    const { userId } = (await response.json()) as { userId: string };
    expect((await again(`/v1/tokens/${userId}`)).status).toBe(200);
  }
});

/** Ends the process by a signal as soon as it has printed that it is ready. */
const ENDED_WHEN_READY = `data:text/javascript,
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = (text, ...rest) => {
    const written = write(text, ...rest);
    if (text.startsWith('ready ')) process.kill(process.pid, 'SIGTERM');
    return written;
  };`;

test.each(['server/main.ts', 'bank/main.ts', 'bank/inbox/main.ts'])(
  '%s ends with 0 by a signal that comes as soon as it is ready',
  async (file) => {
    const env = {
      WARIFU_DATA: await newDataFolder(),
      WARIFU_PORT: String(await freePort()),
      WARIFU_SMTP_PORT: String(await freePort()),
    };
    const part = await startPart(file, env, ['--import', ENDED_WHEN_READY]);
    running.push(part);
    expect(await part.exited).toBe(0);
  },
);

test('Ctrl+C of npm start, which a node is told twice, answers the request that is open, and ends with 0', async () => {
  const data = await newDataFolder();
  const { part, url } = await startService(data);
  const body = JSON.stringify({ activationPassword: '1357' });
  const asked = request(`${url}/v1/tokens`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${readFileSync(join(data, 'api-keys/senpoku'), 'utf8').trim()}`,
      'Idempotency-Key': 'open',
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      Expect: '100-continue',
    },
  });
  const response = once(asked, 'response') as Promise<[IncomingMessage]>;
  response.catch(() => {});
  asked.flushHeaders();
  await once(asked, 'continue');
  part.child.kill('SIGINT');
  const isUp = () =>
    fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    );
  await expect.poll(isUp, { timeout: 20_000 }).toBe(false);
  part.child.kill('SIGTERM');
  part.child.kill('SIGINT');
  asked.end(body);
  const [{ statusCode }] = await response;
  expect(statusCode).toBe(201);
  expect(await part.exited).toBe(0);
});
