import { beforeEach, describe, expect, test, vi } from 'vitest';
import { canonicalText } from '../../../../core/transaction/details.ts';
import { DETAILS, TOKEN } from '../../platform/service/fake-service.ts';
import { browser, resetBrowser } from './fake-browser.ts';
import { EXPIRES, ID, pending, resetWorld, SEEN, SENDER, start, world } from './fake-desk.ts';

vi.mock('../../../../platform/browser.ts', async () => (await import('./fake-browser.ts')).fakeBrowser);
vi.mock('../../../../platform/storage/filled.ts', async () => (await import('./fake-filled.ts')).fakeFilled);

const { openNotice } = await import('../../../../entrypoints/background/waiting.ts');

beforeEach(() => {
  resetBrowser();
  resetWorld();
});

describe('the badge', () => {
  const decide = () => start().desk.decide('first', canonicalText(DETAILS), 'confirmed');

  beforeEach(async () => {
    world.live = [pending(), pending({ confirmation: ID('B'), number: '12' })];
    await start().desk.seen(SEEN, SENDER);
    expect(browser.badge).toBe('2');
  });

  test('counts down with a decision, and its notification goes', async () => {
    await decide();
    expect(browser.badge).toBe('1');
    expect([...browser.notices.keys()]).toEqual([`confirmation:${ID('B')}`]);
  });

  test('counts down for one that is gone, not for one that could not be decided', async () => {
    world.outcome = { kind: 'refused', reason: 'unreachable' };
    await decide();
    expect(browser.badge).toBe('2');
    world.outcome = { kind: 'refused', reason: 'gone' };
    await decide();
    expect(browser.badge).toBe('1');
  });

  test('follows what the service says; a service that cannot be asked changes nothing', async () => {
    world.failed = ['senpoku'];
    world.live = [];
    await start().desk.latest();
    expect(browser.badge).toBe('2');
    world.failed = [];
    world.live = [pending({}, { status: 'confirmed' })];
    await start().desk.latest();
    expect(browser.badge).toBe('');
    expect(browser.notices.size).toBe(0);
    expect(browser.alarm).toBeUndefined();
  });

  test('forgets what expires, by the service’s time, though no page asks', async () => {
    expect(browser.alarm).toBe(EXPIRES - 60_000);
    world.deviceMs = EXPIRES - 60_000 - 1;
    await start().waiting.expire();
    expect(browser.badge).toBe('2');
    world.deviceMs += 1;
    await start().waiting.expire();
    expect(browser.badge).toBe('');
    expect(browser.notices.size).toBe(0);
  });

  test.each([
    ['another token is left', [{ ...TOKEN, id: 'another' }]],
    ['none is left', []],
  ])('counts nothing for a token that was removed, where %s', async (_what, left) => {
    await start(left).desk.latest();
    expect(browser.badge).toBe('');
    expect(browser.notices.size).toBe(0);
  });

  test('counts nothing for a removed token while the vault is locked, and all where it cannot be read', async () => {
    world.locked = true;
    expect(await start([], { listFails: true }).desk.latest()).toMatchObject({ concealed: 2 });
    expect(await start([]).desk.latest()).toMatchObject({ concealed: 0 });
  });

  test('loses none of several changes at once', async () => {
    const { waiting } = start();
    await Promise.all([waiting.settle(ID('A')), waiting.settle(ID('B'))]);
    expect(browser.badge).toBe('');
  });
});

describe('a notification', () => {
  test('opens the popup, or the full page where there is none', async () => {
    await openNotice(`confirmation:${ID('A')}`);
    expect(browser.tabs).toEqual([]);
    browser.opensPopup = false;
    await openNotice(`confirmation:${ID('A')}`);
    expect(browser.tabs).toEqual(['chrome-extension://warifu/token.html#confirm']);
    await openNotice('of somebody else');
    expect(browser.tabs).toHaveLength(1);
  });
});
