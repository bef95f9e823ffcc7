import type { Check } from '../../core/autofill/checks.ts';
import { type Area, boxOf, common, parentOf, sizeOf, textArea } from './area.ts';
import {
  blended,
  type Colour,
  colourOf,
  differenceOf,
  faded,
  type Ground,
  isSolid,
  opacityOf,
  ownGround,
  settled,
} from './ground.ts';
import { isHeapedUp, scaleOfLetters, sizeOfFont } from './letter-size.ts';
import { isOver, type Painting, type Scene } from './painted.ts';
import { areColoursForced, fillOf, isChromium, isClear, isNot } from './styles.ts';
import { effectOf, FAINTEST } from './visible.ts';

/** Smallest readable letters, in CSS pixels. */
const SMALLEST_LETTERS = 7;

/** Smallest visible difference between the colours of letters and background: a sum over the channels of 255 each. */
const CLOSEST_COLOURS = 24;

/** Share of a difference of colours that a filter of a background leaves at least if its colour is taken for the same. */
const CLEAREST = 0.9;

/** Widest stroke that leaves the colour of letters visible under it, and widest that leaves their form, as shares of the font size. */
const THIN_STROKE = 0.05;
const WIDEST_STROKE = 0.25;

/** Thickest lines through letters that leave their form, as a share of the font size. */
const THICKEST_STRIKE = 0.2;

/** Smallest distance between letters, as a share of the font size, that does not heap them up. */
const CLOSEST_LETTERS = -0.3;

/** The canvas of a page without a background, in its light and in its dark scheme: each browser's dark one is close to this. */
const CANVAS = { light: [255, 255, 255], dark: [24, 24, 28] };

/** Properties that change how letters look in their place. */
const LETTERS = ['color', 'webkitTextFillColor', 'webkitTextStrokeWidth', 'letterSpacing'] as const;

const PICTURES = 'img,video,canvas,iframe,embed,object';

/**
 * A highlight that no page has a style for. Once it was asked for them, Chromium goes on giving highlights without a style the
 * colours that their element had then.
 */
const UNSTYLED = `::highlight(none-${crypto.getRandomValues(new Uint32Array(2)).join('-')})`;

/**
 * Why letters in an element are not readable: too small, heaped up, or in the colour of their background.
 * @param scene what is painted at their place, if that is known
 */
export function unreadable(element: Element, scene?: Scene, place = boxOf(element)): Check | undefined {
  const style = getComputedStyle(element);
  // What is typed into a field may be masked.
  if (isNot(style, ['webkitTextSecurity']) && !(element instanceof HTMLInputElement)) return 'faded';
  if (isHeapedUp(element, style)) return 'too-small';
  let ground: Ground | undefined;
  const behind = () => {
    ground ??= scene ? groundAt(element, place, scene) : groundAround(element);
    return ground;
  };
  return unreadableIn(style, scaleOfLetters(element, place), tracesOf(element), behind);
}

/** Why a text is not readable: its letters, or those of a part of it, or all of them once its link has been visited. */
export function unreadableText(text: Text, element: Element, scene: Scene, place: Area): Check | undefined {
  // Firefox tells an extension how many highlights there are, but not where.
  if (isInLink(element) || (!isChromium && CSS.highlights?.size)) return 'faded';
  const [part, another] = partsOf(text, element);
  // Each may have the letters of one and the background of another.
  if (another) return 'faded';
  if (!part) return undefined;
  const behind = () => blended(ownGround(part), groundAt(element, place, scene));
  return unreadableIn(part, scaleOfLetters(element, place), tracesOf(element), behind);
}

/** Whether an element is in a link: no script is told how one looks that has been visited. */
export function isInLink(element: Element): boolean {
  let at: Element | null = element;
  while (at && !Element.prototype.matches.call(at, ':any-link')) at = parentOf(at);
  return at !== null;
}

/** The styles of parts of a text that have their own: what is highlighted, selected or found, and first lines. */
function partsOf(text: Text, element: Element): CSSStyleDeclaration[] {
  const highlights = highlightsOf(text).map((name) => `::highlight(${CSS.escape(name)})`);
  const selection = getSelection()?.type === 'Range' ? ['::selection'] : [];
  const marked = [...highlights, ...selection].map((part) => ownStyle(element, part));
  marked.push(ownStyle(element, '::target-text', UNSTYLED));
  for (let at: Element | null = element; at; at = isAfterLine(at) ? null : parentOf(at)) {
    const effect = effectOf(at);
    effect.firstLine ??= firstLineOf(at) ?? 'none';
    if (effect.firstLine !== 'none') marked.push(effect.firstLine);
  }
  return marked.filter((style) => style !== undefined);
}

const firstLineOf = (element: Element) =>
  getComputedStyle(element).display === 'inline' ? undefined : ownStyle(element, '::first-line');

/** Whether an element comes after a line in its parent, of which its own lines are not the first. */
function isAfterLine(element: Element): boolean {
  if (Reflect.get(Element.prototype, 'assignedSlot', element)) return false;
  let before: Element | null = element;
  do before = Reflect.get(Element.prototype, 'previousElementSibling', before);
  while (before && !isBlockOfText(before));
  return before !== null;
}

function isBlockOfText(element: Element): boolean {
  const { display, position, float } = getComputedStyle(element);
  if (display !== 'block' || !/static|relative/.test(position) || float !== 'none') return false;
  const inside = Reflect.get(Node.prototype, 'childNodes', element) as Iterable<Node>;
  return [...inside].some((node) => node instanceof Text && node.data.trim() && sizeOf(textArea(node)) > 0);
}

/** The names of the highlights in a text, and of those whose ranges are only points in the document. */
function highlightsOf(text: Text): string[] {
  const names: string[] = [];
  CSS.highlights?.forEach((highlight, name) => {
    let isHighlighted = false;
    highlight.forEach((range) => {
      isHighlighted ||= !(range instanceof Range) || range.intersectsNode(text);
    });
    if (isHighlighted) names.push(name);
  });
  return names;
}

/**
 * The style of a pseudo-element that changes an element's letters or their background.
 * @param unstyled other pseudo-elements, whose letters are no change either
 */
function ownStyle(
  element: Element,
  part: string,
  ...unstyled: readonly string[]
): CSSStyleDeclaration | undefined {
  const style = getComputedStyle(element, part);
  const plain = [undefined, ...unstyled].map((other) => getComputedStyle(element, other));
  const isOther =
    LETTERS.some((name) => plain.every((other) => style[name] !== other[name])) ||
    !isClear(style.backgroundColor) ||
    style.backgroundImage !== 'none';
  return isOther ? style : undefined;
}

/**
 * Why letters of a style are not readable.
 * @param traces what their element and all around it do to them
 */
function unreadableIn(
  style: CSSStyleDeclaration,
  scale: number,
  { ink, strike }: Traces,
  behind: () => Ground,
): Check | undefined {
  const size = sizeOfFont(style);
  if (size * scale < SMALLEST_LETTERS || Number.parseFloat(style.letterSpacing) < CLOSEST_LETTERS * size)
    return 'too-small';
  if (strike > THICKEST_STRIKE * size) return 'faded';
  const letters = letterColourOf(style, size);
  const left = letters ? ink * opacityOf(letters) : 0;
  if (!letters || left < FAINTEST) return 'faded';
  const ground = behind();
  const isClose = (colour: Colour) => left * differenceOf(letters, colour) < CLOSEST_COLOURS;
  return Array.isArray(ground) && ground.every(isClose) ? 'faded' : undefined;
}

interface Traces {
  /** The share of a difference of colours that is left. */
  readonly ink: number;
  /** The thickness of all lines through the letters, in CSS pixels. */
  readonly strike: number;
}

/** What an element and all around it do to its letters. */
function tracesOf(element: Element): Traces {
  let ink = 1;
  let strike = 0;
  for (let at: Element | null = element; at; at = parentOf(at)) {
    const effect = effectOf(at);
    ink *= effect.ink;
    strike += effect.strike;
  }
  return { ink, strike };
}

/** The colour of letters, or that of a stroke over them; undefined if the stroke leaves no form. */
function letterColourOf(style: CSSStyleDeclaration, size: number): Colour | undefined {
  const fill = colourOf(fillOf(style));
  const width = Number.parseFloat(style.webkitTextStrokeWidth) / size;
  if (!(width > THIN_STROKE) || /^(markers )?stroke/.test(style.paintOrder)) return fill;
  const stroke = colourOf(style.webkitTextStrokeColor);
  if (isFaint(stroke)) return fill;
  return width > WIDEST_STROKE ? undefined : stroke;
}

const isFaint = (colour: Colour) => opacityOf(colour) < FAINTEST;

/** The background around an element. */
function groundAround(element: Element): Ground {
  let ground: Ground = 'none';
  for (let at: Element | null = element; at && !isSolid(ground); at = parentOf(at))
    ground = blended(ground, effectOf(at).ground);
  return settled(ground);
}

/** The backgrounds that are painted before an element's letters, over most of their place, and the canvas behind them. */
function groundAt(element: Element, place: Area, scene: Scene): Ground {
  const order = scene.orderOf(element);
  const isMost = (area: Area) => sizeOf(common(area, place)) > sizeOf(place) / 2;
  const own = effectOf(element).ground;
  let ground: Ground = own !== 'none' && isMost(boxOf(element)) ? own : 'none';
  if (isSolid(ground)) return ground;
  const behind = scene.paintings.filter(
    (painting) =>
      !painting.text &&
      isMost(painting.area) &&
      !painting.holes.some(isMost) &&
      isOver(order, painting.order),
  );
  for (const painting of behind.toSorted(frontFirst)) {
    ground = blended(ground, groundOf(painting, element, scene));
    if (isSolid(ground)) return ground;
  }
  return settled(blended(ground, canvasOf(element)));
}

const frontFirst = (one: Painting, other: Painting) =>
  isOver(one.order, other.order) ? -1 : isOver(other.order, one.order) ? 1 : 0;

/** The background that is painted behind an element's letters. */
function groundOf({ element, order, part }: Painting, letters: Element, { orderOf }: Scene): Ground {
  if (part) {
    const style = getComputedStyle(element, part);
    const ground = style.filter === 'none' ? ownGround(style) : 'mixed';
    return ground === 'none' ? 'mixed' : faded(ground, +style.opacity * opacityApart(element, letters));
  }
  const { ground, ink, opacity } = effectOf(element);
  // A picture and a generated box are painted over their element's own.
  const isOwn =
    String(order) === String(orderOf(element)) && !Element.prototype.matches.call(element, PICTURES);
  const isClear = ink >= CLEAREST * opacity || isDrawnIn(letters, element);
  return isOwn && isClear && ground !== 'none' ? faded(ground, opacityApart(element, letters)) : 'mixed';
}

/** The opacity of an element and of those around it that letters are not in. */
function opacityApart(element: Element, letters: Element): number {
  let opacity = 1;
  for (let at: Element | null = element; at && !isDrawnIn(letters, at); at = parentOf(at))
    opacity *= effectOf(at).opacity;
  return opacity;
}

function isDrawnIn(element: Element, other: Element): boolean {
  let at: Element | null = element;
  while (at && at !== other) at = parentOf(at);
  return at !== null;
}

/** The background of the whole page: that of the root, of the body, or the browser's. */
function canvasOf(element: Element): Ground {
  let [root, body] = [element, element];
  for (let at = parentOf(element); at; at = parentOf(at)) [root, body] = [at, root];
  const own = [root, body].map((at) => effectOf(at).ground).find((ground) => ground !== 'none');
  if (own && isSolid(own)) return own;
  // In a frame it is what is around; and a person's own colours are not told.
  if (window !== window.parent || areColoursForced()) return own ?? 'mixed';
  return blended(own ?? 'none', [CANVAS[isDark(root) ? 'dark' : 'light']]);
}

function isDark(root: Element): boolean {
  const { colorScheme } = getComputedStyle(root);
  const meta = Element.prototype.querySelector.call(root, 'meta[name="color-scheme" i]');
  const schemes = colorScheme === 'normal' ? (meta?.getAttribute('content') ?? '') : colorScheme;
  const prefersDark = () => matchMedia('(prefers-color-scheme: dark)').matches;
  return /dark/i.test(schemes) && (!/light/i.test(schemes) || prefersDark());
}
