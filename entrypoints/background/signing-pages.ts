import type { Sender } from '../../core/autofill/asking.ts';
import { text } from '../../core/messages/shape.ts';
import type { Memory } from './memory.ts';

/** The challenges that pages of this browser ask to sign, by tab. What is asked here is told nowhere as asked elsewhere. */
export function createSigningPages({ all, set, remove, inTurn }: Memory) {
  return {
    note: ({ tabId }: Sender, challenge: string): Promise<void> =>
      inTurn(async () => {
        if (tabId !== undefined) await set(String(tabId), challenge);
      }),
    challenges: (): Promise<readonly string[]> => inTurn(() => all(text())),
    /** The tab loads another page, or was closed. */
    forget: (tabId: number): Promise<void> => inTurn(() => remove(String(tabId))),
  };
}

export type SigningPages = ReturnType<typeof createSigningPages>;
