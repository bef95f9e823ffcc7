/** What computed styles say. */

/** Larger than anything on a page, in CSS pixels. */
export const TOP = 1e9;

/** Chromium, which alone reflects boxes; it also differs in what makes a stacking context. The build runs this outside a browser. */
export const isChromium = globalThis.CSS?.supports('-webkit-box-reflect', 'below');

export const isNot = (style: CSSStyleDeclaration, names: readonly string[]) =>
  names.some((name) => (Reflect.get(style, name) ?? 'none') !== 'none');

export const isClear = (color: string) =>
  (color.endsWith(', 0)') && color.startsWith('rgba')) || color.endsWith('/ 0)');

const forced = globalThis.matchMedia?.('(forced-colors: active)');

/** Whether a person's own colours stand in place of the page's. */
export const areColoursForced = () => forced?.matches === true;

/** The colour of an element's letters. Chromium tells a forced one in `color` alone. */
export const fillOf = (style: CSSStyleDeclaration) =>
  areColoursForced() && style.forcedColorAdjust !== 'none'
    ? style.color
    : (style.webkitTextFillColor ?? style.color);

/** The sum of lengths and shares in some values, as a bound on how far they can draw. */
export const reachOf = (...values: readonly (string | undefined)[]) =>
  values.every(isNothing)
    ? 0
    : (values.join(' ').match(/[\d.]+(?=px|%)/g) ?? []).reduce((sum, length) => sum + +length, 0);

const isNothing = (value?: string) => !value || value === 'none' || value === '0px';

/** The usual thickness of a line at letters, as a share of the font size. */
const USUAL_LINE = 0.1;

/** The thickness of an element's line through letters, in CSS pixels. */
export function strikeOf({ textDecorationLine, textDecorationThickness, fontSize }: CSSStyleDeclaration) {
  if (!textDecorationLine.includes('line-through')) return 0;
  const lengths = [...textDecorationThickness.matchAll(/([\d.]+)(px|%)/g)];
  if (lengths.length === 0) return USUAL_LINE * px(fontSize);
  return lengths.reduce((sum, [, by = 0, unit]) => sum + +by * (unit === '%' ? px(fontSize) / 100 : 1), 0);
}

export const px = (length: string) => Number.parseFloat(length) || 0;

/** How far an element's filter, and the lines at its letters, draw around what is drawn in it. */
export const haloOf = (style: CSSStyleDeclaration) => {
  const { filter, textDecorationLine } = style;
  const lines =
    textDecorationLine === 'none' ? 0 : reachOf(style.textDecorationThickness, style.textUnderlineOffset);
  return lines + (filter === 'none' ? 0 : filter.includes('url') ? TOP : reachOf(filter));
};

/** The shadows of a box, from the front to the back. */
export const shadowsOf = ({ boxShadow }: CSSStyleDeclaration) =>
  boxShadow === 'none' ? [] : boxShadow.split(/,(?![^(]*\))/);

/** The lengths of a shadow in CSS pixels: to the right, down, blur, spread. */
export const lengthsOf = (shadow: string) => shadow.match(/-?[\d.]+(?=px)/g)?.map(Number) ?? [];

export const zoomOf = ({ zoom }: CSSStyleDeclaration) => Number.parseFloat(zoom) || 1;

/** How far an element's transforms move a point to a side, at most, that is one pixel away to two sides; practically infinite in 3D. */
export function scaleOf(style: CSSStyleDeclaration): number {
  const { transform, scale, rotate, translate } = style;
  if (translate.split(' ').length > 2 || rotate.includes(' ')) return TOP;
  const turned = rotate !== 'none' || isNot(style, ['offsetPath']) ? Math.SQRT2 : 1;
  const by = scale === 'none' ? turned : turned * Math.max(...scale.split(' ').map((by) => Math.abs(+by)));
  if (transform === 'none') return by;
  const [a = 1, b = 0, c = 0, d = 1] = matrixOf(transform) ?? [TOP];
  return by * Math.max(Math.abs(a) + Math.abs(c), Math.abs(b) + Math.abs(d));
}

/** Whether an element no longer stands upright. */
export function isTurned(style: CSSStyleDeclaration): boolean {
  const { transform, scale } = style;
  const [a = 1, b = 0, c = 0, d = 1] = transform === 'none' ? [] : (matrixOf(transform) ?? [0, 1]);
  return (
    b !== 0 || c !== 0 || a < 0 || d < 0 || scale.includes('-') || isNot(style, ['rotate', 'offsetPath'])
  );
}

/** The six numbers of a transform in the plane. */
export const matrixOf = (transform: string) =>
  transform.startsWith('matrix(') ? transform.slice(7).split(',').map(Number.parseFloat) : undefined;
