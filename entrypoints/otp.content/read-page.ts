import type { FieldFacts, PageFacts } from '../../core/autofill/recognise.ts';
import { isFillable, isVisible } from './field.ts';

/** Elements that carry a screen's heading in the banks' pages, modern and laid out in tables. */
const HEADINGS = 'h1,h2,h3,h4,[role=heading],caption,legend,th,td,dt,img[alt]';

/** No heading of the guides is longer, in characters. */
const LONGEST_HEADING = 60;

export interface PageReading {
  readonly facts: PageFacts;
  /** The inputs behind `facts.fields`, in the same order. */
  readonly inputs: readonly HTMLInputElement[];
}

/** Reads what recognition needs off a page, changing nothing in it. */
export function readPage(document: Document): PageReading {
  const text = document.body?.textContent ?? '';
  // Almost every page ends here: no screen of ours without these words.
  if (!/ワンタイムパスワード/.test(text.normalize('NFKC'))) {
    const image = document.querySelector('img[alt*=ワンタイム]');
    if (image === null) return { facts: { text, headings: [], fields: [] }, inputs: [] };
  }
  const inputs = [...document.querySelectorAll('input')].filter(isFillable);
  const fields = inputs.map((input): FieldFacts => ({ label: labelOf(input), maxLength: input.maxLength }));
  return { facts: { text, headings: headingsOf(document), fields }, inputs };
}

function headingsOf(document: Document): string[] {
  return [...document.querySelectorAll(HEADINGS)]
    .map((element) => ({ element, text: element.getAttribute('alt') ?? element.textContent ?? '' }))
    .filter(({ text }) => text.trim() !== '' && text.trim().length <= LONGEST_HEADING)
    .filter(({ element }) => isVisible(element))
    .map(({ text }) => text);
}

/** The name of a field as people and screen readers get it; in a table, the heading cell of its row. */
function labelOf(input: HTMLInputElement): string {
  const labels = [...(input.labels ?? [])].map((label) => label.textContent ?? '').join('');
  const referenced = (input.getAttribute('aria-labelledby') ?? '')
    .split(/\s+/)
    .map((id) => input.ownerDocument.getElementById(id)?.textContent ?? '')
    .join('');
  return referenced || input.getAttribute('aria-label') || labels || rowHeading(input);
}

function rowHeading(input: HTMLInputElement): string {
  const row = input.closest('tr');
  const cell = input.closest('td,th');
  if (row === null || row.querySelectorAll('input:not([type=hidden])').length !== 1) return '';
  const heading = [...row.cells].find((candidate) => candidate !== cell);
  return heading?.textContent ?? '';
}
