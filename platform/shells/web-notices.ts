import type { PushSubscription as Subscription } from '../../core/api/push.ts';
import { noticePressedSchema, SUBSCRIPTION_CHANGED } from '../../core/messages/worker.ts';
import type { NoticeState, Notices } from '../../core/notices.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { PushSubscriber } from '../service/push-subscriber.ts';
import { readLocal, writeLocal } from './local.ts';

/** Whether the customer wants notices, in `localStorage`: `yes` or `no`. */
const WANTED = 'warifu.notices';

/** A browser whose worker was not installed has none that is ready, ever. */
const READY_WITHIN_MS = 10_000;

/**
 * Notices by Web Push.
 * @returns undefined in a browser that has none, as iOS outside of the Home Screen
 */
export function createWebNotices(loadSubscriber: () => Promise<PushSubscriber>): Notices | undefined {
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis)) {
    return undefined;
  }

  async function subscribeAll(tokens: readonly TokenSummary[]): Promise<boolean> {
    const subscriber = await loadSubscriber();
    const [registration, key] = await Promise.all([readyWorker(), subscriber.key()]);
    if (key === undefined) return false;
    const subscription = await subscriptionWith(registration.pushManager, key);
    const taken = await Promise.all(tokens.map((token) => subscriber.subscribe(token, subscription)));
    return taken.every(Boolean);
  }

  return {
    async state() {
      if (Notification.permission === 'denied') return 'blocked';
      if (Notification.permission === 'granted' && isWanted()) return 'on';
      const key = await loadSubscriber()
        .then((subscriber) => subscriber.key())
        .catch(() => undefined);
      return key === undefined ? undefined : 'off';
    },
    answered: () => wanted() !== undefined,
    async turnOn(tokens) {
      const permission = await Notification.requestPermission();
      if (permission !== 'granted') return stateBy(permission);
      const subscribed = await subscribeAll(tokens).catch(() => false);
      if (!subscribed) return 'failed';
      keep('yes');
      return 'on';
    },
    async turnOff(tokens) {
      keep('no');
      await unsubscribeAll(loadSubscriber, tokens).catch(() => undefined);
      return 'off';
    },
    async renew(tokens) {
      if (!isWanted() || Notification.permission !== 'granted') return;
      await subscribeAll(tokens).catch(() => undefined);
    },
    async leave(token) {
      if (!isWanted()) return;
      await loadSubscriber()
        .then((subscriber) => subscriber.unsubscribe(token))
        .catch(() => undefined);
    },
    follow({ pressed, changed }, signal) {
      const hear = ({ data }: MessageEvent) => {
        if (noticePressedSchema(data)) pressed(data.institution);
        if (data === SUBSCRIPTION_CHANGED) changed();
      };
      navigator.serviceWorker.addEventListener('message', hear, { signal });
    },
  };
}

const stateBy = (permission: NotificationPermission): NoticeState =>
  permission === 'denied' ? 'blocked' : 'off';

async function unsubscribeAll(
  loadSubscriber: () => Promise<PushSubscriber>,
  tokens: readonly TokenSummary[],
) {
  const registration = await readyWorker();
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const subscriber = await loadSubscriber();
  await Promise.all(tokens.map((token) => subscriber.unsubscribe(token)));
}

async function readyWorker(): Promise<ServiceWorkerRegistration> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = setTimeout(() => reject(new Error('no worker is ready')), READY_WITHIN_MS);
  return Promise.race([navigator.serviceWorker.ready, promise]).finally(() => clearTimeout(late));
}

/** The browser's subscription. One that was made with another key is of no use, and the browser makes no second beside it. */
async function subscriptionWith(manager: PushManager, key: string): Promise<Subscription> {
  const kept = await manager.getSubscription();
  if (kept && keyOf(kept) !== key) await kept.unsubscribe();
  const made = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys: { p256dh = '', auth = '' } = {} } = made.toJSON();
  return { endpoint: endpoint ?? '', keys: { p256dh, auth } };
}

const keyOf = ({ options: { applicationServerKey } }: globalThis.PushSubscription): string =>
  btoa(String.fromCharCode(...new Uint8Array(applicationServerKey ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const isWanted = () => wanted() === 'yes';

const wanted = () => readLocal(WANTED);

const keep = (answer: 'yes' | 'no') => writeLocal(WANTED, answer);
