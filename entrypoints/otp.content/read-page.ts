import type { Check } from '../../core/autofill/checks.ts';
import { type FieldFacts, LENGTHS, type PageFacts } from '../../core/autofill/recognise.ts';
import {
  BARS,
  BOX_END,
  headingName,
  labelName,
  plain,
  saysHow,
  upToHeading,
} from '../../core/autofill/text.ts';
import type { Part } from '../../core/autofill/unrecognised.ts';
import type { Root } from '../watch.content/page.ts';
import { type Area, boxOf, grown, isShown, parentOf, partArea, textArea } from './area.ts';
import { isNamedOtherwise, NEAR } from './beside.ts';
import { coveredBy, fieldCheck, formCheck, type Name, saysMethod } from './field.ts';
import { isInLink, unreadable, unreadableText } from './letters.ts';
import { readScene, type Scene } from './painted.ts';
import { PAGE_SCREENS } from './screens.ts';
import { all, treesOf } from './trees.ts';
import { unseen } from './visible.ts';

/** Heading elements; and cells and images, which count as headings if they contain nothing else. */
const HEADINGS = 'h1,h2,h3,h4,h5,h6,[role=heading],legend,caption';
const HEADING_PLACES = 'th,td,dt,img[alt]';

/** The names of our fields, and how many characters go into each at most. */
const OUR_FIELDS = new Map(
  PAGE_SCREENS.flatMap(({ labels, beside }) => [{ gives: 'code', labels } as const, ...beside]).flatMap(
    ({ gives, labels }) => labels.map((label) => [label, LENGTHS[gives]] as const),
  ),
);
const OUR_HEADINGS = PAGE_SCREENS.flatMap(({ headings }) => headings);

/** Text before a heading in its line may be a brand or a step, but not the start of its sentence or a breadcrumb trail. */
const GOES_ON = new RegExp(String.raw`[のをはがにとで、。>＞›»→][\s${BARS}]*$`, 'u');

/** A piece of a heading ends with a space, a bracket, or a sign before or after the name of the site. */
const PIECES = new RegExp(String.raw`(?<=[\s${BARS}】])`, 'u');
const BEFORE_PIECE = new RegExp(String.raw`^[\s${BARS}]+`, 'u');

/** Elements around boxes of digits: groups in the markup, or else in the layout. */
const GROUPS = 'fieldset,[role=group],td';
const BLOCKS = 'div,p,:is(dd,li):has(input~input)';

/** What may be the readings of a ruby, and their brackets. */
const READINGS = 'rt,rp';

/** What makes the words of an element others than its text. */
const REWORDING = `${READINGS},slot`;

/** Inputs that nobody types into. */
const NO_TEXT = /hidden|button|submit|reset|image|radio|checkbox|file|range|color/;

/** Most digits in one of several boxes. */
const LARGEST_BOX = 4;

/** The name of a box when it only says its place: 8桁中1桁目, 1文字目の数字; and strokes between boxes. */
const BOX_WORDS = /[\d桁文字番目第中の数\p{Pd}−]/gu;

/** The place of a box at the end of its name. */
const PLACE = /の?\d+(桁|文字|番)目(の数字)?$/;

/** Controls in a heading that are no part of it, by their words. */
const CONTROLS = 'button,[role=button]';
const CONTROL_WORDS = /^(\?|i|ヘルプ|help|印刷|閉じる)$/i;

/** Ids of challenges: 128 bits, base64url. */
const CHALLENGE = /^[\w-]{22}$/;

/** `NodeFilter.SHOW_TEXT`, and `SHOW_ELEMENT`. */
const TEXT_NODES = 4;
const ELEMENTS = 1;

/** Number of texts that belong to a 「画面」: itself, a colon, the 画面ID. */
const ID_TEXTS = 3;

/** A single digit is text, but no heading. */
const NARROWEST_TEXT = 6;

/** Longest text, in UTF-16 units, of which the place of a name in it is looked for. */
const LONGEST_NAMING = 200;

export interface InputFacts extends FieldFacts {
  /** One input for the whole code, or several for some digits each. */
  readonly inputs: readonly HTMLInputElement[];
  /** Number of digits for each of several inputs. */
  readonly sizes?: readonly number[];
  /** Why a person could not type into them now, looking at them alone. */
  recheck(): Check | undefined;
}

export type Reading = PageFacts<InputFacts>;

/** Reads what the recognition needs from the page, without changing the page. */
export function readPage(document: Document): Reading {
  const roots = treesOf(document);
  const everywhere = <E extends Element>(selector: string) =>
    roots.flatMap((root) => [...all<E>(root, selector)]);
  const failed: Partial<Record<Part, Check | undefined>> = {};
  const inputs = everywhere<HTMLInputElement>('input');
  const boxes = inputs.filter(boxSize);
  const groups = new Set(boxes.map(groupOf));
  groups.delete(null);
  // Beside a small field of another name, such as a 暗証番号, a larger one is read by itself.
  const ours = new Set(boxes.filter(isOneOfOurs).map(groupOf));
  const isSingle = (input: HTMLInputElement) =>
    !groups.has(groupOf(input)) || (!boxSize(input) && !ours.has(groupOf(input)));
  const single = inputs.filter((input) => takesText(input) && isSingle(input));
  const candidates = [...single.flatMap(readField), ...[...groups].flatMap(readGroup)];
  const challenge = challengeIn(inputs);
  const titles = everywhere<Titled>(`${HEADINGS},${HEADING_PLACES}`).filter(saysHeading);
  const idTexts = roots.flatMap((root) => textsOfId(root instanceof Document ? root.body : root));
  // What is drawn is computed only if there is something to answer.
  const open = candidates.filter(({ check }) => !check);
  const scene = open.length > 0 || challenge ? sceneAt(document, open, titles, idTexts) : undefined;
  const fields = candidates.flatMap(({ name, check, ...facts }) => {
    const first = check ?? (scene && sceneCheck(facts.inputs, name, scene, inputs));
    failed.field ??= first;
    return first ? [] : facts;
  });
  const headings = titles.flatMap((title) => {
    const fail = (check: Check) => (failed.heading ??= check);
    if (title.alt) {
      const check = pictureCheck(title, scene);
      if (check) fail(check);
      return check ? [] : title.alt;
    }
    const texts = seenTexts(title, headingName, scene, fail)
      .filter((text) => !isControl(text))
      .map(({ data }) => data);
    return isHeading(title) ? endings(texts) : texts.join('');
  });
  const ids = idTexts.flatMap((text) => {
    const check = textCheck(text, scene);
    failed.screen ??= check;
    return check ? [] : text;
  });
  return { idText: inLines(ids), headings, fields, challenge, failed };
}

/** Some texts as one, parted by spaces where they do not stand directly beside each other. */
function inLines(texts: readonly Text[]): string {
  let last: Area | undefined;
  let line = '';
  for (const text of texts) {
    const area = textArea(text);
    const isNext =
      last && Math.abs(area.left - last.right) < 1 && area.top < last.bottom && area.bottom > last.top;
    line += isNext ? inItsCase(text) : ` ${inItsCase(text)}`;
    last = area;
  }
  return line;
}

/** The challenge of the page's only field for one, in the document itself, and posted to the page's own origin. */
function challengeIn(inputs: readonly HTMLInputElement[]): string | undefined {
  const [field, rival] = inputs.filter(({ type, name }) => type === 'hidden' && name === 'challenge');
  if (!field?.form || rival || field.getRootNode() !== document) return undefined;
  const isPosted = saysMethod(field) && !formCheck(field);
  return isPosted && CHALLENGE.test(field.value) ? field.value : undefined;
}

type Titled = HTMLElement & { readonly alt?: string };

/** What is drawn at the fields and their names, headings and 画面ID; and other texts beside the fields. */
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

/** A heading may contain more text; a cell or an image counts only if it contains nothing else. */
function saysHeading(title: Titled): boolean {
  const said = headingName(title.alt ?? wordsOf(title));
  return OUR_HEADINGS.some((heading) => (isHeading(title) ? said.includes(heading) : said === heading));
}

/** All text of an element but readings, with what is slotted into it. */
function wordsOf(element: Element): string {
  if (!Element.prototype.querySelector.call(element, REWORDING)) return element.textContent;
  const texts = [...textsIn(element)].filter((text) => !isReading(text));
  return texts.map(({ data }) => data).join('');
}

const isControl = (text: Text) =>
  CONTROL_WORDS.test(plain(text.data)) && Boolean(text.parentElement?.closest(CONTROLS));

/** A text as its style writes it. */
function inItsCase(text: Text): string {
  const element = parentOf(text);
  const isUpper = element && getComputedStyle(element).textTransform === 'uppercase';
  return isUpper ? text.data.toUpperCase() : text.data;
}

const isHeading = (title: Element) => Element.prototype.matches.call(title, HEADINGS);

/** Parts of the texts that may be headings: from each start on, if the text before it is no part of the sentence. */
function endings(texts: readonly string[]): string[] {
  const pieces = texts.flatMap((text) => text.split(PIECES));
  return pieces.flatMap((_piece, from) =>
    GOES_ON.test(pieces.slice(0, from).join('')) ? [] : pieces.slice(from).join('').replace(BEFORE_PIECE, ''),
  );
}

const sceneCheck = (
  inputs: readonly HTMLInputElement[],
  name: Name,
  scene: Scene,
  others: readonly HTMLInputElement[],
): Check | undefined => {
  const isNameCovered =
    name.from.length > 0 && withoutPlace(joined(naming(seenIn(name.from, scene)))) !== labelName(name.text);
  if (isNameCovered || inputs.some((input) => coveredBy(input, name, scene, lengthOf(name))))
    return 'covered';
  if (inputs.some((input) => isInLink(input) || unreadable(input, scene))) return 'faded';
  return isNamedOtherwise(inputs, name, scene, others) ? 'other-name' : undefined;
};

function groupOf(input: HTMLInputElement): Element | null {
  const group = input.closest(GROUPS) ?? input.closest(BLOCKS);
  return group && boxSize(input) && !group.matches('fieldset,[role=group]') ? rowAround(group) : group;
}

/** The row or block around a box that is the only one in its own, where it has no fields but boxes. */
function rowAround(group: Element): Element {
  for (let at: Element | null = group; at; at = at.parentElement) {
    const [first, ...others] = [...at.querySelectorAll('input')].filter(takesText);
    if (!first || !boxSize(first) || !others.every(boxSize)) return group;
    if (others.length > 0) return at;
    if (at.matches('tr,form')) return group;
  }
  return group;
}

const isOfBoxes = (text: string) => plain(text).replace(BOX_WORDS, '') === '';

/** Whether a small field, or the group that it stands in, has our name. */
const isOneOfOurs = (box: HTMLInputElement) =>
  [box, groupOf(box)].some((named) => named && isOurs(nameOf(named)));

const takesText = ({ type }: HTMLInputElement) => !NO_TEXT.test(type);

const hasField = (element: Element) => [...element.querySelectorAll('input')].some(takesText);

/** Number of digits that a box takes; 0 if it cannot be one of several. */
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

/** The name of a code without the place of one of its boxes. */
const withoutPlace = (text: string) => labelName(text).replace(PLACE, '');

const isOurs = ({ text }: Name) => OUR_FIELDS.has(labelName(text));

const lengthOf = ({ text }: Name) => OUR_FIELDS.get(labelName(text)) ?? 0;

function readField(input: HTMLInputElement): Candidate | [] {
  const { maxLength } = input;
  const name = nameOf(input);
  if (!isOurs(name)) return [];
  const recheck = () => fieldCheck(input, lengthOf(name)) ?? formCheck(input);
  return { inputs: [input], label: name.text, maxLength, name, check: recheck(), recheck };
}

/** Boxes for some digits each, under one label. Any other or hidden input, or another word, among them makes the group invalid. */
function readGroup(group: Element | null): Candidate | [] {
  const inputs = [...(group?.querySelectorAll('input') ?? [])].filter(takesText);
  const [first] = inputs;
  if (!group || !first) return [];
  const own = nameOf(group);
  const { text, from } = own.text ? own : nameOf(first);
  const name = { text: withoutPlace(text), from };
  const [size = 0, ...sizes] = inputs.map(boxSize);
  const saysPlace = (words: string) => isOfBoxes(labelName(words).replace(name.text, ''));
  const isBox = (input: HTMLInputElement) => input.form === first.form && saysPlace(nameOf(input).text);
  const last = inputs.at(-1) ?? first;
  const isBetween = (text: Text) => isBefore(first, text) && isBefore(text, last);
  if ([...textsIn(group)].some((text) => isBetween(text) && !saysPlace(text.data))) return [];
  if (!size || !sizes.every((other) => other === size) || !isOurs(name) || !inputs.every(isBox)) return [];
  const length = size * inputs.length;
  const recheck = () =>
    inputs.map((input) => fieldCheck(input, size, true) ?? formCheck(input)).find(Boolean);
  return {
    inputs,
    sizes: [size, ...sizes],
    label: name.text,
    maxLength: length,
    boxes: length,
    name,
    check: recheck(),
    recheck,
  };
}

/** Texts at each 「画面」 and right after it. */
function textsOfId(node: Node): Text[] {
  let wanted = 0;
  return [...textsIn(node)].filter((text) => {
    if (text.data.includes('画面')) wanted = ID_TEXTS;
    const element = parentOf(text);
    if (wanted === 0 || !text.data.trim() || !element || !isShown(element)) return false;
    if (isReading(text)) return false;
    wanted -= 1;
    return true;
  });
}

/** The texts in a node; in an element of a shadow tree also those in its slots. */
function* textsIn(node: Node): Iterable<Text> {
  const hasSlots = node instanceof Element && node.getRootNode() instanceof ShadowRoot;
  const nodes = Document.prototype.createTreeWalker.call(
    node.ownerDocument,
    node,
    TEXT_NODES + (hasSlots ? ELEMENTS : 0),
  );
  while (nodes.nextNode()) {
    const { currentNode: at } = nodes;
    if (at instanceof Text) yield at;
    else if (at instanceof HTMLSlotElement && at.assignedNodes().length > 0)
      for (const assigned of at.assignedNodes({ flatten: true }))
        if (assigned instanceof Text) yield assigned;
        else yield* textsIn(assigned);
  }
}

/** The visible texts in an element, without ruby readings. */
function seenTexts(element: Element, toName: ToName, scene?: Scene, failed?: (check: Check) => void): Text[] {
  return [...textsIn(element)].flatMap((text) => {
    if (!text.data.trim() || isReading(text)) return [];
    const check = textCheck(text, scene, scene && nameArea(text, toName));
    if (check) failed?.(check);
    return check ? [] : text;
  });
}

/** What a text says without what is no part of its name or heading. */
type ToName = (words: string) => string;

/** The place of the letters in a text that make its name, as what else it says may be seen without them. */
function nameArea(text: Text, toName: ToName): Area {
  const { data } = text;
  const name = data.length > LONGEST_NAMING ? '' : toName(data);
  if (!name || name === plain(data)) return textArea(text);
  const places = [...Array(data.length + 1).keys()];
  const end = places.find((at) => toName(data.slice(0, at)) === name);
  const start = places.findLast((at) => toName(data.slice(at, end)) === name);
  return partArea(text, start ?? 0, end ?? data.length);
}

/** Why a text is not readable for a person. */
function textCheck(text: Text, scene?: Scene, place = textArea(text)): Check | undefined {
  const element = parentOf(text);
  if (!element) return 'too-small';
  return (
    unseen(element, place, NARROWEST_TEXT) ??
    unreadable(element, scene, place) ??
    (scene && coveredBy(text, undefined, scene, 0, place) ? 'covered' : undefined) ??
    (scene && unreadableText(text, element, scene, place))
  );
}

const pictureCheck = (picture: Element, scene?: Scene): Check | undefined =>
  unseen(picture) ?? (scene && coveredBy(picture, undefined, scene) ? 'covered' : undefined);

/**
 * The page's text as a person reads it: each block, and each image's alternative text, on its own line; boxes in a line are parted
 * by a vertical tab.
 * @param most limit in UTF-16 units
 * @param headings it ends with the first line that ends with one of them
 */
export function visibleText(document: Document, most: number, headings: readonly string[] = []): string {
  const isEnd = (text: string) => {
    const line = plain(text.slice(text.lastIndexOf('\n') + 1));
    return headings.some((heading) => upToHeading(line).endsWith(heading));
  };
  let found = '';
  for (const root of treesOf(document)) {
    if (isEnd(found)) break;
    found += textOf(root instanceof Document ? root.body : root, most - found.length, isEnd);
  }
  return found.slice(0, most);
}

function textOf(node: Node, most: number, isEnd: (text: string) => boolean): string {
  const nodes = Document.prototype.createTreeWalker.call(node.ownerDocument, node, TEXT_NODES + ELEMENTS);
  let found = '';
  let last: Flow | undefined;
  while (found.length < most && nodes.nextNode()) {
    const { currentNode: at } = nodes;
    const image = at instanceof HTMLImageElement;
    // Only for images: in a form a field can hide this property.
    const text = image ? at.alt : at instanceof Text ? at.data : undefined;
    const element = image ? at : text && parentOf(at as Text);
    if (!text?.trim() || !element || (image ? unseen(element) : isUnread(at as Text, element))) continue;
    const flow = image ? { block: at, box: at } : flowOf(element);
    if (flow.box !== last?.box) {
      if (isEnd(found)) return found;
      found += flow.block === last?.block ? BOX_END : '\n';
    }
    found += text.replace(/\s+/g, ' ');
    last = flow;
  }
  return found;
}

/** The block in which an element's text flows, and the box in that block's line; the block itself where it is in none. */
interface Flow {
  readonly block: Element;
  readonly box: Element;
}

/** What a person presses is no part of the text beside it. */
const PRESSED = 'a,button,[role=button]';

function flowOf(element: Element): Flow {
  let box: Element | undefined;
  for (let at = element; ; ) {
    const { display } = getComputedStyle(at);
    const isInLine = /^(inline|ruby|contents)/.test(display);
    const isBox = !/^(inline|ruby)$/.test(display);
    const parent = isInLine && !(isBox && Element.prototype.matches.call(at, PRESSED)) && parentOf(at);
    if (isBox) box ??= at;
    if (!parent) return { block: at, box: box ?? at };
    at = parent;
  }
}

/** Whether a person does not read a text, or reads it above another. However narrow it is, it may be a digit or a comma. */
function isUnread(text: Text, element: Element): boolean {
  const place = textArea(text);
  return isReading(text) || Boolean(unseen(element, place, 1) ?? unreadable(element, undefined, place));
}

/** Whether a text is the reading of a ruby, and drawn as one, or a bracket around it, and not drawn. */
function isReading({ parentElement }: Text): boolean {
  const reading = parentElement && Element.prototype.closest.call(parentElement, READINGS);
  if (!reading) return false;
  const { display } = getComputedStyle(reading);
  const ruby = reading.parentElement;
  return reading.localName === 'rp'
    ? display === 'none'
    : display === 'ruby-text' && ruby !== null && getComputedStyle(ruby).display === 'ruby';
}

type Named = Element & { readonly labels?: Iterable<Element> | null };

/** The name of a field or group for people and screen readers, and the elements that contain it. */
function nameOf(element: Named): Name {
  for (const source of sourcesOf(element)) {
    const name =
      typeof source === 'string' ? { text: saysHow(source) ? '' : source, from: [] } : nameIn(source);
    if (name.text.trim()) return name;
  }
  return { text: '', from: [] };
}

/** Where a field's or group's name may be, the nearest first. */
function* sourcesOf(element: Named): Iterable<readonly Element[] | string> {
  const root = element.getRootNode() as Root;
  const labelling = element.getAttribute('aria-labelledby')?.split(' ') ?? [];
  yield labelling.flatMap((id) => root.getElementById(id) ?? []);
  yield element.ariaLabel ?? '';
  yield [...(element.labels ?? [])];
  yield [...element.querySelectorAll(':scope>legend')];
  yield* cellsAround(element);
  yield legendAround(element);
}

interface TextIn {
  readonly element: Element;
  readonly text: Text;
}

const seenIn = (elements: readonly Element[], scene?: Scene): TextIn[] =>
  elements.flatMap((element) => seenTexts(element, labelName, scene).map((text) => ({ element, text })));

/** Texts without those at their start and end that only say how to type. */
function naming(texts: readonly TextIn[]): readonly TextIn[] {
  const isNaming = ({ text }: TextIn) => !saysHow(text.data);
  return texts.slice(Math.max(0, texts.findIndex(isNaming)), 1 + texts.findLastIndex(isNaming));
}

const joined = (texts: readonly TextIn[]) => texts.map(({ text }) => text.data).join('');

/** The name in elements as it is seen, else as it is written. */
function nameIn(elements: readonly Element[]): Name {
  const seen = seenIn(elements);
  const written = () =>
    elements.flatMap((element) =>
      [...textsIn(element)].flatMap((text) => (text.data.trim() ? { element, text } : [])),
    );
  const texts = naming(seen.length > 0 ? seen : written());
  const isSeen = seen.length > 0 && texts.some(({ text }) => isOutOfLinks(text));
  return { text: joined(texts), from: isSeen ? [...new Set(texts.map(({ element }) => element))] : [] };
}

/** Whether a text looks as its style says; nobody knows how a link looks that has been visited. */
const isOutOfLinks = (text: Text) =>
  text.data.trim() !== '' && text.parentElement !== null && !isInLink(text.parentElement);

/** The cells that name a field: those of its own table, and where it is alone in the cell around that, those of that cell's table. */
function* cellsAround(element: Element): Iterable<readonly Element[]> {
  const isRow = element.localName === 'tr';
  for (let at: Element | null = isRow ? element.querySelector('input') : element; at; ) {
    yield cellsBefore(at);
    yield* cellsAbove(at);
    const around: Element | null = at.closest('td,th')?.parentElement?.closest('td,th') ?? null;
    at = around && isAlone(element, around) ? around : null;
  }
}

/** In a table the cells before a cell in its row, since another field if there are words, and those that span into it; in a definition list the term. */
function cellsBefore(element: Element): Element[] {
  let term = element.closest('dd')?.previousElementSibling;
  while (term?.localName === 'dd' && !term.querySelector('input')) term = term.previousElementSibling;
  if (term?.localName === 'dt') return [term];
  const cell = element.closest<HTMLTableCellElement>('td,th');
  const row = cell?.closest('tr');
  if (!cell || !row) return [];
  const table = row.closest('table');
  const spanning = [...(table?.querySelectorAll<HTMLTableCellElement>('[rowspan]') ?? [])];
  const reaching = spanning.filter((other) => {
    const from = other.closest('tr');
    if (from?.closest('table') !== table) return false;
    const rows = row.rowIndex - (from?.rowIndex ?? 0);
    return rows > 0 && other.rowSpan > rows;
  });
  const before = [...row.cells].slice(0, cell.cellIndex);
  const sinceField = before.slice(1 + before.findLastIndex(hasField));
  return [...reaching, ...(sinceField.some((one) => wordsOf(one).trim()) ? sinceField : before)];
}

/**
 * The cell above a cell that has none before it, also in the head of its table, where no row between them shows anything; and those
 * above that one if it only says how to type.
 */
function* cellsAbove(element: Element): Iterable<readonly Element[]> {
  const cell = element.closest<HTMLTableCellElement>('td,th');
  const row = cell?.closest('tr');
  const rows = [...(row?.closest('table')?.rows ?? [])].slice(0, row?.rowIndex);
  for (const between of rows.reverse()) {
    if (isBlankRow(between)) continue;
    const above = between.cells[cell?.cellIndex ?? 0];
    if (!above || above.querySelector('input')) return;
    yield [above];
    if (!saysHow(wordsOf(above))) return;
  }
}

/** Whether a row of a table shows nothing: in its cells are no words, and nothing but pictures that keep other rows apart. */
const isBlankRow = (row: Element) =>
  !wordsOf(row).trim() &&
  [row, ...row.querySelectorAll('*')].every((one) => isBlankCell(one) || isSpacer(one));

const isBlankCell = (element: Element) =>
  element.matches('tr,td,th,br') &&
  [undefined, '::before', '::after'].every((part) => {
    const { content, backgroundImage } = getComputedStyle(element, part);
    return /^(none|normal)$/.test(content) && backgroundImage === 'none';
  });

function isSpacer(element: Element): boolean {
  const { left, top, right, bottom } = boxOf(element);
  return element.localName === 'img' && Math.min(right - left, bottom - top) < NARROWEST_TEXT;
}

/** The legend of a fieldset in which a field is alone. */
function legendAround(element: Element): Element[] {
  const fieldset = element.closest('fieldset');
  const legend = fieldset?.querySelector(':scope>legend');
  if (!fieldset || !legend || element === fieldset) return [];
  return isAlone(element, fieldset, legend) ? [legend] : [];
}

/** Whether a field or group is the only one in an element, with no text before it but a name's and what only says how to type. */
function isAlone(element: Element, around: Element, name?: Element): boolean {
  const fields = [...around.querySelectorAll<HTMLInputElement>('input,select,textarea')];
  return (
    fields.every((field) => element.contains(field) || !takesText(field)) &&
    [...textsIn(around)].every(
      (text) => !text.data.trim() || saysHow(text.data) || name?.contains(text) || !isBefore(text, element),
    )
  );
}

const isBefore = (one: Node, other: Node) =>
  (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
