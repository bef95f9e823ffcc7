import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { listenForNotices } from '../../../../entrypoints/token/worker/notices.ts';

/** What a pressed notice of the companion's worker leads to. */

const listeners = new Map<string, (event: object) => void>();
const openWindow = vi.fn(async () => undefined);
const focus = vi.fn(async () => undefined);
const postMessage = vi.fn();
let open: string[];

vi.stubGlobal('self', {
  addEventListener: (kind: string, listener: (event: object) => void) => listeners.set(kind, listener),
  clients: {
    matchAll: async () =>
      open.map((path) => ({
        url: `https://token.example${path}`,
        focus: () => focus(),
        postMessage: (message: unknown) => postMessage(path, message),
      })),
    openWindow,
  },
});
afterAll(() => vi.unstubAllGlobals());
listenForNotices();

beforeEach(() => {
  vi.clearAllMocks();
});

async function press(): Promise<void> {
  let done: Promise<unknown> = Promise.resolve();
  listeners.get('notificationclick')?.({
    notification: { close: () => undefined, data: 'senpoku' },
    waitUntil: (work: Promise<unknown>) => {
      done = work;
    },
  });
  await done;
}

test.each(['/', '/index.html', '/?from=mail', '/#settings'])('the companion is open at %s', async (path) => {
  open = ['/openapi.json', path];
  await press();
  expect(postMessage).toHaveBeenCalledWith(path, { type: 'notice-pressed', institution: 'senpoku' });
  expect(focus).toHaveBeenCalledOnce();
  expect(openWindow).not.toHaveBeenCalled();
});

test('no other page of the service is taken for the companion', async () => {
  open = ['/openapi.json', '/worker.js'];
  await press();
  expect(postMessage).not.toHaveBeenCalled();
  expect(openWindow).toHaveBeenCalledWith('/#confirm=senpoku');
});
