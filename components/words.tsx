import { type ComponentChildren, options } from 'preact';

type Words = Extract<ComponentChildren, string | number | boolean | null | undefined>;

/** The text of each element that contains only text. */
const written = new WeakMap<Node, string>();

/**
 * Protects the page's texts against changes by others. A translator wraps text nodes into its own elements or replaces them.
 * Preact would then update a text node that nobody sees, and an expired code would stay on screen. So the whole content of an
 * element is written each time it is drawn and whenever somebody else has changed it. An element always contains either a text
 * or elements; a text beside elements gets its own element.
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
    // at most once a frame, so that another script that keeps changing texts cannot cause an endless loop
    requestAnimationFrame(() => {
      for (const { target } of records) {
        for (let node: Node | null = target; node; node = node.parentNode) write(node);
      }
    });
  new MutationObserver(changed).observe(root, { subtree: true, childList: true, characterData: true });
}

/** The children without those that Preact does not draw. */
const wordsOf = (part: Words): string => (typeof part === 'boolean' ? '' : String(part ?? ''));

const isWords = (part: ComponentChildren): part is Words => typeof part !== 'object' || part === null;

function write(node: Node): void {
  const words = written.get(node);
  if (words !== undefined && node.textContent !== words) node.textContent = words;
}
