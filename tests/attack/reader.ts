import { type PageFacts, recognise } from '../../core/autofill/recognise.ts';
import { readPage, visibleText } from '../../entrypoints/otp.content/read-page.ts';
import { PAGE_SCREENS } from '../../entrypoints/otp.content/screens.ts';
import { isWorthReading } from '../../entrypoints/watch.content/page.ts';

const NOTHING: PageFacts = { idText: '', headings: [], fields: [] };

/** What the content script makes of the document: the screen's id, or why it is none. Bundled for pages of our own. */
export function readHere(): string {
  const seen = recognise<PageFacts['fields'][number]>(
    isWorthReading(document) ? readPage(document) : NOTHING,
    PAGE_SCREENS,
  );
  return seen.kind === 'recognised' ? seen.screen : [seen.reason, seen.check].filter(Boolean).join(' ');
}

/** The page's text, as it is sent. */
export const textHere = (): string => visibleText(document, 8_000);
