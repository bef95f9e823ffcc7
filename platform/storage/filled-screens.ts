import type { FilledScreen } from './database.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/** Most entries. A document asks only for screens that it shows. */
const REMEMBERED = 100;

/**
 * Remembers that a screen of a document was filled, without the code. The entry survives an update of the extension, which clears
 * its session storage while the page goes on with a new content script. Ids of documents are random and unique.
 */
export const addFilledScreen = (filled: FilledScreen): Promise<void> =>
  write(['filledScreens'], async ({ store }) => {
    await store.add(filled);
    const ages = await store.getAllKeys();
    await Promise.all(ages.slice(0, -REMEMBERED).map((age) => store.delete(age)));
  });

/** The filled screens of a document, latest first. */
export async function filledScreensOf(documentId: string): Promise<FilledScreen[]> {
  const all = await read(['filledScreens'], ({ store }) => store.getAll());
  return all.filter((filled) => filled.documentId === documentId).reverse();
}

/** Deletes matching entries. */
export const forgetFilledScreens = (fits: (filled: FilledScreen) => boolean): Promise<void> =>
  write(['filledScreens'], async ({ store }) => {
    for (let at = await store.openCursor(); at; at = await at.continue()) {
      if (fits(at.value)) await at.delete();
    }
  });
