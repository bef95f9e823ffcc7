import type { Sender } from '../../core/autofill/asking.ts';
import type { Clock } from '../../core/clock.ts';
import {
  addFilledScreen,
  filledScreensOf,
  forgetFilledScreens,
} from '../../platform/storage/filled-screens.ts';

/** Which screens of which documents were filled. The browser, never the page, identifies a document. */
export function createFilledScreens(clock: Clock) {
  return {
    /** Screens that were filled in the sender's document. */
    async of({ documentId }: Sender): Promise<string[]> {
      if (documentId === undefined) return [];
      return (await filledScreensOf(documentId)).map(({ screen }) => screen);
    },
    /** Device time at which a screen of the sender's document was filled last. */
    async recall({ documentId }: Sender, screen: string): Promise<number | undefined> {
      if (documentId === undefined) return undefined;
      return (await filledScreensOf(documentId)).find((filled) => filled.screen === screen)?.at;
    },
    async add({ tabId, documentId }: Sender, screen: string): Promise<void> {
      if (tabId === undefined || documentId === undefined) return;
      await addFilledScreen({ documentId, tabId, screen, at: clock() });
    },
    /** The tab was closed. */
    forget: (gone: number) => forgetFilledScreens(({ tabId }) => tabId === gone),
    /** The browser has started, so no earlier document exists any more. */
    forgetAll: () => forgetFilledScreens(() => true),
  };
}

export type FilledScreens = ReturnType<typeof createFilledScreens>;
