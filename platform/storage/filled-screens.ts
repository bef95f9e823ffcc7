import type { FilledScreen } from './database.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** How many are remembered: a document asks for the ones it shows. */
const REMEMBERED = 100;

/**
 * Remembers that a screen of a document was filled, not with what. It is kept past an update of the extension, which
 * empties the browser's memory for it: the page goes on, and its content script is new. The ids of documents are random
 * and not used twice.
 */
export const addFilledScreen = (filled: FilledScreen): Promise<void> =>
  write(['filledScreens'], async ({ store }) => {
    await store.add(filled);
    const ages = await store.getAllKeys();
    await Promise.all(ages.slice(0, -REMEMBERED).map((age) => store.delete(age)));
  });

/** What was filled in a document, latest first. */
export async function filledScreensOf(documentId: string): Promise<FilledScreen[]> {
  const all = await read(['filledScreens'], ({ store }) => store.getAll());
  return all.filter((filled) => filled.documentId === documentId).reverse();
}

/** Lets go of what fits. */
export const forgetFilledScreens = (fits: (filled: FilledScreen) => boolean): Promise<void> =>
  write(['filledScreens'], async ({ store }) => {
    for (let at = await store.openCursor(); at; at = await at.continue()) {
      if (fits(at.value)) await at.delete();
    }
  });
