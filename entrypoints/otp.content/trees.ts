import { type Root, rootsOf } from '../watch.content/page.ts';

/** Elements other than custom ones that can have a shadow tree (DOM, "valid shadow host name"). */
const HOSTS = 'article,aside,blockquote,body,div,footer,h1,h2,h3,h4,h5,h6,header,main,nav,p,section,span';

const HOST = new RegExp(`^(${HOSTS.replaceAll(',', '|')})$|-`);

/** The document and all its open shadow trees. The watcher, which every page has, looks only into those of custom elements. */
export const treesOf = (document: Document): Root[] =>
  rootsOf(document, Document.prototype.querySelectorAll.call(document, HOSTS));

/** All elements of a kind in a tree, of which the page can hide the property. */
export const all = <E extends Element = HTMLElement>(root: Root, selector: string): Iterable<E> =>
  (root instanceof Document ? Document : DocumentFragment).prototype.querySelectorAll.call(
    root,
    selector,
  ) as NodeListOf<E>;

/** Cache until the script yields, or puts something into the page. */
const shadows = new Map<Element, ShadowRoot | null>();

export const forgetTrees = () => shadows.clear();

/** The shadow tree of an element: both browsers give extensions access to closed ones as well. */
export function shadowOf(element: Element): ShadowRoot | null {
  if (!HOST.test(element.localName)) return null;
  let shadow = shadows.get(element);
  if (shadow === undefined) {
    if (shadows.size === 0) queueMicrotask(forgetTrees);
    shadow = openOrClosed(element);
    shadows.set(element, shadow);
  }
  return shadow;
}

const openOrClosed = (element: Element): ShadowRoot | null =>
  Reflect.get(element, 'openOrClosedShadowRoot') ??
  (element.namespaceURI === 'http://www.w3.org/1999/xhtml'
    ? Reflect.get(globalThis, 'chrome')?.dom?.openOrClosedShadowRoot(element)
    : undefined) ??
  Reflect.get(Element.prototype, 'shadowRoot', element);
