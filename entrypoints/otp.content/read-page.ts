import type { Check } from '../../core/autofill/checks.ts';
import type { FieldFacts, PageFacts, Part } from '../../core/autofill/recognise.ts';
import { headingName, labelName } from '../../core/autofill/text.ts';
import { boxOf, grown, parentOf } from './area.ts';
import { coveredBy, fieldCheck, formCheck, isNamedOtherwise, type Name, NEAR, textArea } from './field.ts';
import { readScene, type Scene } from './painted.ts';
import { SCREENS, WORDS } from './screens.ts';
import { unreadable, unseen } from './visible.ts';

/** Elements that are a heading, modern; and those that carry one in tables and pictures, where it stands alone. */
const HEADINGS = 'h1,h2,h3,h4,[role=heading],legend,caption';
const HEADING_PLACES = 'th,td,dt,img[alt]';

/** In every label of ours, in either width, and on every screen. */
const OURS = new RegExp(WORDS);

const OUR_LABELS = SCREENS.flatMap(({ labels, beside }) => [
  labels,
  ...beside.map((field) => field.labels),
]).flat();
const OUR_HEADINGS = SCREENS.flatMap(({ headings }) => headings);

/** What stands before a heading in its line is a brand or a step, but not the beginning of its sentence, or a trail. */
const GOES_ON = /[のをはがにとで、。>＞›»→]\s*$/;

/** What boxes of some digits stand in together: what a page says is a group, or else what is laid out as one. */
const GROUPS = 'fieldset,[role=group],td';
const BLOCKS = 'div,p';

/** In a group of boxes, but for no digit. */
const NO_BOX = /hidden|button|submit|reset|image/;

/** The most digits in a box of several. */
const LARGEST_BOX = 4;

/** What the name of a box says but its place: 8桁中1桁目, 1文字目の数字. */
const BOX_WORDS = /[\d桁文字番目第中の数]/g;

/** `NodeFilter.SHOW_TEXT`, and `SHOW_ELEMENT`. */
const TEXT_NODES = 4;
const ELEMENTS = 1;

/** Texts that may belong to a 「画面」: itself, a colon, the 画面ID. */
const ID_TEXTS = 3;

/** A single digit is text, though no heading. */
const NARROWEST_TEXT = 6;

export interface InputFacts extends FieldFacts {
  /** One for the whole code, or one for some digits each. */
  readonly inputs: readonly HTMLInputElement[];
  /** How many digits each takes, where there are several. */
  readonly sizes?: readonly number[];
}

type Root = Document | ShadowRoot;

/** What a page that asks for anything has, in a frame if not in itself. Told apart first: to read all text takes longer. */
const CONTROLS = ['input', 'button', 'iframe'];

/** Elements that can have a shadow tree, as far as the browser finds them by itself: those that pages define. */
const CUSTOM = '//*[contains(name(),"-")]';

/** The document and the open shadow trees in it. A page can name something after what is asked of its document. */
export function rootsOf(document: Document): Root[] {
  const hosts = Document.prototype.evaluate.call(document, CUSTOM, document, null, 7, null);
  const found = Array.from(
    { length: hosts.snapshotLength },
    (_none, at) => hosts.snapshotItem(at) as Element,
  );
  const roots: Root[] = [document];
  for (const host of found) {
    const { shadowRoot } = host;
    if (!shadowRoot) continue;
    roots.push(shadowRoot);
    for (const inner of shadowRoot.querySelectorAll('*')) if (inner.shadowRoot) found.push(inner);
  }
  return roots;
}

const all = <E extends Element = HTMLElement>(root: Root, selector: string): Iterable<E> =>
  (root instanceof Document ? Document : DocumentFragment).prototype.querySelectorAll.call(
    root,
    selector,
  ) as NodeListOf<E>;

/** Whether there is anything to press or type into, in a shadow tree if not in the document. */
export const asksForAnything = (document: Document) =>
  CONTROLS.some((name) => Document.prototype.querySelector.call(document, name)) ||
  rootsOf(document).some((root) => root instanceof ShadowRoot && root.querySelector(CONTROLS.join()));

/** Whether a page has any of our words: most have not. */
export const saysOurs = (document: Document) =>
  OURS.test(document.body?.textContent ?? '') ||
  rootsOf(document).some((root) => root instanceof ShadowRoot && OURS.test(root.textContent ?? ''));

/** Whether reading a page can tell anything: it has our words; without its styles it shows what it would hide. */
export const isWorthReading = (document: Document) =>
  asksForAnything(document) &&
  saysOurs(document) &&
  (document.readyState === 'complete' ||
    [...document.querySelectorAll<HTMLLinkElement>('link[rel~=stylesheet]')].every(({ sheet }) => sheet));

/** What the browsers' translations leave behind: Chromium's, Edge's and Firefox's. */
const TRANSLATED = '[class*=translated-],[_msttexthash],[data-moz-translations-id]';

/** Whether a browser has put the page into another language. */
export const isTranslated = (document: Document) =>
  Document.prototype.querySelector.call(document, TRANSLATED) !== null;

export interface Reading extends PageFacts<InputFacts> {
  /** What is drawn; undefined where there is no field to draw over. */
  readonly scene?: Scene | undefined;
}

/**
 * Reads what recognition needs off the page, changing nothing in it.
 * @param before what was drawn, where nothing has changed since
 */
export function readPage(document: Document, before?: Scene): Reading {
  const roots = rootsOf(document);
  const everywhere = <E extends Element>(selector: string) =>
    roots.flatMap((root) => [...all<E>(root, selector)]);
  const failed: Partial<Record<Part, Check | undefined>> = {};
  const inputs = everywhere<HTMLInputElement>('input');
  const groups = new Set(inputs.filter(boxSize).map(groupOf));
  groups.delete(null);
  const single = inputs.filter((input) => !groups.has(groupOf(input)));
  const candidates = [...single.flatMap(readField), ...[...groups].flatMap(readGroup)];
  const titles = everywhere<Titled>(`${HEADINGS},${HEADING_PLACES}`).filter(saysHeading);
  const idTexts = roots.flatMap((root) => textsOfId(root instanceof Document ? root.body : root));
  // Only where there is a field is it worth finding out what is drawn over it and the rest.
  const open = candidates.filter(({ check }) => !check);
  const scene = open.length > 0 ? (before ?? sceneAt(document, open, titles, idTexts)) : undefined;
  const fields = candidates.flatMap(({ name, check, ...facts }) => {
    const first = check ?? (scene && sceneCheck(facts.inputs, name, scene, inputs));
    failed.field ??= first;
    return first ? [] : facts;
  });
  const headings = titles.flatMap((title) => {
    if (title.alt) return unseen(title) ? [] : title.alt;
    const texts = seenTexts(title, scene, (check) => (failed.heading ??= check));
    return isHeading(title) ? endings(texts) : texts.join('');
  });
  const ids = idTexts.flatMap((text) => {
    const check = textCheck(text, scene);
    failed.screen ??= check;
    return check ? [] : text.data;
  });
  return { idText: ids.join(' '), headings, fields, failed, scene };
}

type Titled = HTMLElement & { readonly alt?: string };

/** What is drawn at the fields and their names, at headings and 画面ID; and which other texts stand beside the fields. */
function sceneAt(
  document: Document,
  candidates: readonly Candidate[],
  titles: readonly Element[],
  idTexts: readonly Text[],
): Scene {
  const fields = candidates.flatMap(({ inputs }) => inputs.map(boxOf));
  const named = [...titles, ...candidates.flatMap(({ name }) => name.from)];
  const texts = [...idTexts, ...named.flatMap((element) => [...textsIn(element)])];
  const beside = fields.map((field) => grown(field, NEAR, NEAR / 4));
  return readScene(document, [...fields, ...named.map(boxOf), ...texts.map(textArea)], beside);
}

/** A heading may say more; a cell or a picture is one only where it says nothing else. */
function saysHeading(title: Titled): boolean {
  const said = headingName(title.alt ?? title.textContent ?? '');
  return OUR_HEADINGS.some((heading) => (isHeading(title) ? said.includes(heading) : said === heading));
}

const isHeading = (title: Element) => Element.prototype.matches.call(title, HEADINGS);

/** The texts from each of their beginnings on, where what stands before does not lead into them. */
function endings(texts: readonly string[]): string[] {
  const pieces = texts.flatMap((text) => text.split(/(?<=[\s|｜】])/));
  return pieces.flatMap((_piece, from) =>
    GOES_ON.test(pieces.slice(0, from).join(''))
      ? []
      : pieces
          .slice(from)
          .join('')
          .replace(/^[\s|｜]+/, ''),
  );
}

const sceneCheck = (
  inputs: readonly HTMLInputElement[],
  name: Name,
  scene: Scene,
  others: readonly HTMLInputElement[],
): Check | undefined => {
  const isNameCovered =
    name.from.length > 0 && !name.from.some((element) => seenTexts(element, scene).length > 0);
  if (isNameCovered || inputs.some((input) => coveredBy(input, name, scene))) return 'covered';
  return isNamedOtherwise(inputs, name, scene, others) ? 'other-name' : undefined;
};

const groupOf = (input: HTMLInputElement) => input.closest(GROUPS) ?? input.closest(BLOCKS);

/** How many digits a box takes; 0 where it is none of several. */
function boxSize(input: HTMLInputElement): number {
  const { maxLength, type, max } = input;
  if (type === 'number')
    return max.length <= LARGEST_BOX && /^9+$/.test(max)
      ? max.length
      : +/桁目|文字目/.test(input.ariaLabel ?? '');
  return maxLength > LARGEST_BOX || maxLength < 0 ? 0 : maxLength;
}

interface Candidate extends InputFacts {
  readonly name: Name;
  readonly check: Check | undefined;
}

const isOurs = ({ text }: Name) => OUR_LABELS.includes(labelName(text));

function readField(input: HTMLInputElement): Candidate | [] {
  const { maxLength } = input;
  const name = nameOf(input);
  if (!isOurs(name)) return [];
  const check = fieldCheck(input) ?? formCheck(input);
  return { inputs: [input], label: name.text, maxLength, name, check };
}

/** Boxes for some digits each, under one label. A box among them that is anything else, or hidden, makes it none. */
function readGroup(group: Element | null): Candidate | [] {
  const inputs = [...(group?.querySelectorAll('input') ?? [])].filter(({ type }) => !NO_BOX.test(type));
  const [first] = inputs;
  if (!group || !first) return [];
  const own = nameOf(group);
  const name = own.text ? own : nameOf(first);
  const [size = 0, ...sizes] = inputs.map(boxSize);
  const isBox = (input: HTMLInputElement) =>
    input.form === first.form &&
    !labelName(nameOf(input).text).replace(labelName(name.text), '').replace(BOX_WORDS, '');
  if (!size || !sizes.every((other) => other === size) || !isOurs(name) || !inputs.every(isBox)) return [];
  const length = size * inputs.length;
  const check = inputs.map((input) => fieldCheck(input, true) ?? formCheck(input)).find(Boolean);
  return { inputs, sizes: [size, ...sizes], label: name.text, maxLength: length, boxes: length, name, check };
}

/** Each text at a 「画面」 and right after it. */
function textsOfId(node: Node): Text[] {
  let wanted = 0;
  return [...textsIn(node)].filter((text) => {
    if (text.data.includes('画面')) wanted = ID_TEXTS;
    if (!text.data.trim() || !text.parentElement?.checkVisibility()) return false;
    wanted -= 1;
    return wanted >= 0;
  });
}

function* textsIn(node: Node): Iterable<Text> {
  const texts = Document.prototype.createTreeWalker.call(node.ownerDocument, node, TEXT_NODES);
  while (texts.nextNode()) yield texts.currentNode as Text;
}

/** The texts in an element that can be seen, but for readings of characters. */
function seenTexts(element: Element, scene?: Scene, failed?: (check: Check) => void): string[] {
  return [...textsIn(element)].flatMap((text) => {
    if (!text.data.trim() || text.parentElement?.closest('rt,rp')) return [];
    const check = textCheck(text, scene);
    if (check) failed?.(check);
    return check ? [] : text.data;
  });
}

/** Why a text cannot be read where it stands. */
function textCheck(text: Text, scene?: Scene): Check | undefined {
  const element = text.parentElement;
  if (!element) return 'too-small';
  return (
    unseen(element, textArea(text), NARROWEST_TEXT) ??
    unreadable(element) ??
    (scene && coveredBy(text, undefined, scene) ? 'covered' : undefined)
  );
}

/**
 * What a person reads on the page: each block, and each image's alternative text, on a line of its own.
 * @param most how much of it, in UTF-16 units
 */
export function visibleText(document: Document, most: number): string {
  let found = '';
  for (const root of rootsOf(document))
    found += textOf(root instanceof Document ? root.body : root, most - found.length);
  return found.slice(0, most);
}

function textOf(node: Node, most: number): string {
  const nodes = Document.prototype.createTreeWalker.call(node.ownerDocument, node, TEXT_NODES + ELEMENTS);
  let found = '';
  let last: Element | null = null;
  while (found.length < most && nodes.nextNode()) {
    const { currentNode: at } = nodes;
    const image = at instanceof HTMLImageElement;
    // Not asked of other elements: a form's field can pose as its text.
    const text = image ? at.alt : at instanceof Text ? at.data : undefined;
    const element = image ? at : text && at.parentElement;
    if (text?.trim() && element && !(image ? unseen(element) : textCheck(at as Text))) {
      const block = image ? at : blockOf(element);
      found += (block === last ? '' : '\n') + text.replace(/\s+/g, ' ');
      last = block;
    }
  }
  return found;
}

/** The element that an element's text runs in. */
function blockOf(element: Element): Element {
  const parent = getComputedStyle(element).display === 'inline' && parentOf(element);
  return parent ? blockOf(parent) : element;
}

/** The name of a field or group as people and screen readers get it, and what says it. */
function nameOf(element: Element & { labels?: Iterable<Element> | null }): Name {
  const root = element.getRootNode() as Root;
  const labelled =
    element
      .getAttribute('aria-labelledby')
      ?.split(' ')
      .flatMap((id) => root.getElementById(id) ?? []) ?? [];
  const sources: readonly (readonly Element[] | string)[] = [
    labelled,
    element.ariaLabel ?? '',
    [...(element.labels ?? [])],
    [...element.querySelectorAll(':scope>legend')],
    cellsBefore(element),
    cellAbove(element),
  ];
  for (const source of sources) {
    const from = typeof source === 'string' ? [] : source;
    const seen = from.map((one) => seenTexts(one).join('')).join('');
    const text = seen || (typeof source === 'string' ? source : from.map((one) => one.textContent).join(''));
    if (text.trim()) return { text, from: seen ? from : [] };
  }
  return { text: '', from: [] };
}

/** In a table the cells before one in its row, also those that reach down into it; in a list of terms the term. */
function cellsBefore(element: Element): Element[] {
  const term = element.closest('dd')?.previousElementSibling;
  if (term?.localName === 'dt') return [term];
  const cell = element.closest<HTMLTableCellElement>('td,th');
  const row = cell?.closest('tr');
  const rows = [...(row?.closest('table')?.rows ?? [])];
  const at = row ? rows.indexOf(row) : -1;
  const reaching = rows
    .slice(0, Math.max(0, at))
    .flatMap(({ cells }, from) => [...cells].filter(({ rowSpan }) => rowSpan > at - from));
  return cell && row ? [...reaching, ...[...row.cells].slice(0, cell.cellIndex)] : [];
}

/** The cell over one that has none before it. */
function cellAbove(element: Element): Element[] {
  const cell = element.closest<HTMLTableCellElement>('td,th');
  const row = cell?.closest('tr')?.previousElementSibling;
  const above = row instanceof HTMLTableRowElement ? row.cells[cell?.cellIndex ?? 0] : undefined;
  return above && !above.querySelector('input') ? [above] : [];
}
