import type { FieldFacts, PageFacts } from '../../core/autofill/recognise.ts';
import { labelName } from '../../core/autofill/text.ts';
import { isFillable } from './field.ts';
import { isVisible, parentOf } from './visible.ts';

/** Elements that carry a screen's heading in the banks' pages, modern and laid out in tables. */
const HEADINGS = 'h1,h2,h3,h4,[role=heading],th,td,img[alt]';

/** In every label of ours, in either width, and on every screen. */
const OURS = /ワンタイム|ﾜﾝﾀｲﾑ|取引認証/;

/** In every heading of ours. */
const OUR_HEADINGS = RegExp(`${OURS.source}|ログイン|ﾛｸﾞｲﾝ`);

/** What boxes of one digit stand in together: what a page says is a group, or else what is laid out as one. */
const GROUPS = 'fieldset,[role=group],td';
const BLOCKS = 'div,p';

/** In a group of boxes, but for no digit. */
const NO_BOX = /hidden|button|submit|reset|image/;

/** A box for one digit is narrower than other fields, in CSS pixels. */
const NARROWEST_BOX = 10;

/** `NodeFilter.SHOW_TEXT`, and `SHOW_ELEMENT`. */
const TEXT_NODES = 4;
const ELEMENTS = 1;

/** Texts that may belong to a 「画面」: itself, a colon, the 画面ID. */
const ID_TEXTS = 3;

export interface InputFacts extends FieldFacts {
  /** One for the whole code, or one for each digit. */
  readonly inputs: readonly HTMLInputElement[];
}

/** What a page that asks for anything has, in a frame if not in itself. Told apart first: to read all text takes longer. */
const CONTROLS = ['input', 'button', 'iframe'];

/** A page can name something after what is asked of its document, but not after the prototype's. */
export const asksForAnything = (document: Document) =>
  CONTROLS.some((name) => Document.prototype.querySelector.call(document, name));

/** Whether a page has any of our words: most have not. */
export const saysOurs = (document: Document) => OURS.test(document.body?.textContent ?? '');

/** Whether reading a page can tell anything: it has our words; without its styles it shows what it would hide. */
export const isWorthReading = (document: Document) =>
  asksForAnything(document) &&
  saysOurs(document) &&
  (document.readyState === 'complete' ||
    [...document.querySelectorAll<HTMLLinkElement>('link[rel~=stylesheet]')].every(({ sheet }) => sheet));

/** Reads what recognition needs off the page, changing nothing in it. */
export function readPage(document: Document): PageFacts<InputFacts> {
  const inputs = [...document.querySelectorAll('input')];
  const boxes = inputs.filter(({ maxLength }) => maxLength === 1);
  const groups = new Set(boxes.map(groupOf));
  groups.delete(null);
  const single = inputs.filter((input) => !groups.has(groupOf(input)));
  const headings = [...document.querySelectorAll<HTMLElement & { alt?: string }>(HEADINGS)].flatMap(
    (element) => {
      const text = element.alt ?? element.textContent;
      return OUR_HEADINGS.test(text) && isVisible(element) ? text : [];
    },
  );
  const fields = [...single.flatMap(readField), ...[...groups].flatMap(readGroup)];
  return { idText: readIdText(document), headings, fields };
}

const groupOf = (input: HTMLInputElement) => input.closest(GROUPS) ?? input.closest(BLOCKS);

function readField(input: HTMLInputElement): InputFacts | [] {
  const { maxLength } = input;
  const label = labelOf(input);
  return OURS.test(label) && isFillable(input) ? { inputs: [input], label, maxLength } : [];
}

/** Boxes for a digit each, under one label. A box among them that is anything else, or hidden, makes it none. */
function readGroup(group: Element | null): InputFacts | [] {
  const inputs = [...(group?.querySelectorAll('input') ?? [])].filter(({ type }) => !NO_BOX.test(type));
  const [first] = inputs;
  if (!group || !first) return [];
  const label = labelOf(group) || labelOf(first);
  const name = labelName(label);
  const isBox = (input: HTMLInputElement) =>
    input.maxLength === 1 &&
    input.form === first.form &&
    !labelName(labelOf(input))
      .replace(name, '')
      .replace(/[\d桁文字番目第]/g, '') &&
    isFillable(input, NARROWEST_BOX);
  const { length } = inputs;
  return OURS.test(label) && inputs.every(isBox) ? { inputs, label, maxLength: length, boxes: length } : [];
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

/** A single digit is text, though no heading. */
const NARROWEST_TEXT = 6;

/**
 * What a person reads on the page: each block, and each image's alternative text, on a line of its own.
 * @param most how much of it, in UTF-16 units
 */
export function visibleText(document: Document, most: number): string {
  const nodes = document.createTreeWalker(document.body, TEXT_NODES + ELEMENTS);
  let found = '';
  let last: Element | null = null;
  while (found.length < most && nodes.nextNode()) {
    const { currentNode: node } = nodes;
    const image = node instanceof HTMLImageElement;
    // Not asked of other elements: a form's field can pose as its text.
    const text = image ? node.alt : node instanceof Text ? node.nodeValue : undefined;
    const element = image ? node : text && node.parentElement;
    if (text?.trim() && element && isVisible(element, NARROWEST_TEXT)) {
      const block = image ? node : blockOf(element);
      found += (block === last ? '' : '\n') + text.replace(/\s+/g, ' ');
      last = block;
    }
  }
  return found.slice(0, most);
}

/** The element that an element's text runs in. */
function blockOf(element: Element): Element {
  const parent = getComputedStyle(element).display === 'inline' && parentOf(element);
  return parent ? blockOf(parent) : element;
}

/** The name of a field or group as people and screen readers get it; in a table, the cells before it in its row. */
function labelOf(element: Element & { labels?: Iterable<Element> | null }): string {
  const ids = element.getAttribute('aria-labelledby')?.split(' ');
  const named = ids?.map((id) => document.getElementById(id));
  const cell = element.closest<HTMLTableCellElement>('td,th');
  const row = cell?.closest('tr');
  return (
    joined(named) ||
    element.ariaLabel ||
    joined(element.labels) ||
    joined(element.querySelectorAll(':scope>legend')) ||
    joined(row?.cells, cell?.cellIndex)
  );
}

/** The texts of some elements, of the first `count` if not all. */
const joined = (elements?: Iterable<Element | null> | null, count?: number) =>
  [...(elements ?? [])]
    .slice(0, count)
    .map((element) => element?.textContent)
    .join('');
