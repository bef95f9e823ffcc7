import { shadowOf } from './trees.ts';

/** A rectangle in the window, in CSS pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const EVERYWHERE: Area = { left: -1e9, top: -1e9, right: 1e9, bottom: 1e9 };

export const boxOf = (element: Element): Area =>
  areaOf(Element.prototype.getBoundingClientRect.call(element));

export function textArea(text: Text): Area {
  const range = document.createRange();
  range.selectNode(text);
  return areaOf(range.getBoundingClientRect());
}

/** The place of a part of a text. */
export function partArea(text: Text, start: number, end: number): Area {
  const range = document.createRange();
  range.setStart(text, start);
  range.setEnd(text, end);
  return areaOf(range.getBoundingClientRect());
}

export const areaOf = ({ left, top, right, bottom }: DOMRect): Area => ({ left, top, right, bottom });

export const grown = ({ left, top, right, bottom }: Area, x: number, y = x): Area => ({
  left: left - x,
  top: top - y,
  right: right + x,
  bottom: bottom + y,
});

export const moved = ({ left, top, right, bottom }: Area, x: number, y: number): Area => ({
  left: left + x,
  top: top + y,
  right: right + x,
  bottom: bottom + y,
});

/** The common part of two areas; if there is none, its edges are crossed. */
export const common = (one: Area, other: Area): Area => ({
  left: Math.max(one.left, other.left),
  top: Math.max(one.top, other.top),
  right: Math.min(one.right, other.right),
  bottom: Math.min(one.bottom, other.bottom),
});

/** Whether an area overlaps one of the zones. */
export const isIn = (area: Area, zones: readonly Area[]) =>
  zones.some((zone) => sizeOf(common(zone, area)) > 0);

export const sizeOf = ({ left, top, right, bottom }: Area) =>
  Math.max(0, right - left) * Math.max(0, bottom - top);

/**
 * Whether an element is drawn, or what it contains if it has no box of its own.
 * @param options what is asked of its own box
 */
export function isShown(element: Element, options?: CheckVisibilityOptions): boolean {
  if (Element.prototype.checkVisibility.call(element, options)) return true;
  const { display, visibility } = getComputedStyle(element);
  const parent = display === 'contents' && parentOf(element);
  if (!parent || (options?.visibilityProperty && visibility !== 'visible')) return false;
  return isShown(parent);
}

/**
 * The element in which an element or a text is drawn: its slot, else its parent, else the host of its shadow tree. It asks the
 * prototype, as a form's field can hide the form's own property of the same name.
 */
export function parentOf(node: Element | Text): Element | null {
  const parent: Element | null = Reflect.get(Node.prototype, 'parentElement', node);
  return slotIn(parent, node) ?? parent ?? (Node.prototype.getRootNode.call(node) as ShadowRoot).host ?? null;
}

/** The slot of a host's shadow tree, open or closed, that a node is drawn in. */
function slotIn(host: Element | null, node: Element | Text): Element | undefined {
  const slots = host && shadowOf(host)?.querySelectorAll('slot');
  return slots ? [...slots].find((slot) => slot.assignedNodes().includes(node)) : undefined;
}
