/** The narrowest a thing of a screen is, in CSS pixels. */
const NARROWEST = 20;

/** The opacities of an element and all it lies in, multiplied: below this it cannot be made out. */
const FAINTEST = 0.1;

const SCROLLS = /auto|scroll/;

/** Nothing cut off, masked, filtered or blended. */
const AS_DRAWN = 'none,auto,none,none,normal';

/**
 * Whether a person sees an element, or would by scrolling: large enough, within the page, and neither it nor what it
 * lies in is faded, masked or clipped away. Where a page clips or masks for looks the answer is no as well.
 * @param narrowest how wide it must be, in CSS pixels
 * @param view the window it is in: a document cannot be asked, for a page can name something after the answer
 */
export function isVisible(element: Element, narrowest = NARROWEST, view: Window = window): boolean {
  let { x, y, readable } = boxOf(element, narrowest);
  let opacity = 1;
  let fixed = false;
  for (let at: Element | null = element; at; at = parentOf(at)) {
    const style = getComputedStyle(at);
    opacity *= +style.opacity;
    readable &&=
      [style.clipPath, style.clip, style.maskImage, style.filter, style.mixBlendMode].join() === AS_DRAWN;
    // The overflow of the root and the body is the window's.
    if (style.overflow !== 'visible' && !fixed && !at.matches('html,body')) {
      const area = boxOf(at);
      readable &&=
        area.readable &&
        isReached(x - area.left, style.overflowX, area.width, at.scrollLeft) &&
        isReached(y - area.top, style.overflowY, area.height, at.scrollTop);
      // Scrolled to, it will be where the area is.
      if (SCROLLS.test(style.overflow)) ({ x, y } = area);
    }
    fixed ||= style.position === 'fixed';
  }
  const overflow = fixed ? 'hidden' : 'scroll';
  return (
    readable &&
    opacity >= FAINTEST &&
    element.checkVisibility({ visibilityProperty: true }) &&
    isReached(x, overflow, view.innerWidth, view.scrollX) &&
    isReached(y, overflow, view.innerHeight, view.scrollY)
  );
}

/**
 * What an element is drawn in: the slot it is put into, else its parent, else the host of its shadow tree. A form's own
 * property can be hidden by a field of that name, and lead elsewhere; not its prototype's.
 */
export const parentOf = (element: Element): Element | null =>
  Reflect.get(Element.prototype, 'assignedSlot', element) ??
  Reflect.get(Node.prototype, 'parentElement', element) ??
  (Node.prototype.getRootNode.call(element) as ShadowRoot).host ??
  null;

/** An element's place in the window in CSS pixels, its middle being x and y, and whether it is large enough to read. */
export function boxOf(element: Element, narrowest = NARROWEST) {
  const { x: left, y: top, width, height } = element.getBoundingClientRect();
  return {
    left,
    top,
    width,
    height,
    x: left + width / 2,
    y: top + height / 2,
    readable: width >= narrowest && height >= 8,
  };
}

/**
 * Whether a place in an area, along one axis, is shown or can be scrolled to: nothing scrolls to before the start.
 * All numbers are CSS pixels.
 */
const isReached = (place: number, overflow: string, size: number, scrolled: number) =>
  SCROLLS.test(overflow) ? place + scrolled >= 0 : place >= 0 && place <= size;
