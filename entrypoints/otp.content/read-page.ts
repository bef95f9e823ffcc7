import type { FieldFacts, PageFacts } from '../../core/autofill/recognise.ts';
import { isFillable } from './field.ts';
import { isVisible, parentOf } from './visible.ts';

/** Elements that carry a screen's heading in the banks' pages, modern and laid out in tables. */
const HEADINGS = 'h1,h2,h3,h4,[role=heading],th,td,img[alt]';

/** In every heading and label of ours, in either width. */
const OURS = /ワンタイム|ﾜﾝﾀｲﾑ|取引認証/;

/** `NodeFilter.SHOW_TEXT`. */
const TEXT_NODES = 4;

/** Texts that may belong to a 「画面」: itself, a colon, the 画面ID. */
const ID_TEXTS = 3;

export interface InputFacts extends FieldFacts {
  readonly input: HTMLInputElement;
}

/** Whether reading a page can tell anything: most have no such words; without its styles one shows what it would hide. */
export const isWorthReading = (document: Document) =>
  OURS.test(document.body.textContent) &&
  (document.readyState === 'complete' ||
    [...document.querySelectorAll<HTMLLinkElement>('link[rel~=stylesheet]')].every(({ sheet }) => sheet));

/** Reads what recognition needs off the page, changing nothing in it. */
export function readPage(document: Document): PageFacts<InputFacts> {
  const fields = [...document.querySelectorAll('input')].flatMap((input) => {
    const label = labelOf(input);
    return OURS.test(label) && isFillable(input) ? { input, label, maxLength: input.maxLength } : [];
  });
  const headings = [...document.querySelectorAll<HTMLElement & { alt?: string }>(HEADINGS)].flatMap(
    (element) => {
      const text = element.alt ?? element.textContent;
      return OURS.test(text) && isVisible(element) ? text : [];
    },
  );
  return { idText: readIdText(document), headings, fields };
}

function readIdText(document: Document): string {
  const texts = document.createTreeWalker(document.body, TEXT_NODES);
  let found = '';
  let wanted = 0;
  while (texts.nextNode()) {
    const { nodeValue: text, parentElement: element } = texts.currentNode;
    if (text?.includes('画面')) wanted = ID_TEXTS;
    if (wanted && text?.trim() && element && isVisible(element)) {
      found += `${text} `;
      wanted -= 1;
    }
  }
  return found;
}

/** The most text sent of a page, in UTF-16 units. */
const MOST_TEXT = 8000;

/** A single digit is text, though no heading. */
const NARROWEST_TEXT = 6;

/** What a person reads on the page: each block on a line of its own. */
export function visibleText(document: Document): string {
  const texts = document.createTreeWalker(document.body, TEXT_NODES);
  let found = '';
  let last: Element | null = null;
  while (texts.nextNode()) {
    const { nodeValue: text, parentElement: element } = texts.currentNode;
    if (text?.trim() && element && isVisible(element, NARROWEST_TEXT)) {
      const block = blockOf(element);
      found += (block === last ? '' : '\n') + text.replace(/\s+/g, ' ');
      last = block;
    }
  }
  return found.slice(0, MOST_TEXT);
}

/** The element that an element's text runs in. */
function blockOf(element: Element): Element {
  const parent = getComputedStyle(element).display === 'inline' && parentOf(element);
  return parent ? blockOf(parent) : element;
}

/** The name of a field as people and screen readers get it; in a table, the cells before it in its row. */
function labelOf(input: HTMLInputElement): string {
  const ids = input.getAttribute('aria-labelledby')?.split(' ');
  const named = ids?.map((id) => document.getElementById(id));
  const cell = input.closest<HTMLTableCellElement>('td,th');
  const row = cell?.closest('tr');
  return joined(named) || input.ariaLabel || joined(input.labels) || joined(row?.cells, cell?.cellIndex);
}

/** The texts of some elements, of the first `count` if not all. */
const joined = (elements?: Iterable<Element | null> | null, count?: number) =>
  [...(elements ?? [])]
    .slice(0, count)
    .map((element) => element?.textContent)
    .join('');
