import type { Clock } from '../../core/clock.ts';
import { list, number, object, type Shaped, text } from '../../core/messages/shape.ts';
import type { PendingConfirmation } from '../../core/transaction/confirmations.ts';
import { browser } from '../../platform/browser.ts';
import { showCount } from './badge.ts';
import type { Memory } from './memory.ts';

/** A confirmation that waits for the customer. Nothing of what it is about. */
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

/** How many confirmations are remembered as told of. */
const REMEMBERED_NOTICES = 100;

/** Wakes the worker when a confirmation expires. */
export const EXPIRY_ALARM = 'confirmation-expiry';

/** How the ids begin of what only a tab's page speaks of. Ids of confirmations have no colon. */
const pageIds = (tabId: number) => `page:${tabId}:`;

/** A document in a tab that shows a transaction. */
export interface PageInTab {
  readonly tabId: number;
  readonly documentId: string | undefined;
  /** How long its institution lets a confirmation wait, in milliseconds. */
  readonly waitsMs: number;
}

const NOTICE_PREFIX = 'confirmation:';

/**
 * What waits for the customer, as the badge counts it and notifications tell of it. Kept in memory only, but longer than
 * the worker lives.
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
     * Takes in what the services say of some tokens.
     * @param offsetOf what is added to the device's clock for an institution, in milliseconds
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
     * A tab's page says that a transfer waits, and the service cannot be asked: that counts, unless all pages of the
     * institution are accounted for by what is known already.
     * @param tokenIds the institution's tokens
     * @param pages how many pages of the institution say so
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
    /** The page is gone that said so. */
    async unexpect(tabId: number): Promise<void> {
      const isOf = ({ id }: Waiting) => id.startsWith(pageIds(tabId));
      // of most pages nothing is expected
      if ((await read()).some(isOf)) await change((before) => before.filter((one) => !isOf(one)));
    },
    /** How many wait as far as is known, without asking. */
    count: async () => (await read()).filter(({ until }) => until > clock()).length,
    /** A decision was made, or a confirmation is over. */
    settle: (id: string) => change((before) => before.filter((one) => one.id !== id)),
    /** Lets go of what has expired. */
    expire: () => change((before) => before),
    /** Shows one notification for each confirmation that none was shown for: that there is one, not what it is about. */
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

/** A notification was clicked: the popup, or the full page where the browser opens no popup. */
export async function openNotice(notice: string): Promise<void> {
  if (!notice.startsWith(NOTICE_PREFIX)) return;
  void browser.notifications.clear(notice);
  try {
    await browser.action.openPopup();
  } catch {
    await browser.tabs.create({ url: `${browser.runtime.getURL('/token.html')}#confirm` });
  }
}
