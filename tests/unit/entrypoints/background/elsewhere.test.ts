import { beforeEach, expect, test, vi } from 'vitest';
import type { WaitingLogin } from '../../../../core/transaction/logins.ts';
import { NOW, TOKEN } from '../../platform/service/fake-service.ts';
import { browser, resetBrowser } from './fake-browser.ts';
import { ID, resetWorld, SENDER, start, world } from './fake-desk.ts';

vi.mock('../../../../platform/browser.ts', async () => (await import('./fake-browser.ts')).fakeBrowser);
vi.mock('../../../../platform/storage/filled.ts', async () => (await import('./fake-filled.ts')).fakeFilled);

const aLogin = (changes: Partial<WaitingLogin> = {}): WaitingLogin => ({
  id: ID('C'),
  tokenId: TOKEN.id,
  institution: TOKEN.institution,
  use: 'verify',
  number: '47',
  since: NOW - 10_000,
  until: NOW + 100_000,
  ...changes,
});
const told = async (tokens = [TOKEN]) => (await start(tokens).desk.latest()).logins;

beforeEach(() => {
  resetBrowser();
  resetWorld();
  world.logins = [aLogin()];
});

test('a login that no page here asks to sign is told of', async () => {
  expect(await told()).toEqual([aLogin()]);
});

test('one that a page here asks to sign is not, also after the worker was killed, until that page is left', async () => {
  await start().signingPages.note(SENDER, ID('C'));
  expect(await told()).toEqual([]);
  await start().signingPages.forget(SENDER.tabId ?? 0);
  expect(await told()).toEqual([aLogin()]);
});

test('a page that only changed its address asks still', async () => {
  await start().signingPages.note(SENDER, ID('C'));
  await start().signingPages.forget(
    SENDER.tabId ?? 0,
    async ({ documentId }) => documentId === SENDER.documentId,
  );
  expect(await told()).toEqual([]);
});

test('one that was just asked for may be of a page that loads here still: it is told of a moment later', async () => {
  world.logins = [aLogin({ since: NOW })];
  world.meanwhile = () => {
    world.deviceMs = NOW + 4_000;
  };
  expect(await told()).toEqual([]);
  await vi.waitFor(() => expect(browser.told).toBe(1), 20_000);
  expect(await told()).toEqual([aLogin({ since: NOW })]);
});

test('nothing is asked for tokens that a phone signs for, nor told while the vault is locked', async () => {
  expect(await told([{ ...TOKEN, decider: 'Chrome (Android)' }])).toBeUndefined();
  world.locked = true;
  expect(await told()).toBeUndefined();
});

test('心当たりがない goes to the service', async () => {
  expect(await start().desk.notMe(aLogin())).toEqual({ kind: 'stopped' });
  expect(world.disowned).toEqual([ID('C')]);
});
