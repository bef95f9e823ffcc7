import type { Sender } from '../../core/autofill/asking.ts';
import { maybe, object, text } from '../../core/messages/shape.ts';
import { type IsShown, shownNoMore } from './documents.ts';
import type { Memory } from './memory.ts';

const signingShape = object({ challenge: text(), documentId: maybe(text()) });

/** The challenges that pages of this browser ask to sign, by tab. What is asked here is told nowhere as asked elsewhere. */
export function createSigningPages({ get, all, set, remove, inTurn }: Memory) {
  return {
    note: ({ tabId, documentId }: Sender, challenge: string): Promise<void> =>
      inTurn(async () => {
        if (tabId === undefined) return;
        await set(String(tabId), { challenge, ...(documentId !== undefined && { documentId }) });
      }),
    challenges: (): Promise<readonly string[]> =>
      inTurn(async () => (await all(signingShape)).map(({ challenge }) => challenge)),
    /** The tab shows another document, or was closed. */
    async forget(tabId: number, isShown: IsShown = shownNoMore): Promise<void> {
      const key = String(tabId);
      const there = await get(key, signingShape);
      if (!there || (await isShown({ tabId, ...there }))) return;
      await inTurn(async () => {
        if ((await get(key, signingShape)) === there) await remove(key);
      });
    },
  };
}

export type SigningPages = ReturnType<typeof createSigningPages>;
