import type { Sender } from '../../core/autofill/gate.ts';
import { list, text } from '../../core/messages/shape.ts';
import { browser } from '../../platform/browser.ts';

const screensShape = list(text());

const PREFIX = 'filled:';

/** How many are remembered of a tab: a document asks for the ones it shows. */
const REMEMBERED = 32;

/** Which screens of which documents were filled, by tab. Kept in memory only, but longer than the worker lives. */
export function createFilledScreens() {
  async function remembered(tabId: number): Promise<readonly string[]> {
    const key = PREFIX + tabId;
    const { [key]: kept } = await browser.storage.session.get(key);
    return screensShape(kept) ? kept : [];
  }

  return {
    /** The screens filled in the sender's document. */
    async of({ tabId, documentId }: Sender): Promise<string[]> {
      if (tabId === undefined) return [];
      const own = `${documentId} `;
      return (await remembered(tabId)).flatMap((one) => (one.startsWith(own) ? one.slice(own.length) : []));
    },
    async add({ tabId, documentId }: Sender, screen: string): Promise<void> {
      if (tabId === undefined) return;
      const screens = [`${documentId} ${screen}`, ...(await remembered(tabId))];
      await browser.storage.session.set({ [PREFIX + tabId]: screens.slice(0, REMEMBERED) });
    },
    async forget(tabId: number): Promise<void> {
      await browser.storage.session.remove(PREFIX + tabId);
    },
  };
}

export type FilledScreens = ReturnType<typeof createFilledScreens>;
