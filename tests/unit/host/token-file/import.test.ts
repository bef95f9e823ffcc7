import { expect, test } from 'vitest';
import type { Import, ImportRow } from '../../../../core/api/imports.ts';
import { checkFile, sendFile, type TokenFile } from '../../../../host/token-file/import.ts';
import type { ImportClient } from '../../../../host/token-file/import-client.ts';
import { everyToken, pskcOf } from './token-files.ts';

const BY = { actor: 'staff01', reason: '納品' };
const KEY = '3132333435363738393031323334353637383930';

const NOW = Date.parse('2026-11-21T00:00:00Z');
const check = (file: TokenFile) => checkFile(file, NOW);

const csvOf = (count: number) =>
  [
    'serial,kind,key',
    ...Array.from({ length: count }, (_, place) => `HW${100_000 + place},hotp,${KEY}`),
  ].join('\n');

/** A file with one content at each reading; the last stays. */
function fileOf(contents: readonly string[], secret = {}): TokenFile {
  let readings = 0;
  return {
    name: 'tokens.csv',
    secret,
    async *open() {
      const content = contents[Math.min(readings, contents.length - 1)] ?? '';
      readings += 1;
      yield Buffer.from(content);
    },
  };
}

/** The service, with what it took; another sender may be first by some rows. */
function newService(tokens: number, { aheadBy = 0, taken = 0 } = {}) {
  const rows: ImportRow[] = [];
  const requests: { from: number; count: number }[] = [];
  let standing = taken;
  const answer = (): Import => ({
    digest: '',
    fileName: '',
    actor: '',
    tokens,
    taken: standing,
    added: standing,
    startedAt: '',
    ...(standing === tokens && { endedAt: '2026-11-21T00:00:00.000Z' }),
  });
  const client: ImportClient = {
    begin: async () => answer(),
    take: async (_digest, from, sent) => {
      requests.push({ from, count: sent.length });
      if (aheadBy > 0 && requests.length === 2) standing = Math.min(tokens, standing + aheadBy);
      if (from === standing && standing + sent.length <= tokens) {
        rows.push(...sent);
        standing += sent.length;
      }
      return answer();
    },
    existing: async () => ({ existing: [] }),
  };
  return { client, rows, requests };
}

const linesOf = (rows: readonly ImportRow[]) => rows.map(({ line }) => line);
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, place) => from + place);

test('a file is sent in requests that a service takes, each token once and in order', async () => {
  const { client, rows, requests } = newService(1_000);
  const checked = await check(fileOf([csvOf(1_000)]));
  expect(checked).toMatchObject({
    tokens: 1_000,
    refused: 0,
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await sendFile(checked, BY, client)).toMatchObject({ taken: 1_000 });
  expect(linesOf(rows)).toEqual(lines(2, 1_001));
  for (const { from, count } of requests) {
    expect(JSON.stringify({ rows: rows.slice(from, from + count) }).length).toBeLessThan(32 * 1024);
  }
});

test('it goes on where the service stands, and sends nothing where that is the end', async () => {
  const checked = await check(fileOf([csvOf(1_000)]));
  const half = newService(1_000, { taken: 777 });
  await sendFile(checked, BY, half.client);
  expect(linesOf(half.rows)).toEqual(lines(779, 1_001));
  const whole = newService(1_000, { taken: 1_000 });
  await sendFile(checked, BY, whole.client);
  expect(whole.requests).toEqual([]);
});

test.each([1, 100, 400, 750])(
  'another sender is first by %i rows: it goes on behind them',
  async (aheadBy) => {
    const { client, rows } = newService(1_000, { aheadBy });
    const checked = await check(fileOf([csvOf(1_000)]));
    expect(await sendFile(checked, BY, client)).toMatchObject({ taken: 1_000 });
    expect(rows).toHaveLength(1_000 - aheadBy);
    expect(new Set(linesOf(rows)).size).toBe(rows.length);
  },
);

test.each([
  ['other keys', csvOf(1_000).replaceAll(KEY, KEY.replaceAll('3', '4'))],
  ['fewer tokens', csvOf(600)],
  ['more tokens', csvOf(1_400)],
])('a file that has %s when it is read again never comes to its end', async (_what, later) => {
  const { client, rows } = newService(1_000);
  const checked = await check(fileOf([csvOf(1_000), later]));
  await expect(sendFile(checked, BY, client)).rejects.toMatchObject({ reason: 'changed' });
  expect(rows.length).toBeLessThan(1_000);
});

test('a file that is broken at its end is found before the service is asked', async () => {
  const password = { password: 'qwerty' };
  const file = await pskcOf(everyToken(), password);
  await expect(check(fileOf([file.replace('</KeyContainer>', '')], password))).rejects.toMatchObject({
    reason: 'not-xml',
  });
  await expect(check(fileOf([file], { password: 'qwertz' }))).rejects.toMatchObject({
    reason: 'wrong-key',
  });
});

test('RFC 6030 §5: nothing is taken while one key of the file may not be used yet, and its line is said', async () => {
  const content = await pskcOf(everyToken().slice(0, 1));
  const from = (start: string) =>
    check(fileOf([content.replace('</Data>', `</Data><Policy><StartDate>${start}</StartDate></Policy>`)]));
  await expect(from('2026-11-21T00:00:01Z')).rejects.toMatchObject({ reason: 'not-yet', line: 3 });
  expect(await from('2026-11-21T00:00:00Z')).toMatchObject({ tokens: 1, refused: 0 });
  expect(await from('2026-11-21')).toMatchObject({ tokens: 1, refused: 0 });
  await expect(from('2026-11-22')).rejects.toMatchObject({ reason: 'not-yet', line: 3 });
  expect(await from('tomorrow')).toMatchObject({ tokens: 0, refused: 1 });
});

test('an error of the service ends it', async () => {
  const { client } = newService(1_000);
  const checked = await check(fileOf([csvOf(1_000)]));
  const broken = { ...client, take: () => Promise.reject(new Error('gone')) };
  await expect(sendFile(checked, BY, broken)).rejects.toThrow('gone');
});
