import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type BankKeys, readBankKeys } from '../../bank/keys.ts';
import { openFolder, openPostgres } from '../../bank/store/database.ts';
import { readKeptKeys } from '../../bank/store/kept-keys.ts';
import { openJson, sealJson } from '../../bank/store/sealed-json.ts';
import { systemRandomBytes } from '../../host/random.ts';
import { readSettings } from '../../host/settings.ts';
import { append } from './audit-entries.ts';
import { warifu } from './command.ts';
import { newDataFolder } from './data-folder.ts';
import { freePort } from './free-port.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';
import { startPart } from './process.ts';

/** `npm run warifu -- bank-key rotate` beside a bank that serves. */

const newKey = () => randomBytes(32).toString('base64url');
const [FIRST, SECOND, THIRD] = [newKey(), newKey(), newKey()];

let server: TestPostgres;
let port: number;
const stops: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  server = await startPostgres();
  port = await freePort();
});
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  await server.stop();
});

const envOf = (key: string, previous = '') => ({
  WARIFU_DATA: mkdtempSync(join(tmpdir(), 'warifu-bank-')),
  BANK_DATABASE_URL: server.url,
  WARIFU_PORT: String(port),
  WARIFU_BANK_KEY: key,
  WARIFU_BANK_KEY_PREVIOUS: previous,
});
const rotate = (key: string, previous?: string) => warifu(['bank-key', 'rotate'], envOf(key, previous));

async function startBank(key: string) {
  const part = await startPart('bank/main.ts', envOf(key));
  stops.push(() => part.kill('SIGKILL'));
  return part;
}

const verifyAudit = (key: string) => warifu(['audit', 'verify', '--part', 'bank'], envOf(key));

test('keys in use stay, and only the new key opens them; a bank goes on, and starts again with it', async () => {
  const part = await startBank(FIRST);
  const { db, close } = await openPostgres(server.url);
  stops.push(close);
  const held = async (key: string): Promise<BankKeys> => {
    const [own] = await readBankKeys(readSettings(envOf(key)), systemRandomBytes);
    return readKeptKeys(db, own);
  };
  const before = await held(FIRST);
  const sealed = await sealJson(before.sealing, { said: 'before' }, 'here', systemRandomBytes);
  await append(db, 'staff_acts', 'senpoku', 3);

  expect((await rotate(SECOND)).err).toContain('its key is not the one');
  expect((await rotate(SECOND, THIRD)).err).toContain('its key is not the one');
  expect(await rotate(SECOND, FIRST)).toMatchObject({
    code: 0,
    out: 'the database is held by the present key\n',
  });
  expect((await rotate(SECOND, FIRST)).out).toBe('the database was held by it already\n');
  expect((await fetch(`http://127.0.0.1:${port + 1}/readyz`)).status).toBe(200);
  await append(db, 'staff_acts', 'senpoku', 2);
  await part.kill('SIGTERM');
  expect(await (await startBank(FIRST)).exited).toBe(1);

  expect((await rotate(THIRD, SECOND)).code).toBe(0);
  await (await startBank(THIRD)).kill('SIGTERM');
  const after = await held(THIRD);
  expect(await openJson(after.sealing, sealed, 'here', z.object({ said: z.string() }))).toEqual({
    said: 'before',
  });
  for (const use of ['forms', 'audit', 'positions'] as const) expect(after[use]).toEqual(before[use]);
  await expect(held(FIRST)).rejects.toThrow();
  expect(await verifyAudit(THIRD)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/senpoku: good: 5 linked/),
  });
  expect((await verifyAudit(FIRST)).out).toMatch(/CANNOT TELL: its key is not the one/);
});

test('of the built-in database, by files in the data folder', async () => {
  const data = await newDataFolder();
  const env = { WARIFU_DATA: data, WARIFU_PORT: String(port) };
  await (await startPart('bank/main.ts', env)).kill('SIGTERM');
  expect((await warifu(['bank-key', 'rotate'], env)).err).toContain('WARIFU_BANK_KEY_PREVIOUS');
  renameSync(join(data, 'bank.key'), join(data, 'bank-previous.key'));
  writeFileSync(join(data, 'bank.key'), SECOND, { mode: 0o600 });
  const told = async () => (await warifu(['doctor'], env)).out;
  expect(await told()).toMatch(
    /^warning rotation of the bank key: the database of the bank is held by the previous key/m,
  );
  expect((await warifu(['bank-key', 'rotate'], env)).code).toBe(0);
  expect(await told()).toMatch(
    /^warning rotation of the bank key: the database of the bank is held by the present key/m,
  );
  rmSync(join(data, 'bank-previous.key'));
  expect(await told()).not.toContain('rotation');
  const again = await startPart('bank/main.ts', env);
  expect(await again.kill('SIGTERM')).toBe(0);
  const { db, close } = await openFolder(join(data, 'bank'));
  expect(
    (await db.selectFrom('key_checks').select('bank_keys').executeTakeFirstOrThrow()).bank_keys,
  ).not.toBeNull();
  await close();
});
