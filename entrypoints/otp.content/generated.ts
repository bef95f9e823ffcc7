import { type Area, boxOf, EVERYWHERE, grown, parentOf } from './area.ts';
import { isNot, isTurned, matrixOf, px, reachOf, scaleOf, TOP, zoomOf } from './styles.ts';

/** Where generated boxes can be. Their exact places cannot be read, so these are the areas that they cannot leave. */

/** What is around a generated box. */
export interface Around {
  /** The containing blocks of positioned and of fixed contents. */
  readonly block: Block;
  readonly fixedBlock: Block;
  /** Largest length in the window of a CSS pixel, and its length if nothing is transformed. */
  readonly scale: number;
  readonly zoom: number;
  /** Whether the contents are rotated or skewed. */
  readonly turned: boolean;
}

/** Whether contents are not transformed, but by zoom or to another place. */
export const isPlain = ({ scale, zoom, turned }: Pick<Around, 'scale' | 'zoom' | 'turned'>) =>
  scale === zoom && !turned;

/** The box of an element; its left and top are those of its contents. */
export interface Block extends Area {
  readonly holder?: Element;
}

/** Largest list marker that is ignored, in CSS pixels, and the kinds of markers that no page can change. */
const LARGEST_MARK = 40;
const SIMPLE_MARK = /^(disc|circle|square|decimal|disclosure-\w+)$/;

/** Strings, attributes, counters and quotes, whose length is known. */
const LETTERS = /"((?:\\.|[^"\\])*)"|attr\(([^),\s]+)\)|counter\([^),]+\)|(?:no-)?(?:open|close)-quote/g;

/** Widest frame above and below an inline box that does not reach into other lines, in CSS pixels. */
const MOST_FRAME = 4;

/** What Firefox generates in a picture that it could not load. */
const ALTERNATIVE = '-moz-alt-content';

/** Between these a line breaks: after white space and after Japanese letters. */
const BREAKS = /(?<=[\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}ー、。）」])/u;

/** The text in a computed `content`, with all quotes of its style for each; undefined if it contains pictures, or counters of unknown length. */
export function lettersOf(element: Element, content: string, quotes: string): string | undefined {
  if (content === ALTERNATIVE) return element.getAttribute('alt') ?? '';
  let letters = '';
  const rest = content.replace(LETTERS, (all, text?: string, name?: string) => {
    letters += name
      ? (element.getAttribute(name) ?? '')
      : (text?.replace(/\\a ?/g, '\n').replace(/\\(.)/g, '$1') ??
        (all.startsWith('counter') ? '0000' : quotes.replace(/^(auto|none)$/, '"')));
    return '';
  });
  return content === 'normal' || !/[^\s/]/.test(rest) ? letters : undefined;
}

/** What a list marker draws, as a computed `content`; undefined for nothing and for a usual one. */
export function markOf(style: CSSStyleDeclaration): string | undefined {
  const { content, listStyleImage, listStyleType } = style;
  if (content !== 'normal') return content;
  if (listStyleImage !== 'none') return listStyleImage;
  if (!SIMPLE_MARK.test(listStyleType)) return listStyleType === 'none' ? undefined : listStyleType;
  const isUsual =
    px(style.fontSize) <= LARGEST_MARK && !reachOf(style.textShadow, style.webkitTextStrokeWidth);
  return isUsual ? undefined : '"0000"';
}

/** The area of a list marker outside its list item: beside it, as far as its text is long. */
export function markerArea(
  element: Element,
  { fontSize, direction }: CSSStyleDeclaration,
  { scale, turned }: Around,
  letters: string | undefined,
): Area {
  const font = px(fontSize) * scale;
  const length = letters === undefined ? TOP : (letters.length + 1) * font;
  const box = boxOf(element);
  if (turned) return grown(box, length + font);
  const bottom = Math.max(box.bottom, box.top + element.scrollHeight * scale);
  const [left, right] = direction === 'rtl' ? [box.right, box.right + length] : [box.left - length, box.left];
  return grown({ left, top: box.top, right, bottom }, 0, Math.max(0, 1.5 * font - (bottom - box.top)));
}

/** The area in which a generated box can be, by its size, position and transforms. */
export function generatedArea(
  element: Element,
  style: CSSStyleDeclaration,
  around: Around,
  letters: string | undefined,
  indent = style.textIndent,
): Area {
  const { position, fontSize } = style;
  const zoom = around.zoom * zoomOf(style);
  const scale = around.scale * zoomOf(style);
  const font = px(fontSize);
  const frame = reachOf(style.padding, style.borderWidth);
  const width = (px(style.width) || (letters?.length ?? 0) * font) + frame;
  const height = (px(style.height) || 2 * font) + frame;
  const shift = scale * shiftOf(style, width, height);
  const spill = spillOf(style, letters);
  const wider = scale * spill.wider;
  const higher = scale * spill.higher;
  if (/absolute|fixed/.test(position)) {
    const block = position === 'fixed' ? around.fixedBlock : around.block;
    const hasPlace = `${style.left}${style.top}${style.width}${style.height}`.match(/px/g)?.length === 4;
    if (!hasPlace || (letters === undefined && style.direction === 'rtl')) return EVERYWHERE;
    const x = px(style.left) + px(style.marginLeft);
    const y = px(style.top) + px(style.marginTop);
    if (!isPlain(around)) {
      const far = Math.max(Math.abs(x), Math.abs(x + width)) + Math.max(Math.abs(y), Math.abs(y + height));
      return grown(block, letters === undefined ? TOP : scale * far + shift + wider + higher);
    }
    const { left, top } = block;
    const area = {
      left: left + zoom * x,
      top: top + zoom * y,
      right: left + zoom * (x + width),
      bottom: top + zoom * (y + height),
    };
    return grown(
      letters === undefined ? withOverflow(area, block, around.zoom) : area,
      shift + wider + 3,
      shift + higher + 3,
    );
  }
  // A picture is as high as its line, an inline element is not; and some elements have no box.
  const isAsItsBlock = letters === undefined || getComputedStyle(element).display === 'contents';
  const host = isAsItsBlock ? blockAround(element) : element;
  const scrollWidth = around.scale * host.scrollWidth;
  const scrollHeight = around.scale * host.scrollHeight;
  const box = around.turned ? grown(boxOf(host), around.scale * overflowOf(host)) : boxOf(host);
  const bottom = Math.max(box.bottom, box.top + scrollHeight);
  const area =
    style.direction === 'rtl'
      ? { ...box, bottom, left: Math.min(box.left, box.right - scrollWidth) }
      : { ...box, bottom, right: Math.max(box.right, box.left + scrollWidth) };
  const inLine = letters === '' ? '' : `${indent} ${style.verticalAlign}`;
  const reach = shift + scale * reachOf(style.margin, position === 'static' ? '' : style.inset, inLine);
  const wide = area.right - area.left;
  const high = area.bottom - area.top;
  // An inline box is inside the element's box, except for its frame and larger letters.
  if (style.width === 'auto')
    return grown(area, reach, reach + scale * frame + Math.max(0, scale * 2 * font - high));
  return grown(
    area,
    reach + wider + (scale * width > wide ? scale * width : 0),
    reach + higher + (scale * height > high ? scale * height : 0),
  );
}

/** Whether a generated box without letters is just where its style says. */
export const isPlaced = (style: CSSStyleDeclaration, around: Around, letters: string | undefined) =>
  letters === '' &&
  /absolute|fixed/.test(style.position) &&
  isPlain(around) &&
  !isNot(style, ['transform', 'translate', 'rotate', 'scale', 'offsetPath']);

/** An area with what hangs out of a box, which is known where the box has contents to scroll. */
function withOverflow(area: Area, { left, top, holder }: Block, zoom: number): Area {
  const { scrollWidth = TOP, scrollHeight = TOP } = holder ?? {};
  return {
    ...area,
    right: Math.max(area.right, left + zoom * (scrollWidth || TOP)),
    bottom: Math.max(area.bottom, top + zoom * (scrollHeight || TOP)),
  };
}

/** How far contents hang out of a box to two sides, in CSS pixels. */
const overflowOf = ({ scrollWidth, scrollHeight, clientWidth, clientHeight }: Element) =>
  Math.max(0, scrollWidth - clientWidth) + Math.max(0, scrollHeight - clientHeight);

function blockAround(element: Element): Element {
  const parent = /^(inline|contents)$/.test(getComputedStyle(element).display) && parentOf(element);
  return parent ? blockAround(parent) : element;
}

/** How far transforms move a box; practically infinite in 3D and along a path. */
function shiftOf(style: CSSStyleDeclaration, width: number, height: number): number {
  const { transform, translate } = style;
  const matrix = transform === 'none' ? [] : matrixOf(transform);
  const [along = '', down = '', deep] = translate === 'none' ? [] : translate.split(' ');
  if (!matrix || deep || isNot(style, ['offsetPath'])) return TOP;
  const part = (length: string, of: number) => px(length) * (length.endsWith('%') ? of / 100 : 1);
  const [, , , , x = 0, y = 0] = matrix;
  const shift = [x, y, part(along, width), part(down, height)].reduce((sum, by) => sum + Math.abs(by), 0);
  const scale = scaleOf(style);
  if (scale === 1 && !isTurned(style)) return shift;
  // A box that is turned about its centre stays in its circumscribed circle.
  const [left = 0, top = 0] = style.transformOrigin.split(' ').map(px);
  const offCentre = Math.hypot(left - width / 2, top - height / 2);
  return shift * Math.max(1, scale) + (Math.hypot(width, height) / 2) * scale + offCentre * (1 + scale);
}

/** How far letters hang out of a box of a fixed size, to the sides and below. */
function spillOf(style: CSSStyleDeclaration, letters = '') {
  const { overflow, whiteSpace, lineHeight, fontSize } = style;
  if (!letters.trim() || overflow !== 'visible' || !style.width.endsWith('px'))
    return { wider: 0, higher: 0 };
  const room = Math.max(px(style.width), 1);
  const isOneLine = /nowrap|^pre$/.test(whiteSpace);
  let widest = 0;
  let lines = 0;
  for (const line of letters.split('\n')) {
    lines += 1;
    let at = 0;
    for (const run of isOneLine ? [line] : line.split(BREAKS)) {
      const width = widthOf(run, style);
      if (at > 0 && at + width > room) {
        lines += 1;
        at = 0;
      }
      at += width;
      widest = Math.max(widest, at);
      if (!isOneLine) lines += Math.floor(width / room);
    }
  }
  const height = lines * Math.max(px(lineHeight), px(fontSize));
  const wider = Math.max(0, widest - room - 1) + reachOf(style.textIndent);
  const higher = Math.max(0, height - px(style.height));
  return style.writingMode === 'horizontal-tb'
    ? { wider, higher }
    : { wider: wider + higher, higher: wider + higher };
}

let pen: OffscreenCanvasRenderingContext2D | null = null;

/** The width of a text in one line, in CSS pixels. */
function widthOf(text: string, style: CSSStyleDeclaration): number {
  const { fontStyle, fontWeight, fontSize, fontFamily, letterSpacing, wordSpacing } = style;
  pen ??= new OffscreenCanvas(1, 1).getContext('2d');
  if (!pen || style.textTransform !== 'none') return text.length * (px(fontSize) + px(letterSpacing));
  pen.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  pen.letterSpacing = `${px(letterSpacing)}px`;
  pen.wordSpacing = `${px(wordSpacing)}px`;
  return pen.measureText(text).width;
}

/** Whether a generated box stands in a line beside its element's own letters, over none of them. */
export function isBeside(
  style: CSSStyleDeclaration,
  own: CSSStyleDeclaration,
  letters: string | undefined,
): boolean {
  const { display, fontSize, lineHeight } = style;
  const spaces = [style, own].map(({ letterSpacing, wordSpacing }) => letterSpacing + wordSpacing);
  const { wider, higher } = spillOf(style, letters);
  return (
    /^inline(-block)?$/.test(display) &&
    style.position === 'static' &&
    !`${style.margin}${style.textIndent}${spaces}`.includes('-') &&
    (display === 'inline' || (letters !== undefined && wider + higher === 0)) &&
    style.writingMode === own.writingMode &&
    px(fontSize) * zoomOf(style) <= px(own.fontSize) &&
    (lineHeight === 'normal' || px(lineHeight) >= px(fontSize)) &&
    (display !== 'inline' || reachOf(style.paddingBlock, style.borderBlockWidth) <= MOST_FRAME) &&
    !/\d/.test(style.verticalAlign) &&
    shiftOf(style, 0, 0) === 0
  );
}
