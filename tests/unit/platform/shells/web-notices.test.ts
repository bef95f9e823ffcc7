import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { SUBSCRIPTION_CHANGED } from '../../../../core/messages/worker.ts';
import { createWebNotices } from '../../../../platform/shells/web-notices.ts';
import { TOKEN } from '../service/fake-service.ts';

const KEY = Buffer.from([4, ...Array(64).fill(251)]).toString('base64url');

/** The browser's side of Web Push. */
class TestManager {
  made: { endpoint: string; key: string } | undefined;
  count = 0;
  refuses = false;

  getSubscription = async () => this.made && this.#subscription(this.made);

  subscribe = async ({ applicationServerKey: key }: { applicationServerKey: string }) => {
    if (this.refuses) throw new DOMException('no push service', 'AbortError');
    this.count += this.made ? 0 : 1;
    this.made ??= { endpoint: `https://push.example.jp/${this.count}`, key };
    return this.#subscription(this.made);
  };

  #subscription = ({ endpoint, key }: { endpoint: string; key: string }) => ({
    options: { applicationServerKey: new Uint8Array(Buffer.from(key, 'base64url')).buffer },
    toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh: 'p', auth: 'a' } }),
    unsubscribe: async () => {
      this.made = undefined;
      return true;
    },
  });
}

let manager: TestManager;
let key: string | undefined;
let answer: NotificationPermission;
let taken: boolean;
/** What a subscription waits for at the service, and how many did. */
let answered: Promise<void>;
let begun: number;
const calls: string[] = [];
const container = new EventTarget();

const notification = { permission: 'default' as NotificationPermission };

const notices = () => {
  const made = createWebNotices(async () => ({
    key: async () => key,
    subscribe: async ({ id }, { endpoint }) => {
      begun += 1;
      await answered;
      calls.push(`${id} ${endpoint}`);
      return taken;
    },
    unsubscribe: async ({ id }) => {
      calls.push(`${id} gone`);
      return true;
    },
  }));
  if (made === undefined) throw new Error('there are none');
  return made;
};

beforeEach(() => {
  manager = new TestManager();
  key = KEY;
  answer = 'granted';
  taken = true;
  answered = Promise.resolve();
  begun = 0;
  calls.length = 0;
  notification.permission = 'default';
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
  const ready = Promise.resolve({ pushManager: manager });
  vi.stubGlobal('navigator', { serviceWorker: Object.assign(container, { ready }) });
  vi.stubGlobal('PushManager', TestManager);
  const requestPermission = async () => {
    notification.permission = answer;
    return answer;
  };
  vi.stubGlobal('Notification', Object.assign(notification, { requestPermission }));
});
afterEach(() => vi.unstubAllGlobals());

const tokens = [TOKEN, { ...TOKEN, id: 'second' }];

test('are off until the customer says so; then every token of the device is told of', async () => {
  expect(await notices().state()).toBe('off');
  expect(notices().answered()).toBe(false);
  expect(await notices().turnOn(tokens)).toBe('on');
  expect(calls).toEqual(['first https://push.example.jp/1', 'second https://push.example.jp/1']);
  expect(await notices().state()).toBe('on');
  expect(notices().answered()).toBe(true);
});

test('are renewed as they were, and with another key made anew', async () => {
  await notices().renew(tokens);
  expect(calls).toEqual([]);
  await notices().turnOn([TOKEN]);
  await notices().renew(tokens);
  key = Buffer.from([4, ...Array(64).fill(7)]).toString('base64url');
  await notices().renew([TOKEN]);
  expect(calls).toEqual([
    'first https://push.example.jp/1',
    'first https://push.example.jp/1',
    'second https://push.example.jp/1',
    'first https://push.example.jp/2',
  ]);
});

describe('in one opening of the page', () => {
  const FIRST = 'first https://push.example.jp/1';

  test('are told once, until a token is added, the service took none, or the browser says that they changed', async () => {
    const page = notices();
    await page.turnOn([TOKEN]);
    taken = false;
    for (let start = 0; start < 3; start += 1) await page.renew([TOKEN]);
    expect(calls).toEqual([FIRST]);
    await page.renew(tokens);
    taken = true;
    await page.renew(tokens);
    await page.renew(tokens);
    expect(calls).toEqual([FIRST, 'second https://push.example.jp/1', 'second https://push.example.jp/1']);
    const following = new AbortController();
    let renewed: Promise<void> | undefined;
    const changed = () => {
      renewed = page.renew([TOKEN]);
    };
    page.follow({ pressed: () => undefined, changed }, following.signal);
    container.dispatchEvent(new MessageEvent('message', { data: SUBSCRIPTION_CHANGED }));
    following.abort();
    await renewed;
    expect(calls.slice(3)).toEqual([FIRST]);
  });

  test('are made again for a token that was left, and after they were off', async () => {
    const page = notices();
    await page.turnOn([TOKEN]);
    await page.leave(TOKEN);
    await page.renew([TOKEN]);
    await page.turnOff([TOKEN]);
    await page.turnOn([TOKEN]);
    const again = 'first https://push.example.jp/2';
    expect(calls).toEqual([FIRST, 'first gone', FIRST, 'first gone', again]);
  });

  test('that are on their way as a token is left end after they have arrived', async () => {
    await notices().turnOn([TOKEN]);
    calls.length = 0;
    const held = Promise.withResolvers<void>();
    answered = held.promise;
    const page = notices();
    const renewing = page.renew([TOKEN]);
    await vi.waitFor(() => expect(begun).toBe(2), 20_000);
    const leaving = page.leave(TOKEN);
    held.resolve();
    await Promise.all([renewing, leaving]);
    expect(calls).toEqual([FIRST, 'first gone']);
  });

  test('stay off where they were turned off while they were renewed', async () => {
    await notices().turnOn(tokens);
    calls.length = 0;
    const page = notices();
    const renewing = page.renew(tokens);
    await Promise.all([page.turnOff(tokens), renewing]);
    expect(calls).toEqual(['first gone', 'second gone']);
    expect(manager.made).toBeUndefined();
  });

  test('that the browser never gets hold up nobody who turns them off', async () => {
    await notices().turnOn([TOKEN]);
    const page = notices();
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    manager.subscribe = () => Promise.withResolvers<never>().promise;
    const renewing = page.renew([TOKEN]);
    const leaving = page.turnOff([TOKEN]);
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all([renewing, leaving]);
    expect(calls).toEqual([FIRST, 'first gone']);
  });

  test('stay off where the browser was still asked for a subscription as they were turned off', async () => {
    await notices().turnOn(tokens);
    calls.length = 0;
    const held = Promise.withResolvers<void>();
    const { subscribe } = manager;
    let wanted = false;
    manager.subscribe = async (options) => {
      wanted = true;
      await held.promise;
      return subscribe(options);
    };
    const page = notices();
    const renewing = page.renew(tokens);
    await vi.waitFor(() => expect(wanted).toBe(true), 20_000);
    const leaving = page.turnOff(tokens);
    held.resolve();
    await Promise.all([leaving, renewing]);
    expect(calls).toEqual(['first gone', 'second gone']);
    expect(manager.made).toBeUndefined();
  });
});

test('end for all tokens, or for one that is removed', async () => {
  await notices().turnOn(tokens);
  calls.length = 0;
  await notices().leave(TOKEN);
  expect(calls).toEqual(['first gone']);
  expect(await notices().turnOff(tokens)).toBe('off');
  expect(calls.slice(1)).toEqual(['first gone', 'second gone']);
  expect(manager.made).toBeUndefined();
  await notices().renew(tokens);
  expect(calls).toHaveLength(3);
  expect(notices().answered()).toBe(true);
});

test('are blocked where the customer told the browser so', async () => {
  answer = 'denied';
  expect(await notices().turnOn(tokens)).toBe('blocked');
  expect(await notices().state()).toBe('blocked');
  expect(calls).toEqual([]);
});

test('stay off where the customer did not answer the browser', async () => {
  answer = 'default';
  expect(await notices().turnOn(tokens)).toBe('off');
  expect(notices().answered()).toBe(false);
});

test.each([
  ['no push service', () => Object.assign(manager, { refuses: true })],
  ['a service that does not answer', () => (key = undefined)],
  ['a service that does not take it', () => (taken = false)],
])('with %s it is said that they could not be set up', async (_, spoil) => {
  spoil();
  expect(await notices().turnOn(tokens)).toBe('failed');
  expect(notices().answered()).toBe(false);
});

test('are not offered where the service sends none', async () => {
  key = undefined;
  expect(await notices().state()).toBeUndefined();
});

test('there are none in a browser without Web Push', () => {
  vi.stubGlobal('PushManager', undefined);
  Reflect.deleteProperty(globalThis, 'PushManager');
  expect(createWebNotices(async () => Promise.reject(new Error('asked')))).toBeUndefined();
});

test('the page hears of a press and of another subscription, until it does not listen any more', () => {
  const heard: string[] = [];
  const following = new AbortController();
  const pressed = { type: 'notice-pressed', institution: 'senpoku' };
  const events = {
    pressed: (institution: string) => heard.push(`pressed ${institution}`),
    changed: () => heard.push('changed'),
  };
  notices().follow(events, following.signal);
  const say = (data: unknown) => container.dispatchEvent(new MessageEvent('message', { data }));
  for (const data of [pressed, SUBSCRIPTION_CHANGED, 'notice-pressed', undefined]) say(data);
  following.abort();
  say(pressed);
  expect(heard).toEqual(['pressed senpoku', 'changed']);
});
