import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { tokensVoid } from '../../../command/tokens-void.ts';
import { readSettings } from '../../../host/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'warifu-void-'));
mkdirSync(join(folder, 'staff-keys'));
writeFileSync(join(folder, 'staff-keys', 'senpoku'), 'x'.repeat(43));
const settings = readSettings({ WARIFU_DATA: folder });

afterEach(() => {
  vi.unstubAllGlobals();
});

const problem = (status: number, code: string, headers = {}) =>
  Response.json({ type: `urn:warifu:problem:${code}`, title: code, status, code }, { status, headers });

/** A service that takes so many requests at once, and as many again once it was waited for. */
function serviceOf(atOnce: number, serials: readonly string[]) {
  const there = new Set(serials);
  let room = atOnce;
  vi.stubGlobal('fetch', async (url: string) => {
    if (room === 0) {
      room = atOnce;
      return problem(429, 'rate_limited', { 'Retry-After': '0' });
    }
    room -= 1;
    const [, serial = ''] = /serials\/(\w+)\/void$/.exec(url) ?? [];
    return there.delete(serial) ? Response.json({ serial }) : problem(409, 'state_conflict');
  });
  return there;
}

test('a box with more devices than staff may ask for at once is void to its last', async () => {
  const serials = Array.from({ length: 25 }, (_, place) => `HW${100_000 + place}`);
  const there = serviceOf(10, serials);
  const printed: string[] = [];
  const wanted = { institution: 'senpoku', serials, by: { actor: 'staff01', reason: '盗難' } };
  expect(await tokensVoid(settings, wanted, (line) => printed.push(line))).toBe(0);
  expect(printed).toEqual(serials.map((serial) => `${serial} void`));
  expect([...there]).toEqual([]);
});

test('where the service goes on refusing, those that are left are named', async () => {
  const serials = ['HW100001', 'HW100002', 'HW100003'];
  serviceOf(1, serials);
  const answering = globalThis.fetch;
  let asked = 0;
  vi.stubGlobal('fetch', async (url: string) => (++asked > 1 ? problem(403, 'forbidden') : answering(url)));
  const printed: string[] = [];
  const wanted = { institution: 'senpoku', serials, by: { actor: 'staff01', reason: '盗難' } };
  await expect(tokensVoid(settings, wanted, (line) => printed.push(line))).rejects.toThrow();
  expect(printed).toEqual(['HW100001 void', 'not done, to be given again: HW100002 HW100003']);
});
