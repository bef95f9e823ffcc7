import type { Clock } from '../../core/clock.ts';
import { list, number, object, type Shaped, text } from '../../core/messages/shape.ts';
import type { PendingConfirmation } from '../../core/transaction/confirmations.ts';
import { browser } from '../../platform/browser.ts';
import { showCount } from './badge.ts';
import { type IsShown, shownNoMore } from './documents.ts';
import type { Memory } from './memory.ts';

/** A confirmation that waits for the customer, without its contents. */
const waitingShape = list(
  object({
    id: text(),
    tokenId: text(),
    /** Device time in milliseconds. */
    until: number,
  }),
);

type Waiting = Shaped<typeof waitingShape>[number];

const WAITING = 'waiting';
const NOTICED = 'noticed';

/** Most confirmations that are remembered as announced. */
const REMEMBERED_NOTICES = 100;

/** Alarm that wakes the worker when a confirmation expires. */
export const EXPIRY_ALARM = 'confirmation-expiry';

/** Prefix of ids of transfers that only a tab's page shows. Ids of confirmations contain no colon. */
const pageIds = (tabId: number) => `page:${tabId}:`;

/** A document in a tab that shows a transaction. */
export interface PageInTab {
  readonly tabId: number;
  readonly documentId: string | undefined;
  /** Milliseconds that a confirmation of its institution waits. */
  readonly waitsMs: number;
}

const NOTICE_PREFIX = 'confirmation:';

/**
 * The confirmations that wait for the customer, for the badge and the notifications. They are kept in memory only, but outlive
 * the worker.
 */
export function createWaiting({ get, set, inTurn }: Memory, clock: Clock) {
  const read = async (): Promise<readonly Waiting[]> => (await get(WAITING, waitingShape)) ?? [];

  const change = (to: (before: readonly Waiting[]) => readonly Waiting[]) =>
    inTurn(async () => {
      const before = await read();
      const waiting = to(before).filter(({ until }) => until > clock());
      await set(WAITING, waiting);
      await showCount(waiting.length);
      const gone = before.filter(({ id }) => waiting.every((one) => one.id !== id));
      await Promise.all(gone.map(({ id }) => browser.notifications.clear(NOTICE_PREFIX + id)));
      if (waiting.length === 0) await browser.alarms.clear(EXPIRY_ALARM);
      else browser.alarms.create(EXPIRY_ALARM, { when: Math.min(...waiting.map(({ until }) => until)) });
    });

  return {
    /**
     * Takes over the services' answers about some tokens.
     * @param offsetOf milliseconds to add to the device's clock for an institution
     */
    learn(
      tokenIds: readonly string[],
      confirmations: readonly PendingConfirmation[],
      offsetOf: (institution: string) => number,
    ): Promise<void> {
      const told = confirmations
        .filter(({ status }) => status === 'waiting')
        .map(({ tokenId, details }) => ({
          id: details.confirmation,
          tokenId,
          until: Date.parse(details.expiresAt) - offsetOf(details.institution),
        }));
      return change((before) => [...before.filter(({ tokenId }) => !tokenIds.includes(tokenId)), ...told]);
    },
    /**
     * A tab's page shows a waiting transfer, and the service cannot be asked. It counts as one more, unless the known
     * confirmations account for all pages of the institution.
     * @param tokenIds the institution's tokens
     * @param pages number of pages of the institution that show a transfer
     */
    expect: (tokenIds: readonly string[], { tabId, documentId, waitsMs }: PageInTab, pages: number) =>
      change((before) => {
        const id = pageIds(tabId) + documentId;
        const known = before.filter((one) => tokenIds.includes(one.tokenId) && one.id !== id).length;
        const [tokenId] = tokenIds;
        if (tokenId === undefined || known >= pages) return before;
        const expected = { id, tokenId, until: clock() + waitsMs };
        return [...before.filter((one) => one.id !== id), expected];
      }),
    /** The page that showed the transfer is gone. */
    async unexpect(tabId: number, isShown: IsShown = shownNoMore): Promise<void> {
      const ofTab = pageIds(tabId);
      for (const { id } of await read()) {
        if (id.startsWith(ofTab) && !(await isShown({ tabId, documentId: id.slice(ofTab.length) })))
          await change((before) => before.filter((one) => one.id !== id));
      }
    },
    /** The known number of waiting confirmations. It asks no service. */
    count: async () => (await read()).filter(({ until }) => until > clock()).length,
    /** A confirmation was decided or has ended. */
    settle: (id: string) => change((before) => before.filter((one) => one.id !== id)),
    /** Removes the confirmations of tokens that are no more. */
    keep: (tokenIds: readonly string[]) =>
      change((before) => before.filter(({ tokenId }) => tokenIds.includes(tokenId))),
    /** Removes expired confirmations. */
    expire: () => change((before) => before),
    /** Shows one notification for each new confirmation. It does not say what the confirmation is about. */
    notify: () =>
      inTurn(async () => {
        const noticed = (await get(NOTICED, list(text()))) ?? [];
        const fresh = (await read()).map(({ id }) => id).filter((id) => !noticed.includes(id));
        await set(NOTICED, [...fresh, ...noticed].slice(0, REMEMBERED_NOTICES));
        await Promise.all(fresh.map(showNotice));
      }),
  };
}

export type WaitingConfirmations = ReturnType<typeof createWaiting>;

async function showNotice(id: string): Promise<void> {
  await browser.notifications.create(NOTICE_PREFIX + id, {
    type: 'basic',
    iconUrl: browser.runtime.getURL('/icon/128.png'),
    title: browser.i18n.getMessage('confirmNoticeTitle'),
    message: browser.i18n.getMessage('confirmNoticeBody'),
  });
}

/** A notification was clicked: opens the popup, or the full page if the browser does not open popups. */
export async function openNotice(notice: string): Promise<void> {
  if (!notice.startsWith(NOTICE_PREFIX)) return;
  void browser.notifications.clear(notice);
  try {
    await browser.action.openPopup();
  } catch {
    await browser.tabs.create({ url: `${browser.runtime.getURL('/token.html')}#confirm` });
  }
}
