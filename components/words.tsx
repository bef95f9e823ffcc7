import { type ComponentChildren, options } from 'preact';

type Words = Extract<ComponentChildren, string | number | boolean | null | undefined>;

/** What is written in each element that holds nothing but a text. */
const written = new WeakMap<Node, string>();

/**
 * Has the texts of the page survive foreign hands. A translator puts text nodes into elements of its own, or others in
 * their place: whoever holds a text node then changes what nobody sees, and a dead code stays on screen. So the content
 * of an element is written as a whole, each time it is drawn and whenever somebody else has changed it. An element holds
 * either a text or elements, as long as it is there; a text beside elements gets an element of its own.
 */
export function keepWords(root: Node): void {
  const { vnode: before } = options;
  options.vnode = (vnode) => {
    const { type, props } = vnode;
    if (typeof type === 'string') {
      const parts: ComponentChildren[] = [props.children].flat();
      if (!parts.every(isWords)) {
        props.children = parts.map((part) =>
          isWords(part) && wordsOf(part).trim() ? <span>{part}</span> : part,
        );
      } else if (!vnode.ref) {
        const words = parts.map(wordsOf).join('');
        props.children = undefined;
        vnode.ref = (element: Element) => {
          written.set(element, words);
          write(element);
          return () => written.delete(element);
        };
      }
    }
    before?.(vnode);
  };
  const changed = (records: readonly MutationRecord[]) =>
    // once a frame: another that changes texts as eagerly takes turns with this
    requestAnimationFrame(() => {
      for (const { target } of records) {
        for (let node: Node | null = target; node; node = node.parentNode) write(node);
      }
    });
  new MutationObserver(changed).observe(root, { subtree: true, childList: true, characterData: true });
}

/** Nothing of what Preact draws as nothing, the rest as it is. */
const wordsOf = (part: Words): string => (typeof part === 'boolean' ? '' : String(part ?? ''));

const isWords = (part: ComponentChildren): part is Words => typeof part !== 'object' || part === null;

function write(node: Node): void {
  const words = written.get(node);
  if (words !== undefined && node.textContent !== words) node.textContent = words;
}
