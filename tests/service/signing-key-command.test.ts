import { linkSync, mkdtempSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { jwksSchema, timeResponseSchema, timeSchema } from '../../core/api/token.ts';
import { readSettings } from '../../host/settings.ts';
import { pinnedInstitutions } from '../../pinned-institutions.ts';
import { readSigned } from '../../platform/service/messages.ts';
import { endorse, loadSigningKey, nextSigningKey } from '../../server/signing-key.ts';
import { warifu } from './command.ts';
import { freePort } from './free-port.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';
import { type RunningPart, startPart } from './process.ts';

/** `npm run warifu -- signing-key rotate` beside two nodes, and what tokens of builds before, within and after it read. */

let server: TestPostgres;
let data: string;
const nodes: { port: number; part: RunningPart }[] = [];

beforeEach(async () => {
  server = await startPostgres();
  data = mkdtempSync(join(tmpdir(), 'warifu-data-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(nodes.splice(0).map(({ part }) => part.kill('SIGKILL')));
  await server.stop();
});

const envOf = (port = 1) => ({ WARIFU_DATA: data, DATABASE_URL: server.url, WARIFU_PORT: String(port) });
const rotate = (...args: string[]) => warifu(['signing-key', 'rotate', ...args], envOf());
const file = (name: string) => join(data, name);
const urlOf = (place: number) => `http://127.0.0.1:${nodes[place]?.port}`;

async function restart(...places: number[]): Promise<void> {
  for (const place of places) {
    const port = nodes[place]?.port ?? (await freePort());
    await nodes[place]?.part.kill('SIGTERM');
    nodes[place] = { port, part: await startPart('server/main.ts', envOf(port)) };
  }
}

type Build = Pick<Awaited<ReturnType<typeof pinnedInstitutions>>[number], 'serviceKey' | 'nextServiceKey'>;

/** What a build that is made now pins. */
async function build(): Promise<Build> {
  vi.stubEnv('WARIFU_DATA', data);
  const [institution] = await pinnedInstitutions();
  if (institution === undefined) throw new Error('no institution is pinned');
  return institution;
}

/** The time as a node signs it. */
async function signedTime(place: number): Promise<string> {
  const nonce = Buffer.alloc(16, 7).toString('base64url');
  const response = await fetch(`${urlOf(place)}/v1/time`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ nonce }),
  });
  return timeResponseSchema.parse(await response.json()).time;
}

/** Whether a token of a build takes what each node signs. */
const takenBy = (pinned: Build) =>
  Promise.all(
    [0, 1].map(
      async (place) =>
        (await readSigned(pinned, 'warifu-time+jwt', await signedTime(place), timeSchema)) !== undefined,
    ),
  );

/** Whether a bank that asks one node for its keys takes what each of them signs. */
function bankTakes(asked: number): Promise<boolean[]> {
  const keys = createRemoteJWKSet(new URL('/v1/keys', urlOf(asked)));
  return Promise.all(
    [0, 1].map(async (place) =>
      jwtVerify(await signedTime(place), keys, { algorithms: ['ES256'] }).then(
        () => true,
        () => false,
      ),
    ),
  );
}

const keysOf = async (place: number) =>
  jwksSchema.parse(await (await fetch(`${urlOf(place)}/v1/keys`)).json()).keys.map(({ kid }) => kid);

/** As if the next key had been prepared so long ago. */
function prepareEarlier(days: number): void {
  const at = Date.now() / 1000 - days * 24 * 60 * 60;
  utimesSync(file('signing-key-next.json'), at, at);
}

test('tokens of an old build go on through the whole overlap, on nodes of which one was restarted', async () => {
  await restart(0, 1);
  const old = await build();
  expect(old.nextServiceKey).toBeUndefined();
  const prepared = await rotate('prepare');
  expect(prepared.code).toBe(0);
  expect(await rotate('prepare')).toEqual(prepared);
  expect(statSync(file('signing-key-next.json')).mode & 0o077).toBe(0);
  const both = await build();
  expect(both.serviceKey).toEqual(old.serviceKey);
  expect(prepared.out).toContain(JSON.stringify(both.nextServiceKey));
  expect(prepared.out).not.toContain('"d"');
  await restart(0, 1);
  expect((await keysOf(1)).length).toBe(2);

  expect(await rotate('switch')).toMatchObject({ code: 1, out: expect.stringContaining('too early by 14') });
  prepareEarlier(15);
  expect((await rotate('switch')).code).toBe(0);
  const fresh = await build();
  expect(fresh).toMatchObject({ serviceKey: both.nextServiceKey });
  expect(fresh.nextServiceKey).toBeUndefined();
  await restart(0);
  const kids = [0, 1].map(async (place) => decodeProtectedHeader(await signedTime(place)).kid);
  expect(new Set(await Promise.all(kids)).size).toBe(2);
  expect(await takenBy(old)).toEqual([true, true]);
  expect(await takenBy(both)).toEqual([true, true]);
  expect(await bankTakes(0)).toEqual([true, true]);
  expect(await bankTakes(1)).toEqual([true, true]);
  await restart(1);
  for (const each of [old, both, fresh]) expect(await takenBy(each)).toEqual([true, true]);

  expect((await rotate('prepare')).err).toContain('not finished');
  expect(await rotate('finish')).toMatchObject({ code: 1, out: expect.stringContaining('too early by 90') });
  expect((await rotate('finish', '--force')).code).toBe(0);
  await restart(0, 1);
  expect(await takenBy(old)).toEqual([false, false]);
  for (const each of [both, fresh]) expect(await takenBy(each)).toEqual([true, true]);
  expect((await keysOf(0)).length).toBe(1);
  expect((await rotate('finish')).out).toBe('no rotation is under way\n');
  expect((await rotate('prepare')).code).toBe(0);
});

test('a switch that was killed before the key was put in place is run again; a node that starts meanwhile signs as before', async () => {
  await restart(0, 1);
  const old = await build();
  await rotate('prepare');
  const settings = readSettings(envOf());
  const next = nextSigningKey(settings);
  if (next === undefined) throw new Error('nothing is prepared');
  linkSync(file('signing-key.json'), file('signing-key-previous.json'));
  const endorsement = await endorse(await loadSigningKey(settings), next, new Date());
  writeFileSync(file('signing-key-endorsement.jwt'), endorsement);
  await restart(0);
  expect(decodeProtectedHeader(await signedTime(0)).endorsement).toBeUndefined();
  expect(await takenBy(old)).toEqual([true, true]);
  expect((await rotate('finish', '--force')).err).toContain('signing-key rotate switch');
  expect((await rotate('switch', '--force')).code).toBe(0);
  expect((await rotate('switch')).out).toMatch(/^switched already/);
  await restart(0);
  expect(await takenBy(old)).toEqual([true, true]);
  expect(await takenBy({ serviceKey: next })).toEqual([true, false]);
});

test.each([
  ['its public half', (key: string) => JSON.stringify({ ...JSON.parse(key), d: undefined })],
  ['half of it', (key: string) => key.slice(0, key.length / 2)],
  ['nothing', () => ''],
])('a prepared key of which there is only %s takes the place of none', async (_what, left) => {
  await restart(0);
  await rotate('prepare');
  const present = readFileSync(file('signing-key.json'), 'utf8');
  const broken = left(readFileSync(file('signing-key-next.json'), 'utf8'));
  writeFileSync(file('signing-key-next.json'), broken);
  for (const step of [['prepare'], ['switch', '--force']]) {
    const { code, err, out } = await rotate(...step);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^warifu: .*signing-key-next\.json holds no private key that could sign; [^\n]*\n$/);
  }
  expect(readFileSync(file('signing-key.json'), 'utf8')).toBe(present);
});

test('a key in the environment is left alone, and an endorsement of another key stops the start', async () => {
  await restart(0);
  const key = readFileSync(file('signing-key.json'), 'utf8');
  const given = await warifu(['signing-key', 'rotate', 'prepare'], { ...envOf(), WARIFU_SIGNING_KEY: key });
  expect([given.code, given.err]).toEqual([2, expect.stringContaining('in the environment')]);
  await rotate('prepare');
  await rotate('switch', '--force');
  const part = await startPart('server/main.ts', {
    ...envOf(await freePort()),
    WARIFU_SIGNING_KEY: readFileSync(file('signing-key-previous.json'), 'utf8'),
  });
  expect(await part.exited).toBe(1);
  expect(part.output.join('\n')).toContain('WARIFU_SIGNING_KEY_ENDORSEMENT is about another key');
});
