import { type Root, rootsOf } from '../watch.content/page.ts';

/** Elements other than custom ones that can have a shadow tree (DOM, "valid shadow host name"). */
const HOSTS = 'article,aside,blockquote,body,div,footer,h1,h2,h3,h4,h5,h6,header,main,nav,p,section,span';

/** The document and all its open shadow trees. The watcher, which every page has, looks only into those of custom elements. */
export const treesOf = (document: Document): Root[] =>
  rootsOf(document, Document.prototype.querySelectorAll.call(document, HOSTS));
