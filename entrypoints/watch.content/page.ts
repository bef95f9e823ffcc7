/** The words that wake the reader, as a pattern. The build inserts them: those of the families in its directory. */
declare const __WARIFU_WORDS__: string;

/** Whether a text has one of the words, in half or full width, of which every label and so every screen has one. */
const isOurs = (text: string) => new RegExp(__WARIFU_WORDS__).test(text);

export type Root = Document | ShadowRoot;

/** Elements of a page that asks for anything, itself or in a frame. They are looked for before the slower text. */
const CONTROLS = ['input', 'button', 'iframe'];

/** Elements with possible shadow trees that a selector finds: custom elements. */
const CUSTOM = '//*[contains(name(),"-")]';

/** It asks prototypes, as a page's element can hide a property of its document. */
const customElements = (document: Document) =>
  Document.prototype.evaluate.call(document, CUSTOM, document, null, 7, null);

/** Whether the document has elements to which its scripts may give shadow trees at any time, which changes nothing in the document. */
export const hasCustomElements = (document: Document) => customElements(document).snapshotLength > 0;

/**
 * The document and the open shadow trees of its custom elements.
 * @param others elements of other names that may have such trees as well
 */
export function rootsOf(document: Document, others: Iterable<Element> = []): Root[] {
  const custom = customElements(document);
  const found = Array.from(
    { length: custom.snapshotLength },
    (_none, at) => custom.snapshotItem(at) as Element,
  );
  for (const other of others) if (other.shadowRoot && !other.localName.includes('-')) found.push(other);
  const roots: Root[] = [document];
  for (const host of found) {
    const { shadowRoot } = host;
    if (!shadowRoot) continue;
    roots.push(shadowRoot);
    for (const inner of shadowRoot.querySelectorAll('*')) if (inner.shadowRoot) found.push(inner);
  }
  return roots;
}

/** Whether the document itself has anything to press or type into. */
export const hasControl = (document: Document) =>
  CONTROLS.some((name) => Document.prototype.querySelector.call(document, name));

/** Whether the document itself has any of our words. */
export const bodySaysOurs = (document: Document) => isOurs(document.body?.textContent ?? '');

/** Whether the document or a shadow tree has anything to press or type into. */
export const asksForAnything = (document: Document) =>
  hasControl(document) ||
  rootsOf(document).some((root) => root instanceof ShadowRoot && root.querySelector(CONTROLS.join()));

/** Whether a page has any of our words; most pages have none. */
export const saysOurs = (document: Document) =>
  bodySaysOurs(document) ||
  rootsOf(document).some((root) => root instanceof ShadowRoot && isOurs(root.textContent ?? ''));

/** Whether to read the page: it has our words, and its styles are loaded, without which hidden parts would be visible. */
export const isWorthReading = (document: Document) =>
  asksForAnything(document) &&
  saysOurs(document) &&
  (document.readyState === 'complete' ||
    [...document.querySelectorAll<HTMLLinkElement>('link[rel~=stylesheet]:not([disabled])')].every(
      ({ sheet }) => sheet,
    ));

/** Milliseconds after a change until the page is looked at again, or read. */
export const SETTLE_MS = 200;

/** Asks the prototype, as a page's element can hide a property of its document. */
export const isHidden = (document: Document) =>
  Reflect.get(Document.prototype, 'visibilityState', document) !== 'visible';

/** Marks of the translations of Chromium, Edge and Firefox. */
const TRANSLATED = '[class*=translated-],[_msttexthash],[data-moz-translations-id]';

/** Whether a browser has translated the page. */
export const isTranslated = (document: Document) =>
  Document.prototype.querySelector.call(document, TRANSLATED) !== null;
