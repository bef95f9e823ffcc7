import type { Sender } from '../../core/autofill/asking.ts';
import type { Clock } from '../../core/clock.ts';
import { maybe, number, object, text } from '../../core/messages/shape.ts';
import { type IsShown, shownNoMore } from './documents.ts';
import type { Memory } from './memory.ts';

/** The customer asked to fill a tab: until when that counts (device time in milliseconds), and for which document. */
const grantShape = object({ until: number, documentId: maybe(text()) });

/** How long a wish counts: the page answers at once, but may first wait for an earlier answer. */
const GRANT_MS = 5_000;

const GRANT = 'grant:';
const ASKER = 'asker:';

/**
 * Remembers that the customer asked to fill a page, by the popup or the keys. Only the background notes it, so no page can
 * claim it. Each wish counts once, for seconds, in the document that was there. It is kept in memory only, and the end of the
 * worker does not make it last longer.
 */
export function createFillGrants({ get, set, remove, inTurn }: Memory, clock: Clock) {
  async function note({ tabId, documentId }: Sender): Promise<void> {
    if (tabId !== undefined && documentId !== undefined && (await get(ASKER + tabId, text())) !== documentId)
      await set(ASKER + tabId, documentId);
  }

  const put = (tabId: number, documentId: string | undefined, ms: number) =>
    set(GRANT + tabId, { until: clock() + ms, ...(documentId !== undefined && { documentId }) });

  return {
    /** A page asked for a code in vain. A later wish of the customer counts for its document. */
    heard: (sender: Sender) => inTurn(() => note(sender)),
    /** The customer asks to fill a tab: for the document that asked before, or else for whichever is there. */
    grant: (tabId: number) =>
      inTurn(async () => {
        await put(tabId, await get(ASKER + tabId, text()), GRANT_MS);
      }),
    /** A page asks for a code. @returns whether the customer asked for its document; true for only one of several askers */
    take: (sender: Sender) =>
      inTurn(async () => {
        const { tabId, documentId } = sender;
        if (tabId === undefined) return false;
        void note(sender);
        const granted = await get(GRANT + tabId, grantShape);
        if (!granted || (granted.documentId ?? documentId) !== documentId) return false;
        await remove(GRANT + tabId);
        return clock() < granted.until;
      }),
    /** Lets a wish that was taken count once more in its document, after a wait. */
    prolong: ({ tabId, documentId }: Sender, waitMs: number) =>
      inTurn(async () => {
        if (tabId !== undefined) await put(tabId, documentId, waitMs + GRANT_MS);
      }),
    /** The tab loads another page: a wish for whichever document was there is over, before it is known whether that one stays. */
    unbind: (tabId: number) =>
      inTurn(async () => {
        if ((await get(GRANT + tabId, grantShape))?.documentId === undefined) await remove(GRANT + tabId);
      }),
    /** The tab shows another document, or was closed. */
    async forget(tabId: number, isShown: IsShown = shownNoMore): Promise<void> {
      const documentId = await get(ASKER + tabId, text());
      // Where no page has asked, the wish is for whichever is shown.
      const stays = documentId === undefined ? isShown !== shownNoMore : await isShown({ tabId, documentId });
      if (stays) return;
      await inTurn(async () => {
        if ((await get(ASKER + tabId, text())) === documentId) await remove(GRANT + tabId, ASKER + tabId);
      });
    },
  };
}

export type FillGrants = ReturnType<typeof createFillGrants>;
