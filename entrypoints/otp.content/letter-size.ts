import { type Area, areaOf, boxOf, parentOf, sizeOf } from './area.ts';
import { isNot } from './styles.ts';

/** How large letters are drawn. */

/** Usual shares of the font size that the metrics of `font-size-adjust` have. */
const USUAL_SHARES = new Map([
  ['ex-height', 0.5],
  ['ch-width', 0.5],
  ['cap-height', 0.7],
]);

/** Most letters that are readable as one in a line that is written downwards. */
const MOST_COMBINED = 4;

/** Smallest height of lines, as a share of the font size, that never lie on each other. */
const CLOSEST_LINES = 0.7;

/** The sum of lines over the place of them all, from which on they lie on each other. */
const HEAP = 1.2;

/** Size of the font that is drawn, in CSS pixels before scaling. */
export function sizeOfFont({ fontSize, fontSizeAdjust }: CSSStyleDeclaration): number {
  const [, metric = 'ex-height', share] = /^(?:([a-z-]+) )?([\d.e-]+)$/.exec(fontSizeAdjust) ?? [];
  const usual = USUAL_SHARES.get(metric) ?? 1;
  return Number.parseFloat(fontSize) * (share ? Math.min(1, +share / usual) : 1);
}

/**
 * The smaller scale, along or across, at which an element's letters are drawn; 0 if it is unknown, as in a drawing.
 * @param place where the letters are
 */
export function scaleOfLetters(element: Element, place: Area): number {
  if (element instanceof SVGElement) return 0;
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

const sizesBeforeScaling = (element: Element): readonly [width: number, height: number] =>
  element instanceof HTMLElement ? [element.offsetWidth, element.offsetHeight] : [0, 0];

/** Whether an element's letters are drawn as one, or its lines on each other. */
export function isHeapedUp(element: Element, style: CSSStyleDeclaration): boolean {
  const { writingMode, lineHeight, fontSize } = style;
  if (isNot(style, ['textCombineUpright']) && writingMode !== 'horizontal-tb')
    return (Reflect.get(Node.prototype, 'textContent', element) ?? '').trim().length > MOST_COMBINED;
  if (!(Number.parseFloat(lineHeight) < CLOSEST_LINES * Number.parseFloat(fontSize))) return false;
  const lines = linesOf(element);
  const drawn = lines.reduce((sum, line) => sum + sizeOf(line), 0);
  return drawn > HEAP * sizeOf(around(lines));
}

/** The places of an element's own letters in each of its lines. */
function linesOf(element: Element): Area[] {
  const range = document.createRange();
  const inside = Reflect.get(Node.prototype, 'childNodes', element) as Iterable<Node>;
  return [...inside].flatMap((node) => {
    if (!(node instanceof Text)) return [];
    range.selectNode(node);
    return [...range.getClientRects()].map(areaOf);
  });
}

const around = (areas: readonly Area[]): Area => ({
  left: Math.min(...areas.map(({ left }) => left)),
  top: Math.min(...areas.map(({ top }) => top)),
  right: Math.max(...areas.map(({ right }) => right)),
  bottom: Math.max(...areas.map(({ bottom }) => bottom)),
});
