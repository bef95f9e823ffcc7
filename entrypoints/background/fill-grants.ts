import type { Sender } from '../../core/autofill/asking.ts';
import type { Clock } from '../../core/clock.ts';
import { maybe, number, object, text } from '../../core/messages/shape.ts';
import type { Memory } from './memory.ts';

/** The customer asked for a tab to be filled: until when that counts (device time in milliseconds), and for which document. */
const grantShape = object({ until: number, documentId: maybe(text()) });

/** The page answers at once; it may first have to hear an answer it waits for already. */
const GRANT_MS = 5_000;

const GRANT = 'grant:';
const ASKER = 'asker:';

/**
 * That the customer asked for a page to be filled, by the popup or the keys. It is noted where the asking is heard, and
 * no page can say it of itself. Each counts once, for seconds, in the document that was there. Kept in memory only; a
 * killed worker does not make one longer.
 */
export function createFillGrants({ get, set, remove, inTurn }: Memory, clock: Clock) {
  async function note({ tabId, documentId }: Sender): Promise<void> {
    if (tabId !== undefined && documentId !== undefined && (await get(ASKER + tabId, text())) !== documentId)
      await set(ASKER + tabId, documentId);
  }

  const put = (tabId: number, documentId: string | undefined, ms: number) =>
    set(GRANT + tabId, { until: clock() + ms, ...(documentId !== undefined && { documentId }) });

  return {
    /** A page asked for a code in vain: it is still the one in front of a customer who asks for the same later. */
    heard: (sender: Sender) => inTurn(() => note(sender)),
    /** The customer asks for the page in a tab: for the document that asked before, or else whichever is there. */
    grant: (tabId: number) =>
      inTurn(async () => {
        await put(tabId, await get(ASKER + tabId, text()), GRANT_MS);
      }),
    /** A page asks for a code: whether the customer asked for its document. Of any number that ask, one is told so. */
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
    /** What was taken counts once more in that document, when the wait is over. */
    prolong: ({ tabId, documentId }: Sender, waitMs: number) =>
      inTurn(async () => {
        if (tabId !== undefined) await put(tabId, documentId, waitMs + GRANT_MS);
      }),
    /** Another page comes into the tab, or the tab is gone. */
    forget: (tabId: number) => inTurn(() => remove(GRANT + tabId, ASKER + tabId)),
  };
}

export type FillGrants = ReturnType<typeof createFillGrants>;
