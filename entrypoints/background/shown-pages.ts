import type { Clock } from '../../core/clock.ts';
import { list, maybe, number, object, oneOf, record, type Shaped, text } from '../../core/messages/shape.ts';
import type { Comparison } from '../../core/transaction/comparison.ts';
import type { PendingConfirmation } from '../../core/transaction/confirmations.ts';
import type { Details } from '../../core/transaction/details.ts';
import { compareShown, type ShownTransaction } from '../../core/transaction/shown.ts';
import { type IsShown, shownNoMore } from './documents.ts';
import type { Memory } from './memory.ts';

/** What a tab showed of a transaction. It is kept in memory only, but outlives the worker. */
const shownPageShape = object({
  institution: text(),
  /** As the browser reported it. */
  origin: text(),
  documentId: maybe(text()),
  /** Device time in milliseconds. */
  seenAt: number,
  /** left: the tab has shown another document since, or the same one came back and did not tell of itself. */
  state: oneOf('shown', 'left'),
  values: record(record(list(text()))),
  number: maybe(text()),
});

type ShownPage = Shaped<typeof shownPageShape> & ShownTransaction;

const isShownPage = (value: unknown): value is ShownPage => shownPageShape(value);

/** By then a confirmation is decided and used, so what a page showed earlier belongs to another one. */
const REMEMBERED_MS = 15 * 60_000;

/** The transactions that bank pages show, by tab. */
export function createShownPages({ get, all, set, remove, inTurn }: Memory, clock: Clock) {
  const isRemembered = ({ seenAt }: ShownPage) => clock() - seenAt < REMEMBERED_MS;
  const pages = async () => (await all(isShownPage)).filter(isRemembered);
  const keep = (tabId: number, page: ShownPage) => set(String(tabId), page);

  return {
    keep: (
      tabId: number,
      page: Pick<ShownPage, 'institution' | 'origin' | 'documentId'>,
      shown: ShownTransaction,
    ): Promise<void> => inTurn(() => keep(tabId, { ...page, seenAt: clock(), state: 'shown', ...shown })),
    /** Number of tabs that show a transaction of an institution. */
    async count(institution: string): Promise<number> {
      return (await pages()).filter((page) => page.institution === institution && page.state === 'shown')
        .length;
    },
    /** Where this very transaction is shown: under its 確認番号, all that pages show of it read, and the same on each. */
    async originOf({ institution, number, transaction }: Details): Promise<string | undefined> {
      const own = (await pages()).filter(
        (page) => page.institution === institution && page.state === 'shown' && page.number === number,
      );
      const outcomes = Object.values(compareShown(transaction, own));
      return outcomes.length > 0 && outcomes.every((outcome) => outcome === 'same')
        ? own.at(-1)?.origin
        : undefined;
    },
    /** A tab shows another document. Nothing can be compared until that one tells of itself. */
    async leave(tabId: number, isShown: IsShown = shownNoMore): Promise<void> {
      const there = await get(String(tabId), isShownPage);
      if (!there || (await isShown({ tabId, ...there }))) return;
      await inTurn(async () => {
        const page = await get(String(tabId), isShownPage);
        if (page === there && isRemembered(page)) await keep(tabId, { ...page, state: 'left' });
      });
    },
    forget: (tabId: number): Promise<void> => inTurn(() => remove(String(tabId))),
    /** Compares each confirmation with the pages of its institution. */
    async compare(confirmations: readonly PendingConfirmation[]): Promise<PendingConfirmation[]> {
      const known = await pages();
      return confirmations.map((confirmation) => {
        const { details } = confirmation;
        const own = known.filter(({ institution }) => institution === details.institution);
        return { ...confirmation, onPage: comparisonWith(details, own) };
      });
    },
  };
}

export type ShownPages = ReturnType<typeof createShownPages>;

/**
 * Compares with the pages that have the 確認番号, or else with pages that show none. If there was such a page and the customer
 * has left it, everything counts as unread. Nothing is known of other transactions.
 */
function comparisonWith({ number, transaction }: Details, own: readonly ShownPage[]): Comparison | undefined {
  const seen = own.filter(({ state }) => state === 'shown');
  const numbered = seen.filter((page) => page.number === number);
  const shown = numbered.length > 0 ? numbered : seen.filter((page) => page.number === undefined);
  if (shown.length > 0) return compareShown(transaction, shown);
  const isOf = (page: ShownPage) => page.number === undefined || page.number === number;
  const left = own.some((page) => page.state === 'left' && isOf(page));
  return left ? compareShown(transaction, []) : undefined;
}
