import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TAKE_OVER } from '../../../../core/messages/worker.ts';
import type { UpdateState } from '../../../../core/updates.ts';
import { createWebUpdates } from '../../../../platform/shells/web-updates.ts';

/** A browser's worker, which goes from state to state when told to. */
class TestWorker extends EventTarget {
  state = 'installing';
  readonly told: unknown[] = [];
  postMessage(message: unknown) {
    this.told.push(message);
  }
  become(state: string) {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

class TestRegistration extends EventTarget {
  active: TestWorker | null = null;
  waiting: TestWorker | null = null;
  installing: TestWorker | null = null;
  update = vi.fn(async () => undefined);
}

let registration: TestRegistration;
let told: UpdateState[];
const page = Object.assign(new EventTarget(), { hidden: false });

async function watch() {
  const updates = createWebUpdates();
  const watching = new AbortController();
  updates.watch((state) => told.push(state), watching.signal);
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  return { updates, stop: () => watching.abort() };
}

beforeEach(() => {
  registration = new TestRegistration();
  told = [];
  const register = vi.fn(async () => registration);
  vi.stubGlobal('navigator', { serviceWorker: { register } });
  vi.stubGlobal('document', page);
});

afterEach(() => vi.unstubAllGlobals());

test('the first worker of a browser is no update', async () => {
  registration.installing = new TestWorker();
  const { installing } = registration;
  await watch();
  installing.become('installed');
  installing.become('activated');
  expect(told).toEqual([]);
});

test('a newer one is offered once it is whole, and taken when it is asked for', async () => {
  registration.active = new TestWorker();
  const { updates } = await watch();
  const newer = new TestWorker();
  registration.installing = newer;
  registration.dispatchEvent(new Event('updatefound'));
  expect(told).toEqual([]);
  registration.waiting = newer;
  newer.become('installed');
  expect(told).toEqual(['offered']);
  expect(newer.told).toEqual([]);
  updates.take();
  expect(newer.told).toEqual([TAKE_OVER]);
  newer.become('activated');
  expect(told).toEqual(['offered', 'taken']);
});

test('one that waits since before the page was opened is offered', async () => {
  registration.active = new TestWorker();
  registration.waiting = Object.assign(new TestWorker(), { state: 'installed' });
  await watch();
  expect(told).toEqual(['offered']);
});

test('one that could not be had whole is not offered', async () => {
  registration.active = new TestWorker();
  registration.installing = new TestWorker();
  const { installing } = registration;
  await watch();
  installing.become('redundant');
  expect(told).toEqual([]);
});

test('it is looked for whenever the page comes into view, until nobody watches', async () => {
  const { stop } = await watch();
  page.dispatchEvent(new Event('visibilitychange'));
  expect(registration.update).toHaveBeenCalledOnce();
  page.hidden = true;
  page.dispatchEvent(new Event('visibilitychange'));
  page.hidden = false;
  stop();
  page.dispatchEvent(new Event('visibilitychange'));
  expect(registration.update).toHaveBeenCalledOnce();
});

test.each([
  ['has no workers', {}],
  ['refuses them', { serviceWorker: { register: () => Promise.reject(new Error('refused')) } }],
])('a browser that %s is offered nothing', async (_what, navigator) => {
  vi.stubGlobal('navigator', navigator);
  const { updates } = await watch();
  updates.take();
  expect(told).toEqual([]);
});
