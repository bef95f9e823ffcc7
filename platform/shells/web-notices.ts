import type { PushSubscription as Subscription } from '../../core/api/push.ts';
import { noticePressedSchema, SUBSCRIPTION_CHANGED } from '../../core/messages/worker.ts';
import type { NoticeState, Notices } from '../../core/notices.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { PushSubscriber } from '../service/push-subscriber.ts';
import { readLocal, writeLocal } from './local.ts';

/** Whether the customer wants notices, in `localStorage`: `yes` or `no`. */
const WANTED = 'warifu.notices';

/** A browser whose worker was not installed has none that is ready, ever; one that reaches no push service may never say so. */
const WITHIN_MS = 10_000;

/**
 * Notices by Web Push.
 * @returns undefined in a browser that has none, as iOS outside of the Home Screen
 */
export function createWebNotices(loadSubscriber: () => Promise<PushSubscriber>): Notices | undefined {
  if (!('serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis)) {
    return undefined;
  }

  /** The subscription that the service took for each token since the page was opened, by the token's id. */
  const taken = new Map<string, string>();
  const inTurn = oneAtATime();

  /** @returns whether the service has taken it for every token */
  async function subscribeAll(tokens: readonly TokenSummary[], isStillWanted: () => boolean) {
    const subscriber = await loadSubscriber();
    const [registration, key] = await Promise.all([inTime(navigator.serviceWorker.ready), subscriber.key()]);
    if (key === undefined || !isStillWanted()) return false;
    const subscription = await inTime(subscriptionWith(registration.pushManager, key));
    if (!isStillWanted()) return false;
    const answers = await Promise.all(tokens.map((token) => subscribe(subscriber, token, subscription)));
    return answers.every(Boolean);
  }

  async function subscribe(subscriber: PushSubscriber, token: TokenSummary, subscription: Subscription) {
    const told = JSON.stringify(subscription);
    if (taken.get(token.id) === told) return true;
    const isTaken = await subscriber.subscribe(token, subscription);
    if (isTaken) taken.set(token.id, told);
    return isTaken;
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
      taken.clear();
      const subscribed = await inTurn(() => subscribeAll(tokens, () => true)).catch(() => false);
      if (!subscribed) return 'failed';
      keep('yes');
      return 'on';
    },
    async turnOff(tokens) {
      keep('no');
      await inTurn(() => unsubscribeAll(loadSubscriber, tokens)).catch(() => undefined);
      taken.clear();
      return 'off';
    },
    async renew(tokens) {
      if (!isWanted() || Notification.permission !== 'granted') return;
      await inTurn(() => subscribeAll(tokens, isWanted)).catch(() => undefined);
    },
    async leave(token) {
      if (!isWanted()) return;
      await inTurn(async () => (await loadSubscriber()).unsubscribe(token)).catch(() => undefined);
      taken.delete(token.id);
    },
    follow({ pressed, changed }, signal) {
      const hear = ({ data }: MessageEvent) => {
        if (noticePressedSchema(data)) pressed(data.institution);
        if (data !== SUBSCRIPTION_CHANGED) return;
        taken.clear();
        changed();
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
  const registration = await inTime(navigator.serviceWorker.ready);
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  const subscriber = await loadSubscriber();
  await Promise.all(tokens.map((token) => subscriber.unsubscribe(token)));
}

/** Runs one change of the subscriptions after the other: what is turned off or left is not told of again by an earlier one. */
function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(change: () => Promise<T>): Promise<T> => {
    const mine = last.then(change);
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function inTime<T>(awaited: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = setTimeout(() => reject(new Error('the browser does not answer')), WITHIN_MS);
  return Promise.race([awaited, promise]).finally(() => clearTimeout(late));
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
