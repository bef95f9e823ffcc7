import { database, type FilledScreen, guarded } from './database.ts';

/** How many are remembered: a document asks for the ones it shows. */
const REMEMBERED = 100;

const STORE = 'filledScreens';

/**
 * Remembers that a screen of a document was filled, not with what. It is kept past an update of the extension, which
 * empties the browser's memory for it: the page goes on, and its content script is new. The ids of documents are random
 * and not used twice.
 */
export const addFilledScreen = (filled: FilledScreen): Promise<void> =>
  guarded(async () => {
    const tx = (await database()).transaction(STORE, 'readwrite');
    await tx.store.add(filled);
    const ages = await tx.store.getAllKeys();
    await Promise.all(ages.slice(0, -REMEMBERED).map((age) => tx.store.delete(age)));
    await tx.done;
  });

/** What was filled in a document, latest first. */
export const filledScreensOf = (documentId: string): Promise<FilledScreen[]> =>
  guarded(async () => {
    const all = await (await database()).getAll(STORE);
    return all.filter((filled) => filled.documentId === documentId).reverse();
  });

/** Lets go of what fits. */
export const forgetFilledScreens = (fits: (filled: FilledScreen) => boolean): Promise<void> =>
  guarded(async () => {
    const tx = (await database()).transaction(STORE, 'readwrite');
    for (let at = await tx.store.openCursor(); at; at = await at.continue()) {
      if (fits(at.value)) await at.delete();
    }
    await tx.done;
  });
