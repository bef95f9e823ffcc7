import type { Check } from '../../core/autofill/checks.ts';
import { type Area, boxOf, isShown, parentOf } from './area.ts';
import { forgetColours, type Ground, ownGround } from './ground.ts';
import { HIDDEN, isVisible, type Overflow, reach, VISIBLE } from './reach.ts';
import { isNot, strikeOf } from './styles.ts';
import { forgetTrees } from './trees.ts';

/** Smallest width of anything on a screen, in CSS pixels. */
const NARROWEST = 20;
const LOWEST = 8;

/** Smallest visible opacity of an element, with all its ancestors. */
export const FAINTEST = 0.1;

/** Smallest share of a place that has to be seen. */
const LEAST_SEEN = 0.8;

const CLIPS = /paint|strict|content/;

/** Properties that, unless they are `none`, and values that make an element the containing block of all its contents. */
const HOLDING = [
  'transform',
  'translate',
  'rotate',
  'scale',
  'perspective',
  'filter',
  'backdropFilter',
  'maskImage',
];
const HOLDS =
  /transform|translate|rotate|scale|perspective|filter|offset|layout|paint|strict|contain\b|content(?![-s])/;

/** Filters that change colours but keep letters different from their background. */
const RECOLOURS = /^(hue-rotate|sepia|grayscale|saturate|drop-shadow)\(.*\)$/;

/** A mask that is a gradient of opaque colours hides nothing where it is. */
const SHOWS_ALL = /^(linear-gradient\((rgb\([\d, ]+\)[\d% ,]*)+\))$/;

/**
 * Why a person does not see an element, not even by scrolling: it is too small, outside the page, or it or an ancestor clips,
 * fades or filters it. Clips and masks that only decorate count as well.
 * @param place its place, if that is not its own box
 * @param narrowest smallest width, in CSS pixels
 * @param view its window; it is passed because a page's element can hide the document's own property
 */
export function unseen(
  element: Element,
  place = boxOf(element),
  narrowest = NARROWEST,
  view: Window = window,
): Check | undefined {
  let rest = place;
  /** The share of the place that is left. */
  let share = 1;
  let ink = 1;
  let clipped = false;
  let filtered = false;
  /** The element that is not in the flow, until its containing block. */
  let away: Effect | undefined;
  let root = element;
  for (let at: Element | null = element; at; at = parentOf(at)) {
    root = at;
    const does = effectOf(at);
    ink *= does.ink;
    filtered ||= does.filters;
    clipped ||= does.clips;
    const { scroller } = does;
    if (away && holds(at, does, away)) away = undefined;
    if (scroller && !away) {
      const reached = reach(rest, scroller.area, scroller.overflow, { x: at.scrollLeft, y: at.scrollTop });
      rest = reached.area;
      share *= reached.share;
      clipped ||= isSmall(scroller.area, NARROWEST) || share < LEAST_SEEN;
    }
    if (does.onTop || (!away && OUT_OF_FLOW.test(does.position))) away = does;
  }
  const shown = { left: 0, top: 0, right: view.innerWidth, bottom: view.innerHeight };
  const overflow = away?.position === 'fixed' ? HIDDEN : overflowOfWindow(root);
  const seen = share * reach(rest, shown, overflow, { x: view.scrollX, y: view.scrollY }).share;
  if (isSmall(place, narrowest) || !isShown(element, { visibilityProperty: true })) return 'too-small';
  if (clipped) return 'clipped';
  if (filtered) return 'filtered';
  if (ink < FAINTEST) return 'faded';
  return seen < LEAST_SEEN ? 'outside' : undefined;
}

/** An element's effects on all its contents. */
export interface Effect {
  readonly opacity: number;
  /** The share of a difference of colours that opacity and filters leave. */
  readonly ink: number;
  /** The thickness of its line through letters, in CSS pixels. */
  readonly strike: number;
  readonly filters: boolean;
  readonly clips: boolean;
  readonly position: string;
  /** Whether it is in the top layer, where no other element holds it. */
  readonly onTop: boolean;
  /** Which contents out of the flow it holds, once somebody asked. */
  holding?: 'all' | 'absolute' | 'none';
  /** The area to which it clips or in which it scrolls overflowing contents. */
  readonly scroller: { readonly area: Area; readonly overflow: Overflow } | undefined;
  readonly overflow: Overflow;
  readonly ground: Ground;
  /** The style of its first line, if somebody asked and it has one of its own. */
  firstLine?: CSSStyleDeclaration | 'none';
}

const OUT_OF_FLOW = /absolute|fixed/;

/** Cache until the script yields, as nothing changes before but by what it puts into the page. */
const effects = new Map<Element, Effect>();

/** Something was put into the page, whose own scripts may have changed it. */
export function forgetEffects(): void {
  effects.clear();
  forgetColours();
  forgetTrees();
}

export function effectOf(element: Element): Effect {
  let effect = effects.get(element);
  if (!effect) {
    if (effects.size === 0) queueMicrotask(forgetEffects);
    const style = getComputedStyle(element);
    const { overflowX, overflowY, contentVisibility } = style;
    // Most effects need a box.
    const isBoxless = style.display === 'contents';
    const position = isBoxless ? 'static' : style.position;
    const isMasked = style.maskImage !== 'none';
    // A mask shows nothing outside the box either.
    const isCut = isMasked || CLIPS.test(style.contain) || contentVisibility === 'auto';
    const clarity = clarityOf(style.filter);
    const overflow = { x: overflowX, y: overflowY };
    const ownOverflow = isVisible(overflow) || isForWindow(element) ? VISIBLE : overflow;
    const scrolls = !isBoxless && (isCut || ownOverflow !== VISIBLE);
    effect = {
      opacity: +style.opacity,
      ink: +style.opacity * clarity,
      strike: strikeOf(style),
      filters: clarity === 0 || style.mixBlendMode !== 'normal',
      clips:
        style.clipPath !== 'none' ||
        contentVisibility === 'hidden' ||
        style.clip !== 'auto' ||
        (isMasked && !showsAll(style)) ||
        (style.textOverflow.includes('"') && ownOverflow !== VISIBLE && isOverflowing(element)) ||
        (style.webkitMaskBoxImageSource ?? 'none') !== 'none' ||
        (style.backfaceVisibility === 'hidden' && hasTurnedItsBack(element)),
      position,
      onTop:
        OUT_OF_FLOW.test(position) &&
        Element.prototype.matches.call(element, ':modal,:popover-open,:fullscreen'),
      ground: isBoxless ? 'none' : ownGround(style, element instanceof HTMLElement ? element : undefined),
      scroller: scrolls ? { area: boxOf(element), overflow: ownOverflow } : undefined,
      overflow,
    };
    effects.set(element, effect);
  }
  return effect;
}

/** Whether an element's lines are longer than its box, where other words of its style may stand instead. */
const isOverflowing = (element: Element) =>
  ['Width', 'Height'].some(
    (side) =>
      Reflect.get(Element.prototype, `scroll${side}`, element) >
      Reflect.get(Element.prototype, `client${side}`, element),
  );

/** Whether an element's overflow applies to its window: that of the root, or of the body if the root has none. */
function isForWindow(element: Element): boolean {
  const root = Element.prototype.matches.call(element, ':root>body:first-of-type') && parentOf(element);
  return root ? isVisible(effectOf(root).overflow) : Element.prototype.matches.call(element, ':root');
}

/** What happens to contents outside the window. */
function overflowOfWindow(root: Element): Overflow {
  const body = Element.prototype.querySelector.call(root, ':scope>body');
  const { overflow } = effectOf(body && isForWindow(body) ? body : root);
  // What is said to be visible or clipped is scrolled or hidden there.
  const inWindow = (value: string) => value.replace('visible', 'auto').replace('clip', 'hidden');
  return { x: inWindow(overflow.x), y: inWindow(overflow.y) };
}

/** Whether a mask is opaque wherever the element is drawn. */
const showsAll = ({
  maskImage,
  maskSize,
  maskRepeat,
  maskMode,
  maskClip,
  maskComposite,
}: CSSStyleDeclaration) =>
  SHOWS_ALL.test(maskImage) &&
  maskSize === 'auto' &&
  maskRepeat === 'repeat' &&
  /^(match-source|alpha)$/.test(maskMode) &&
  /^(border-box|no-clip)$/.test(maskClip) &&
  maskComposite === 'add';

/** Whether an element is the containing block of one in it that is not in the flow, or masks it as if it were. */
function holds(element: Element, effect: Effect, { position, onTop }: Effect): boolean {
  if (onTop) return false;
  effect.holding ??= holdingOf(element);
  return effect.holding === 'all' || effect.holding === position;
}

function holdingOf(element: Element): NonNullable<Effect['holding']> {
  // The root holds nothing that its window does not.
  if (!parentOf(element)) return 'none';
  const style = getComputedStyle(element);
  const { willChange, contain, position, display } = style;
  if (display === 'contents') return 'none';
  const holdsAll =
    isNot(style, HOLDING) ||
    style.transformStyle !== 'flat' ||
    style.contentVisibility === 'auto' ||
    HOLDS.test(`${willChange} ${contain}`) ||
    element.localName === 'foreignObject';
  if (holdsAll) return 'all';
  return position !== 'static' || /(?<!-)position/.test(willChange) ? 'absolute' : 'none';
}

/** Whether an element turns its back, by itself or with the three-dimensional space it is in. */
function hasTurnedItsBack(element: Element): boolean {
  let turn = new DOMMatrix();
  for (let at: Element | null = element; at; at = parentOf(at)) {
    const { transform, rotate, transformStyle } = getComputedStyle(at);
    if (at !== element && transformStyle === 'flat') break;
    turn = new DOMMatrix(rotation(rotate)).multiply(new DOMMatrix(transform)).multiply(turn);
  }
  return turn.inverse().m33 < 0;
}

/** The function of a `rotate`: an angle, and before it a letter or three numbers where the axis is not z. */
function rotation(rotate: string): string {
  const [angle, ...axis] = rotate.split(' ').reverse();
  if (angle === 'none') return angle;
  return axis.length === 3 ? `rotate3d(${axis.reverse()},${angle})` : `rotate${axis}(${angle})`;
}

/** Share of the difference between letters and background that filters leave, from 0 to 1; 0 if it is unknown. */
function clarityOf(filter: string): number {
  if (filter === 'none') return 1;
  const parts = filter.split(/(?<=\)) (?=[a-z-]+\()/);
  return parts.reduce((clarity, part) => {
    const [, name = '', amount = ''] = /^([a-z-]+)\(([\d.]+)\)$/.exec(part) ?? [];
    if (RECOLOURS.test(part)) return clarity;
    if (name === 'invert') return clarity * Math.abs(1 - 2 * Math.min(1, +amount));
    return /^(brightness|contrast)$/.test(name) && +amount > 0 ? clarity * Math.min(+amount, 1 / +amount) : 0;
  }, 1);
}

const isSmall = ({ left, top, right, bottom }: Area, narrowest: number) =>
  right - left < narrowest || bottom - top < LOWEST;
