import { beforeEach, describe, expect, test, vi } from 'vitest';
import { TRANSFER } from '../../core/transaction/example.ts';
import { DETAILS, NOW, TOKEN } from '../../platform/service/fake-service.ts';
import { browser, resetBrowser } from './fake-browser.ts';
import { ID, PAGE, pending, resetWorld, SEEN, SENDER, start, world } from './fake-desk.ts';

vi.mock('../../../../platform/browser.ts', async () => (await import('./fake-browser.ts')).fakeBrowser);
vi.mock('../../../../platform/storage/filled.ts', async () => (await import('./fake-filled.ts')).fakeFilled);

beforeEach(() => {
  resetBrowser();
  resetWorld();
});

describe('a bank that shows a transfer', () => {
  test('has its confirmation asked for at once, counted and told of', async () => {
    expect(await start().desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 1 });
    expect(world.paused).toEqual([0]);
    expect(browser.badge).toBe('1');
    expect(browser.told).toBe(1);
    expect([...browser.notices.values()]).toEqual([
      { title: 'confirmNoticeTitle', message: 'confirmNoticeBody' },
    ]);
  });

  test('is told of once, however often it shows it, and whatever becomes of the worker', async () => {
    await start().desk.seen(SEEN, SENDER);
    await start().desk.seen(SEEN, SENDER);
    await start().desk.seen(SEEN, { ...SENDER, tabId: 8 });
    expect(browser.shown).toHaveLength(1);
    world.live = [pending(), pending({ confirmation: ID('B') })];
    await start().desk.seen(SEEN, SENDER);
    expect(browser.shown).toHaveLength(2);
    expect(browser.badge).toBe('2');
  });

  test('is asked about a few times more while nothing waits, and then no more', async () => {
    world.live = [];
    expect(await start().desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 0 });
    expect(world.asked).toHaveLength(4);
    expect(world.paused.reduce((sum, ms) => sum + ms)).toBeLessThan(10_000);
    expect(browser.shown).toEqual([]);
    expect(browser.told).toBe(0);
    expect(browser.badge).toBe('');
  });

  test('is none where the screen is of another family', async () => {
    const seen = { ...SEEN, screen: 'SFT003' };
    expect(await start().desk.seen(seen, SENDER)).toEqual({ kind: 'refused', reason: 'screen-unknown' });
    expect(world.asked).toEqual([]);
  });

  test('finds a confirmation that comes a little later', async () => {
    world.live = [];
    world.meanwhile = () => {
      if (world.paused.length === 3) world.live = [pending()];
    };
    expect(await start().desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 1 });
    expect(world.asked).toHaveLength(3);
  });

  test('goes on looking where only another confirmation waits', async () => {
    world.live = [pending({ number: '12' })];
    expect(await start().desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 0 });
    expect(world.asked).toHaveLength(4);
  });

  test('has all tokens of the institution asked, and no others', async () => {
    const tokens = [TOKEN, { ...TOKEN, id: 'second' }, { ...TOKEN, id: 'elsewhere', institution: 'akita' }];
    await start(tokens).desk.seen(SEEN, SENDER);
    expect(world.asked).toEqual([['second', 'first']]);
  });

  test.each([
    ['another extension', { extensionId: 'another' }, 'sender-extension'],
    ['a frame', { frameId: 1 }, 'sender-frame'],
    ['no tab', { tabId: undefined }, 'sender-frame'],
    ['another origin', { origin: 'https://ib.senpoku.example.evil.example' }, 'sender-origin'],
    ['no document', { documentId: undefined }, 'sender-document'],
  ] as const)('is no bank: %s', async (_who, from, reason) => {
    expect(await start().desk.seen(SEEN, { ...SENDER, ...from })).toEqual({ kind: 'refused', reason });
    expect(world.asked).toEqual([]);
    expect(browser.kept).toEqual({});
  });

  test('is refused for a screen that shows no transfer, and without a token', async () => {
    const login = { ...SEEN, screen: 'BLI023' };
    expect(await start().desk.seen(login, SENDER)).toEqual({ kind: 'refused', reason: 'screen-unknown' });
    expect(await start([]).desk.seen(SEEN, SENDER)).toEqual({ kind: 'refused', reason: 'no-token' });
    expect(world.asked).toEqual([]);
  });
});

test('a type of transaction that is not known here is told to the extension’s pages', async () => {
  world.live = [];
  world.unsupported = ['senpoku'];
  expect(await start().desk.latest()).toMatchObject({
    confirmations: [],
    failed: [],
    unsupported: ['senpoku'],
  });
});

describe('while the vault is locked', () => {
  beforeEach(() => {
    world.locked = true;
  });

  test('a bank that shows a transfer has it counted and told of, and no service is asked', async () => {
    const { desk } = start();
    expect(await desk.seen(SEEN, SENDER)).toEqual({ kind: 'expected', count: 1 });
    expect(world.asked).toEqual([]);
    expect(browser.badge).toBe('1');
    expect(browser.told).toBe(1);
    const told = JSON.stringify([...browser.notices, browser.kept.waiting, await desk.latest()]);
    for (const detail of [TRANSFER.payee, String(TRANSFER.amount), TRANSFER.accountNumber, DETAILS.number])
      expect(told).not.toContain(`"${detail}"`);
    expect(told).not.toContain(TRANSFER.payee);
    expect([...browser.notices.values()]).toEqual([
      { title: 'confirmNoticeTitle', message: 'confirmNoticeBody' },
    ]);
  });

  test('pages hear how many wait as far as is known, and nothing else of them', async () => {
    expect(await start().desk.latest()).toEqual({ confirmations: [], failed: [], concealed: 0 });
    await start().desk.seen(SEEN, SENDER);
    await start().desk.seen(SEEN, { ...SENDER, tabId: 8 });
    expect(await start().desk.latest()).toEqual({ confirmations: [], failed: [], concealed: 2 });
    expect(world.asked).toEqual([]);
  });

  test('a page that tells again, or is of a transfer known before, counts once', async () => {
    world.locked = false;
    await start().desk.seen(SEEN, SENDER);
    world.locked = true;
    for (const text of [PAGE, `${PAGE}\nあ`]) await start().desk.seen({ ...SEEN, text }, SENDER);
    expect(browser.badge).toBe('1');
    expect(browser.shown).toHaveLength(1);
    for (const text of [PAGE, `${PAGE}\nあ`])
      await start().desk.seen({ ...SEEN, text }, { ...SENDER, tabId: 8 });
    expect(browser.badge).toBe('2');
    expect(browser.shown).toHaveLength(2);
  });

  test('a page that is left counts no more, and the next one in its tab is told of', async () => {
    await start().desk.seen(SEEN, SENDER);
    await start().desk.left(SENDER.tabId ?? 0);
    expect(browser.badge).toBe('');
    expect(browser.notices.size).toBe(0);
    await start().desk.seen(SEEN, { ...SENDER, documentId: 'next' });
    expect(browser.badge).toBe('1');
    expect(browser.shown).toHaveLength(2);
  });

  test('a page that only changed its address counts still', async () => {
    await start().desk.seen(SEEN, SENDER);
    await start().desk.left(SENDER.tabId ?? 0, async ({ documentId }) => documentId === SENDER.documentId);
    expect(browser.badge).toBe('1');
  });

  test('what a page spoke of counts no longer than a confirmation lives', async () => {
    await start().desk.seen(SEEN, SENDER);
    world.deviceMs = NOW + 5 * 60_000;
    await start().waiting.expire();
    expect(browser.badge).toBe('');
    expect(await start().desk.latest()).toMatchObject({ concealed: 0 });
  });

  test('unlocked, what the service says takes its place', async () => {
    await start().desk.seen(SEEN, SENDER);
    world.locked = false;
    world.live = [];
    expect(await start().desk.latest()).toEqual({ confirmations: [], failed: [], logins: [] });
    expect(browser.badge).toBe('');
  });

  test('what is locked while the service is asked is not told of', async () => {
    const { desk } = start();
    const latest = desk.latest();
    world.locked = true;
    expect(await latest).toMatchObject({ confirmations: [], concealed: expect.any(Number) });
  });

  test('nothing is decided and no code is made', async () => {
    world.live = [pending({}, { status: 'confirmed', useBy: NOW + 1 })];
    const { desk } = start();
    const { tokenId, canonical } = pending();
    for (const decision of ['confirmed', 'rejected', 'not-me'] as const) {
      expect(await desk.decide(tokenId, canonical, decision)).toEqual({ kind: 'refused', reason: 'locked' });
    }
    expect(await desk.code(tokenId, canonical)).toEqual({ kind: 'unreachable' });
    world.locked = false;
    expect(await desk.code(tokenId, canonical)).toEqual({ kind: 'made', code: '12345678' });
  });
});
