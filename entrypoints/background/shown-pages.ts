import { list, maybe, number, object, text } from '../../core/messages/shape.ts';
import type { Clock, PendingConfirmation } from '../../core/ports.ts';
import { differences, type ShownTransfer } from '../../core/transaction/shown.ts';
import { browser } from '../../platform/browser.ts';

/** What a tab showed of a transfer. Kept in memory only, but longer than the worker lives. */
const shownPageShape = object({
  institution: text(),
  /** Device time in milliseconds. */
  seenAt: number,
  payees: list(text()),
  amounts: list(number),
  number: maybe(text()),
});

/** A confirmation is decided and used by then: what a page showed earlier was of another. */
const REMEMBERED_MS = 15 * 60_000;

const PREFIX = 'shown:';

/** The transfers that the banks' pages show, by tab. */
export function createShownPages(clock: Clock) {
  async function pages() {
    const kept = await browser.storage.session.get(null);
    return Object.entries(kept).flatMap(([key, page]: [string, unknown]) => {
      const fresh = key.startsWith(PREFIX) && shownPageShape(page) && clock() - page.seenAt < REMEMBERED_MS;
      return fresh ? [{ ...page, number: page.number }] : [];
    });
  }

  return {
    async keep(tabId: number, institution: string, shown: ShownTransfer): Promise<void> {
      await browser.storage.session.set({ [PREFIX + tabId]: { institution, seenAt: clock(), ...shown } });
    },
    /** How many tabs show a transfer of an institution. */
    async count(institution: string): Promise<number> {
      return (await pages()).filter((page) => page.institution === institution).length;
    },
    async forget(tabId: number): Promise<void> {
      await browser.storage.session.remove(PREFIX + tabId);
    },
    /** Says of each confirmation what the page with its 確認番号 shows otherwise, or else the pages that show no number. */
    async compare(confirmations: readonly PendingConfirmation[]): Promise<PendingConfirmation[]> {
      const known = await pages();
      return confirmations.map((confirmation) => {
        const { details } = confirmation;
        const own = known.filter(({ institution }) => institution === details.institution);
        const numbered = own.filter((page) => page.number === details.number);
        const shown = numbered.length > 0 ? numbered : own.filter((page) => page.number === undefined);
        const differs = new Set(shown.flatMap((page) => differences(details, page)));
        return { ...confirmation, differs: [...differs] };
      });
    },
  };
}

export type ShownPages = ReturnType<typeof createShownPages>;
