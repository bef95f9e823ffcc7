import { type Area, areaOf, boxOf, common, grown, isIn, moved, parentOf, sizeOf } from './area.ts';

/**
 * What a document draws, where, and in which order. No browser tells what is painted at a place. Hit testing ignores elements
 * that let clicks through, shadows, outlines and generated boxes; IntersectionObserver v2 is late, exists only in Chromium, and
 * takes empty layers for covers. So this file computes it from the styles of every element, in open and closed shadow trees.
 * Whatever cannot be computed counts as covering.
 */

/**
 * The place of a painting in the order of CSS 2.1 Appendix E: for each stacking context around it, and finally for itself, the
 * layer in that context and the place in the tree. Compared number by number.
 */
type Order = readonly number[];

export interface Painting {
  readonly element: Element;
  /** Everything is drawn inside this area, */
  readonly area: Area;
  /** and outside this one: the inside of a border or a shadow. */
  readonly hole: Area | undefined;
  readonly order: Order;
  /** The text node, if it is text. */
  readonly text?: Text;
}

export interface Scene {
  readonly paintings: readonly Painting[];
  /** The place of an element's box in the order of painting. */
  orderOf(element: Element): Order;
}

type Corner = Pick<Area, 'left' | 'top'>;

/** The place of an element or a generated box in the order, what clips it, and its effects on its contents. */
interface Place {
  readonly box: Order;
  readonly outline: Order;
  readonly clip: Area;
  readonly inside: Inside;
}

/** An element's effects on its contents. */
interface Inside {
  /** The order for contents in the flow, and for contents with a layer of their own. */
  readonly flow: Order;
  readonly stack: Order;
  /** Clips of contents in the flow, and of positioned ones. */
  readonly clip: Area;
  readonly positionedClip: Area;
  /** The containing blocks of positioned and of fixed contents. */
  readonly block: Corner;
  readonly fixedBlock: Corner;
  readonly ink: number;
  readonly scale: number;
  /** Whether the contents are flex or grid items, and whether they are in a 3D rendering context. */
  readonly items: boolean;
  readonly deep: boolean;
}

const EVERYWHERE: Area = { left: -1e9, top: -1e9, right: 1e9, bottom: 1e9 };

/** Layers of a stacking context below those with a z-index of 0. */
const BLOCKS = -0.9;
const FLOATS = -0.6;
const INLINES = -0.3;
const OUTLINES = -0.1;

/** Places below and above all contents of an element, and above the document. */
const BOTTOM = -1e9;
const TOP = 1e9;

/** Anything fainter than this is invisible. */
const FAINTEST_INK = 0.005;

/** Properties that make a stacking context unless they are `none`. */
const CONTEXTS = ['clipPath', 'maskImage', 'viewTransitionName'];

/** Properties that also make a containing block of fixed contents. */
const MOVES = ['transform', 'scale', 'rotate', 'translate', 'filter', 'backdropFilter', 'perspective'];

const MAKES_CONTEXT = /opacity|clip|mask|isol|blend|position|scale|rotate|fixed|sticky/;

const HOLDS_FIXED = /transform|filter|perspective|layout|paint|strict|content(?!s)/;

/** Largest list marker that is ignored, in CSS pixels. */
const LARGEST_MARK = 40;

/** Properties that draw into the whole box unless they are `none`. */
const GROUNDS = [
  'backgroundImage',
  'backdropFilter',
  'columnRuleStyle',
  'rowRuleStyle',
  'borderImageSource',
] as const;

/** Elements that the browser draws whatever their style. */
const DRAWN = new Set(
  'img video canvas iframe frame embed object input button select textarea progress meter audio'.split(' '),
);

const isNot = (style: CSSStyleDeclaration, names: readonly string[]) =>
  names.some((name) => (Reflect.get(style, name) ?? 'none') !== 'none');

const isClear = (color: string) =>
  (color.endsWith(', 0)') && color.startsWith('rgba')) || color.endsWith('/ 0)');

/** The sum of lengths and shares in some values, as a bound on how far they can draw. */
const reachOf = (...values: readonly (string | undefined)[]) =>
  values.every(isNothing)
    ? 0
    : (values.join(' ').match(/[\d.]+(?=px|%)/g) ?? []).reduce((sum, length) => sum + +length, 0);

const isNothing = (value?: string) => !value || value === 'none' || value === '0px';

const px = (length: string) => Number.parseFloat(length) || 0;

/** A property of a node, by its prototype, so that a form's field cannot hide it. */
const own = (name: string, node: Node) => Reflect.get(Node.prototype, name, node);

/** Elements that can have a shadow tree (DOM, "valid shadow host name"), and those that pages define. */
const HOST = /^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$|-/;

/** Both browsers also give extensions access to closed shadow trees. */
const shadowOf = (element: Element): ShadowRoot | null =>
  HOST.test(element.localName)
    ? (Reflect.get(element, 'openOrClosedShadowRoot') ??
      (element.namespaceURI === 'http://www.w3.org/1999/xhtml'
        ? Reflect.get(globalThis, 'chrome')?.dom?.openOrClosedShadowRoot(element)
        : undefined) ??
      Reflect.get(Element.prototype, 'shadowRoot', element))
    : null;

function childrenOf(element: Element): Iterable<Node> {
  const assigned = element.localName === 'slot' ? (element as HTMLSlotElement).assignedNodes() : [];
  return assigned.length > 0 ? assigned : own('childNodes', shadowOf(element) ?? element);
}

const isSvg = (element: Element) => element.namespaceURI === 'http://www.w3.org/2000/svg';

/** The window's effects on a document. */
const outside = ({ scrollX, scrollY }: Window): Inside => ({
  flow: [],
  stack: [],
  clip: EVERYWHERE,
  positionedClip: EVERYWHERE,
  block: { left: -scrollX, top: -scrollY },
  fixedBlock: { left: 0, top: 0 },
  ink: 1,
  scale: 1,
  items: false,
  deep: false,
});

/**
 * Reads what a document draws.
 * @param zones areas of interest
 * @param textZones areas in which only texts matter
 */
export function readScene(
  { documentElement, defaultView }: Document,
  zones: readonly Area[],
  textZones: readonly Area[],
): Scene {
  const view = defaultView ?? window;
  const paintings: Painting[] = [];
  const range = new Range();
  /** Counts elements in the order of the tree. */
  const numbers = new Map<Element, number>();
  const places = new Map<Element, Place>();
  visit(documentElement, 0);
  // During a view transition the browser shows pictures of the old and the new state.
  if (documentElement.matches(':active-view-transition'))
    paintings.push({ element: documentElement, area: EVERYWHERE, hole: undefined, order: [2 * TOP] });
  return {
    paintings,
    orderOf: (element) => placeOf(element).box,
  };

  /** @param reach largest distance from its box at which the element may draw, in CSS pixels before scaling */
  function visit(element: Element, reach: number): void {
    const style = getComputedStyle(element);
    const { display } = style;
    if (display === 'none') return;
    numbers.set(element, numbers.size);
    const { filter, textDecorationLine } = style;
    if (filter !== 'none') reach += filter.includes('url') ? TOP : reachOf(filter);
    if (textDecorationLine !== 'none')
      reach += reachOf(style.textDecorationThickness, style.textUnderlineOffset);
    if (display !== 'contents') drawBox(element, style, reach);
    if (isInTopLayer(element, style)) generate(element, '::backdrop', 0);
    generate(element, '::before', reach);
    let writes = false;
    for (const child of childrenOf(element)) {
      if (child.nodeType === 1) visit(child as Element, reach);
      else if (child.nodeType === 3 && (child as Text).data.trim()) {
        writes = true;
        write(element, child as Text, style, reach);
      }
    }
    generate(element, '::after', reach);
    if (writes) generate(element, '::first-letter', reach);
    if (display === 'list-item') generate(element, '::marker', reach);
  }

  /** Adds a painting if it can reach a zone and is not clipped there. */
  function add(
    element: Element,
    area: Area,
    hole: Area | undefined,
    place: () => { readonly order: Order; readonly clip: Area; readonly ink: number },
    text?: Text,
  ): void {
    if (!isNear(area) && !(text && isIn(area, textZones))) return;
    const { order, clip, ink } = place();
    const cut = common(area, clip);
    if (sizeOf(cut) > 0 && ink > FAINTEST_INK)
      paintings.push({ element, area: cut, hole, order, ...(text && { text }) });
  }

  function isNear(area: Area): boolean {
    return isIn(area, zones);
  }

  function around(element: Element): Inside {
    const parent = parentOf(element);
    return parent ? inside(parent) : outside(view);
  }

  function inside(element: Element): Inside {
    return placeOf(element).inside;
  }

  function placeOf(element: Element, known?: CSSStyleDeclaration): Place {
    let place = places.get(element);
    if (!place) {
      const style = known ?? getComputedStyle(element);
      const outer = around(element);
      place = placeIn(element, style, outer);
      if (style.display === 'contents') place = { ...place, inside: outer };
      places.set(element, place);
    }
    return place;
  }

  /**
   * Computes the place of an element or a generated box from what is around it.
   * @param generatedAt place of a generated box in the tree
   */
  function placeIn(element: Element, style: CSSStyleDeclaration, outer: Inside, generatedAt?: number): Place {
    const { position, display, zIndex, willChange, contain = '', overflow, float } = style;
    const isGenerated = generatedAt !== undefined;
    const at = generatedAt ?? numbers.get(element) ?? 0;
    const positioned = position !== 'static';
    const isTop = !isGenerated && isInTopLayer(element, style);
    const isDeep = style.transformStyle !== 'flat';
    const moves =
      isNot(style, MOVES) ||
      ((willChange !== 'auto' || contain !== 'none') && HOLDS_FIXED.test(willChange + contain));
    const isContext =
      moves ||
      isDeep ||
      isNot(style, CONTEXTS) ||
      +style.opacity < 1 ||
      style.mixBlendMode !== 'normal' ||
      style.isolation !== 'auto' ||
      style.contentVisibility !== 'visible' ||
      position === 'fixed' ||
      position === 'sticky' ||
      (willChange !== 'auto' && MAKES_CONTEXT.test(willChange)) ||
      ((positioned || outer.items) && zIndex !== 'auto');
    const layered = positioned || isContext;
    const whole =
      layered ||
      outer.items ||
      float !== 'none' ||
      display.startsWith('inline-') ||
      display.startsWith('table');
    const z = outer.deep ? Number.NaN : positioned || outer.items ? px(zIndex) : 0;
    const own = isTop
      ? [TOP, at]
      : layered
        ? [...outer.stack, z, at]
        : [...outer.flow, float === 'none' ? INLINES : FLOATS, at];
    const clip =
      isTop || position === 'fixed'
        ? EVERYWHERE
        : position === 'absolute'
          ? outer.positionedClip
          : outer.clip;
    const corner = () => {
      const { left, top } = boxOf(element);
      return {
        left: left + element.clientLeft - element.scrollLeft,
        top: top + element.clientTop - element.scrollTop,
      };
    };
    const cuts =
      !isGenerated &&
      overflow !== 'visible' &&
      !/clip|visible/.test(overflow) &&
      /block|flex|grid|item|root|cell/.test(display) &&
      // The browser applies these to the window and not to the element.
      !Element.prototype.matches.call(element, 'html,body');
    const within = cuts ? common(clip, boxOf(element)) : clip;
    const holds = positioned || moves;
    const inside: Inside = {
      flow: whole ? own : outer.flow,
      stack: isTop || isContext ? own : outer.stack,
      clip: within,
      positionedClip: holds ? within : outer.positionedClip,
      block: holds ? corner() : outer.block,
      fixedBlock: moves ? corner() : outer.fixedBlock,
      ink: (isTop ? 1 : outer.ink) * +style.opacity,
      scale: moves ? outer.scale * scaleOf(style) : outer.scale,
      items: display.endsWith('flex') || display.endsWith('grid'),
      deep: isDeep,
    };
    const box = whole
      ? [...own, BOTTOM]
      : [...outer.flow, display === 'inline' || display.startsWith('ruby') ? INLINES : BLOCKS, at];
    const outline = whole ? [...own, TOP] : [...outer.flow, OUTLINES, at];
    return { box, outline, clip, inside };
  }

  function drawBox(element: Element, style: CSSStyleDeclaration, reach: number): void {
    const { boxShadow, outlineStyle, borderImageSource } = style;
    const shadows = boxShadow === 'none' ? [] : boxShadow.split(/,(?![^(]*\))/);
    const far = reach && reach * scaleOver(element);
    const isFramed = borderImageSource !== 'none';
    const placed = (layer: 'box' | 'outline') => () => {
      const {
        [layer]: order,
        clip,
        inside: { ink },
      } = placeOf(element, style);
      return { order, clip, ink: style.visibility === 'visible' ? ink : 0 };
    };
    for (const rect of Element.prototype.getClientRects.call(element)) {
      const box = areaOf(rect);
      const area = isFramed ? EVERYWHERE : grown(box, far + (isSvg(element) ? px(style.strokeWidth) : 0));
      if (isNear(area)) {
        const ground = isFramed || hasGround(style) || drawsItself(element, style);
        const client = clientOf(element, rect);
        const border =
          element.clientWidth > 0 ? sizeOf(client) < sizeOf(box) - 1 : reachOf(style.borderWidth) > 0;
        if (ground || border || far)
          add(element, area, ground ? undefined : border ? client : box, placed('box'));
      }
      for (const shadow of shadows) {
        if (shadow.includes('inset')) continue;
        const [x = 0, y = 0, ...sizes] =
          shadow.match(/-?[\d.]+(?=px)/g)?.map((length) => +length * scaleOver(element)) ?? [];
        const grow = far + sizes.reduce((sum, size) => sum + size, 0);
        add(element, grown(moved(box, x, y), grow), box, placed('box'));
      }
      if (outlineStyle === 'none') continue;
      const gap = grown(box, scaleOver(element) * Number.parseFloat(style.outlineOffset));
      add(element, grown(gap, scaleOver(element) * px(style.outlineWidth) + far), gap, placed('outline'));
    }
  }

  function write(element: Element, text: Text, style: CSSStyleDeclaration, reach: number): void {
    const { textShadow, webkitTextStrokeWidth } = style;
    const isPlain = textShadow === 'none' && webkitTextStrokeWidth === '0px';
    const far = (isPlain ? 0 : reachOf(textShadow, webkitTextStrokeWidth)) + reach;
    const at = numbers.size - 0.5;
    range.selectNode(text);
    for (const rect of range.getClientRects())
      add(
        element,
        grown(areaOf(rect), far && far * scaleOver(element)),
        undefined,
        () => {
          const { flow, clip, ink } = inside(element);
          const isSeen =
            style.visibility === 'visible' && (far > 0 || !isClear(style.webkitTextFillColor ?? style.color));
          return { order: [...flow, INLINES, at], clip, ink: isSeen ? ink : 0 };
        },
        text,
      );
  }

  /** Adds a generated box. Its exact place cannot be read, so the whole area where it can be counts. */
  function generate(element: Element, part: string, reach: number): void {
    const style = getComputedStyle(element, part);
    const isLetter = part === '::first-letter';
    const content = isLetter ? '' : style.content;
    if (content === 'none' || (content === 'normal' && (part === '::before' || part === '::after'))) return;
    const isBackdrop = part === '::backdrop';
    const isMarker = part === '::marker';
    const isDrawn = isMarker
      ? content !== 'normal' || style.listStyleImage !== 'none' || px(style.fontSize) > LARGEST_MARK
      : isLetter
        ? style.boxShadow !== 'none' || style.padding !== '0px' || style.borderWidth !== '0px'
        : hasGround(style) ||
          style.boxShadow !== 'none' ||
          style.outlineStyle !== 'none' ||
          reachOf(style.borderWidth) > 0 ||
          (!isBackdrop && content !== '""');
    if (!isDrawn || style.display === 'none' || style.visibility !== 'visible') return;
    const outer = isBackdrop ? outside(view) : inside(element);
    const at =
      part === '::after' ? numbers.size - 0.5 : (numbers.get(element) ?? 0) + (isBackdrop ? -0.5 : 0.5);
    const {
      box,
      clip,
      inside: { ink, scale },
    } = placeIn(element, style, outer, at);
    const area = isBackdrop || isMarker ? EVERYWHERE : generatedArea(element, style, outer);
    const far =
      scale *
      (reach +
        reachOf(style.boxShadow, style.textShadow, style.outlineWidth, style.outlineOffset, style.filter));
    const order = isBackdrop ? [TOP, at] : box;
    add(element, grown(area, far), undefined, () => ({ order, clip, ink }));
  }

  function scaleOver(element: Element): number {
    return inside(element).scale;
  }
}

/** Whether an element is in the top layer: dialogs, popovers, full screen. */
const isInTopLayer = (element: Element, { position }: CSSStyleDeclaration) =>
  (position === 'fixed' || position === 'absolute') &&
  Element.prototype.matches.call(element, ':modal,:popover-open,:fullscreen');

/** The area inside the border and the scroll bars. */
function clientOf(element: Element, { left, top, width, height }: DOMRect): Area {
  const { offsetWidth, offsetHeight } = element as HTMLElement;
  const x = width / offsetWidth || 1;
  const y = height / offsetHeight || 1;
  const from = { left: left + element.clientLeft * x, top: top + element.clientTop * y };
  return { ...from, right: from.left + element.clientWidth * x, bottom: from.top + element.clientHeight * y };
}

/** Whether the browser draws an element whatever its style; in SVG only shapes and no groups. */
const drawsItself = (element: Element, { fill, stroke }: CSSStyleDeclaration) =>
  isSvg(element)
    ? element.localName !== 'svg' && !element.firstElementChild && (fill !== 'none' || stroke !== 'none')
    : DRAWN.has(element.localName);

const hasGround = (style: CSSStyleDeclaration) =>
  !isClear(style.backgroundColor) || isNot(style, GROUNDS) || style.boxShadow.includes('inset');

/** Largest scale of a transform; practically infinite in 3D. A rotation gives a value slightly different from 1. */
function scaleOf({ transform, scale, rotate }: CSSStyleDeclaration): number {
  const by = scale === 'none' ? 1 : Math.max(...scale.split(' ').map(Number));
  const turned = rotate === 'none' ? 0 : Number.EPSILON;
  if (transform === 'none') return by + turned;
  const [a = 1, b = 0, c = 0, d = 1] = transform.startsWith('matrix(')
    ? transform.slice(7).split(',').map(Number.parseFloat)
    : [TOP];
  return by * Math.max(Math.hypot(a, b), Math.hypot(c, d)) + (b || c ? Number.EPSILON : turned);
}

/** The area in which a generated box can be, by its size, position and transforms. */
function generatedArea(element: Element, style: CSSStyleDeclaration, around: Inside): Area {
  const { position, transform, content, fontSize } = style;
  const font = px(fontSize);
  const width = (px(style.width) || content.length * font) + reachOf(style.padding, style.borderWidth);
  const height = (px(style.height) || 2 * font) + reachOf(style.padding, style.borderWidth);
  const shifts = transform.startsWith('matrix(')
    ? transform.slice(7).split(',').map(Number.parseFloat).slice(4)
    : [];
  const known =
    (transform === 'none' || shifts.length > 0) &&
    !isNot(style, ['translate', 'scale', 'rotate', 'offsetPath']);
  if (!known) return EVERYWHERE;
  // A box that is rotated about its centre stays in its circumscribed circle.
  const turn = shifts.length > 0 ? Math.hypot(width, height) * scaleOf(style) : 0;
  const shift = shifts.reduce((sum, length) => sum + Math.abs(length), 0) + turn;
  if (/absolute|fixed/.test(position)) {
    const { left, top } = position === 'fixed' ? around.fixedBlock : around.block;
    const isPlaced = around.scale === 1 && `${style.left}${style.top}`.match(/px/g)?.length === 2;
    if (!isPlaced) return EVERYWHERE;
    const x = left + px(style.left) + px(style.marginLeft);
    const y = top + px(style.top) + px(style.marginTop);
    return grown({ left: x, top: y, right: x + width, bottom: y + height }, shift + 3);
  }
  const box = boxOf(element);
  const reach = reachOf(style.margin, position === 'static' ? '' : style.inset) + shift;
  const right = Math.max(box.right, box.left + element.scrollWidth);
  const bottom = Math.max(box.bottom, box.top + element.scrollHeight);
  const area = { ...box, right, bottom };
  // An inline box is inside the element's box, except for larger letters.
  if (style.width === 'auto') return grown(area, reach, reach + Math.max(0, 2 * font - (bottom - box.top)));
  return grown(
    area,
    reach + (width > right - box.left ? width : 0),
    reach + (height > bottom - box.top ? height : 0),
  );
}

/** Whether one is painted after, and so over, the other; true also if the order is unknown. */
export function isOver(one: Order, other: Order): boolean {
  const at = one.findIndex((number, index) => number !== other[index]);
  const layer = one[at] ?? BOTTOM;
  return layer !== BOTTOM && !(layer < (other[at] ?? BOTTOM));
}
