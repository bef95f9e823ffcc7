import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWebInstaller } from '../../../../platform/shells/web-installer.ts';

let page: EventTarget;

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('navigator', { userAgent: 'Android', maxTouchPoints: 5 });
});
afterEach(() => vi.unstubAllGlobals());

/** As Chromium makes it. */
function offer(outcome: 'accepted' | 'dismissed') {
  const event = new Event('beforeinstallprompt', { cancelable: true });
  return Object.assign(event, { prompt: vi.fn(async () => ({ outcome })) });
}

function start() {
  const installer = createWebInstaller();
  const told: boolean[] = [];
  const watching = new AbortController();
  installer.watch((canAsk) => told.push(canAsk), watching.signal);
  return { installer, told, stop: () => watching.abort() };
}

test('the browser’s offer is kept for where it is explained, and used once', async () => {
  const { installer, told } = start();
  const made = offer('accepted');
  page.dispatchEvent(made);
  expect(made.defaultPrevented).toBe(true);
  expect(told).toEqual([false, true]);
  expect(await installer.ask()).toBe(true);
  expect(told).toEqual([false, true, false]);
  expect(await installer.ask()).toBe(false);
  expect(made.prompt).toHaveBeenCalledOnce();
});

test('an offer made before anybody watches is there; one turned down is none', async () => {
  const installer = createWebInstaller();
  page.dispatchEvent(offer('dismissed'));
  const told: boolean[] = [];
  installer.watch((canAsk) => told.push(canAsk), new AbortController().signal);
  expect(told).toEqual([true]);
  expect(await installer.ask()).toBe(false);
});

test('installed by other means, nothing is asked; nobody is told after leaving', () => {
  const { told, stop } = start();
  page.dispatchEvent(offer('accepted'));
  page.dispatchEvent(new Event('appinstalled'));
  stop();
  page.dispatchEvent(offer('accepted'));
  expect(told).toEqual([false, true, false]);
});

test('an event of that name that offers nothing is passed over', () => {
  const { told } = start();
  page.dispatchEvent(new Event('beforeinstallprompt'));
  expect(told).toEqual([false]);
});

test.each([
  ['a tab', { matches: false }, {}, false],
  ['an app', { matches: true }, {}, true],
  ['a tab of iOS', { matches: false }, { standalone: false }, false],
  ['on the Home Screen of iOS', { matches: false }, { standalone: true }, true],
])('%s', (_name, media, more, installed) => {
  vi.stubGlobal('matchMedia', () => media);
  vi.stubGlobal('navigator', { userAgent: 'iPhone', maxTouchPoints: 5, ...more });
  expect(createWebInstaller().installed).toBe(installed);
});
