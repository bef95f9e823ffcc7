import { RowError } from './token.ts';
import type { Element } from './xml.ts';

/** The one child with a name, of a child with a name, and so on. @throws RowError where there are two of one name */
export function at(element: Element, ...names: readonly string[]): Element | undefined {
  let found: Element | undefined = element;
  for (const name of names) {
    const those: Element[] = found?.children.filter((child) => child.name === name) ?? [];
    if (those.length > 1) throw new RowError('element-twice');
    found = those[0];
  }
  return found;
}

/** The text of what {@link at} finds, without the space around it. */
export const valueAt = (element: Element | undefined, ...names: readonly string[]): string | undefined =>
  element && at(element, ...names)?.text.trim();
