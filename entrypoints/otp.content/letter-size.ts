import { type Area, boxOf, parentOf, sizeOf } from './area.ts';

/** How large letters are drawn. */

/** Usual shares of the font size that the metrics of `font-size-adjust` have. */
const USUAL_SHARES = new Map([
  ['ex-height', 0.5],
  ['ch-width', 0.5],
  ['cap-height', 0.7],
]);

/** Size of the font that is drawn, in CSS pixels before scaling. */
export function sizeOfFont({ fontSize, fontSizeAdjust }: CSSStyleDeclaration): number {
  const [, metric = 'ex-height', share] = /^(?:([a-z-]+) )?([\d.e-]+)$/.exec(fontSizeAdjust) ?? [];
  const usual = USUAL_SHARES.get(metric) ?? 1;
  return Number.parseFloat(fontSize) * (share ? Math.min(1, +share / usual) : 1);
}

/**
 * The smaller scale, along or across, at which an element's letters are drawn; 0 if it is unknown.
 * @param place where the letters are
 */
export function scaleOfLetters(element: Element, place: Area): number {
  const box = boxOf(element);
  const isBoxless = sizeOf(box) === 0 && getComputedStyle(element).display === 'contents';
  const parent = isBoxless && parentOf(element);
  if (parent) return scaleOfLetters(parent, place);
  const [width, height] = sizesBeforeScaling(element);
  // Where the box has no size, the letters hang out of it.
  const along = width ? (box.right - box.left) / width : (place.right - place.left) / element.scrollWidth;
  const across = height ? (box.bottom - box.top) / height : (place.bottom - place.top) / element.scrollHeight;
  const scale = Math.min(along, across);
  return Number.isFinite(scale) ? scale : 0;
}

function sizesBeforeScaling(element: Element): readonly [width: number, height: number] {
  if (element instanceof HTMLElement) return [element.offsetWidth, element.offsetHeight];
  const { width = 0, height = 0 } = element instanceof SVGGraphicsElement ? element.getBBox() : {};
  return [width, height];
}
