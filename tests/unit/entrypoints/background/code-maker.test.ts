import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { createCodeMaker as CreateCodeMaker } from '../../../../entrypoints/background/code-maker.ts';
import { useFakeIndexedDb } from '../../platform/storage/fake-database.ts';
import { NOW, SUMMARY } from '../../platform/storage/fresh-vault.ts';

const NEXT_STEP = NOW + 60_000;
const OTHER = { ...SUMMARY, id: 'second' };

let createCodeMaker: typeof CreateCodeMaker;
/** How often a key was opened. */
let opened: number;

/** The background as the browser has started it just now. */
function start() {
  return createCodeMaker({
    openKey: async () => {
      opened += 1;
      return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    },
  });
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.resetModules();
  useFakeIndexedDb(new IDBFactory());
  ({ createCodeMaker } = await import('../../../../entrypoints/background/code-maker.ts'));
  opened = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

test('a code is made once in a step, whatever was got for it before', async () => {
  const maker = start();
  maker.expect(SUMMARY, NOW);
  const codes = await Promise.all([maker.code(SUMMARY, NOW), maker.code(SUMMARY, NOW)]);
  expect(codes).toEqual([expect.stringMatching(/^\d{8}$/), undefined]);
  maker.expect(SUMMARY, NOW);
  expect(await maker.code(SUMMARY, NOW)).toBeUndefined();
  vi.advanceTimersByTime(1_000);
  expect(await maker.code(SUMMARY, NOW)).toBeUndefined();
  expect(await start().code(SUMMARY, NOW)).toBeUndefined();
});

test('the parts that were got are used, and no others are got', async () => {
  const maker = start();
  maker.expect(SUMMARY, NOW);
  expect(await maker.code(SUMMARY, NOW)).toBeDefined();
  expect(opened).toBe(1);
});

test.each([
  ['of another token', OTHER, NOW],
  ['of the next step', SUMMARY, NEXT_STEP],
])('they are not used for a code %s', async (_which, token, timeMs) => {
  const maker = start();
  maker.expect(SUMMARY, NOW);
  expect(await maker.code(token, timeMs)).toBeDefined();
  expect(opened).toBe(2);
});

test('a step that nobody asked for in a second is given back', async () => {
  const maker = start();
  maker.expect(SUMMARY, NOW);
  vi.advanceTimersByTime(1_000);
  expect(await maker.code(SUMMARY, NOW)).toBeDefined();
  expect(opened).toBe(2);
});

test('so is one that another page is expected to ask for', async () => {
  const maker = start();
  for (const token of [SUMMARY, OTHER, SUMMARY]) maker.expect(token, NOW);
  expect(await maker.code(SUMMARY, NOW)).toBeDefined();
  expect(await maker.code(OTHER, NOW)).toBeDefined();
});

test('a step whose code was made after it was given back stays claimed', async () => {
  const maker = start();
  maker.expect(SUMMARY, NOW);
  vi.advanceTimersByTime(1_000);
  await maker.code(SUMMARY, NOW);
  maker.expect(SUMMARY, NOW);
  vi.advanceTimersByTime(1_000);
  expect(await maker.code(SUMMARY, NOW)).toBeUndefined();
});

test('a step is nobody else’s until it is given back', async () => {
  start().expect(SUMMARY, NOW);
  expect(await start().code(SUMMARY, NOW)).toBeUndefined();
});
