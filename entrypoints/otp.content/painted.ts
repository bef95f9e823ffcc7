import {
  type Area,
  areaOf,
  boxOf,
  common,
  EVERYWHERE,
  grown,
  isIn,
  moved,
  parentOf,
  sizeOf,
} from './area.ts';
import {
  type Around,
  type Block,
  generatedArea,
  isBeside,
  isPlaced,
  isPlain,
  lettersOf,
  markerArea,
  markOf,
} from './generated.ts';
import {
  fillOf,
  haloOf,
  isChromium,
  isClear,
  isNot,
  isTurned,
  lengthsOf,
  px,
  reachOf,
  scaleOf,
  shadowsOf,
  TOP,
  zoomOf,
} from './styles.ts';
import { shadowOf } from './trees.ts';

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
  /** and outside these: the inside of a border or a shadow. */
  readonly holes: readonly Area[];
  readonly order: Order;
  /** The text node, if it is text. */
  readonly text?: Text;
  /** The letters of a generated box. */
  readonly letters?: string | undefined;
  /** Whether the element draws it whatever its style, as a surface does. */
  readonly isContent?: boolean;
  /** The pseudo-element, if it is a generated box whose place is known exactly. */
  readonly part?: string;
  /** Whether it is a generated box in a line beside the element's own letters. */
  readonly isBeside?: boolean;
}

export interface Scene {
  readonly paintings: readonly Painting[];
  /** The place of an element's box in the order of painting. */
  orderOf(element: Element): Order;
  /** Whether an element is a surface on which nothing is drawn. */
  isBlank(element: Element): boolean;
}

/** The place of an element or a generated box in the order, what clips it, and its effects on its contents. */
interface Place {
  readonly box: Order;
  readonly outline: Order;
  readonly clip: Area;
  readonly inside: Inside;
}

/** An element's effects on its contents. */
interface Inside extends Around {
  /** The order for contents in the flow, and for contents with a layer of their own. */
  readonly flow: Order;
  readonly stack: Order;
  /** What comes before the place in the tree: the flex and grid containers around, and the `order` in them. */
  readonly tree: Order;
  /** Clips of contents in the flow, and of positioned ones. */
  readonly clip: Area;
  readonly positionedClip: Area;
  readonly ink: number;
  /** Whether the contents are flex or grid items, and whether they are in a 3D rendering context. */
  readonly items: boolean;
  readonly deep: boolean;
}

/** Layers of a stacking context below those with a z-index of 0. */
const BLOCKS = -0.9;
const FLOATS = -0.6;
const INLINES = -0.3;
const OUTLINES = -0.1;

/** The place below all contents of an element; above them, and above the document, is `TOP`. */
const BOTTOM = -TOP;

/** Contents with a counter in a style that a page can define, and what stands for their letters. */
const COUNTED = /counter|^[\w-]+$/;
const ANY_WORD = '語';

/** Anything fainter than this is invisible. */
const FAINTEST_INK = 0.005;

const words = (of: string) => of.split(' ');

/** Properties that make a stacking context unless they are `none`. */
const CONTEXTS = words('clipPath maskImage viewTransitionName webkitMaskBoxImageSource');

/** Properties that also make a containing block of fixed contents, and have no effect on boxes in a line. */
const MOVES = words('transform scale rotate translate offsetPath perspective webkitBoxReflect');

/** Properties that do so in a line as well. */
const FILTERS = words('filter backdropFilter');

/** What makes a stacking context in `will-change`, or by being animated. */
const LIFTS_LINES = new Set([
  ...words('opacity filter backdrop-filter'),
  ...(isChromium
    ? []
    : words('clip-path isolation mask mask-image mix-blend-mode position view-transition-name')),
]);
const LIFTS = new Set([
  ...words('opacity filter backdrop-filter clip-path isolation mask mask-image mix-blend-mode position'),
  ...words('view-transition-name contain offset offset-path perspective rotate scale transform'),
  ...words('transform-style translate'),
  ...(isChromium
    ? words('offset-position -webkit-box-reflect -webkit-mask-box-image -webkit-mask-box-image-source')
    : []),
]);

/** What makes a containing block of fixed contents, in `will-change` or `contain`. */
const HOLDS_FIXED = new Set(
  words(
    'transform translate rotate scale offset-path perspective filter backdrop-filter contain layout paint content strict',
  ),
);

/** Properties that draw into the whole box unless they are `none`. */
const GROUNDS = [
  'backgroundImage',
  'backdropFilter',
  'columnRuleStyle',
  'rowRuleStyle',
  'borderImageSource',
] as const;

/** Elements that the browser draws whatever their style. */
const DRAWN = new Set([
  ...words('img video canvas iframe frame embed object input button select textarea progress meter audio'),
  ...words('mfrac msqrt mroot menclose image use'),
]);

const SHAPE = /^(path|rect|circle|ellipse|line|polyline|polygon|text|tspan|textPath)$/;

/** A property of a node, by its prototype, so that a form's field cannot hide it. */
const own = (name: string, node: Node) => Reflect.get(Node.prototype, name, node);

function childrenOf(element: Element, shadow: ShadowRoot | null): Iterable<Node> {
  const assigned = element.localName === 'slot' ? (element as HTMLSlotElement).assignedNodes() : [];
  return assigned.length > 0 ? assigned : own('childNodes', shadow ?? element);
}

/** Boxes in a line, on which transforms and containment have no effect. */
const INLINE = /^(inline$|ruby|contents)/;

const isSvg = (element: Element) => element.namespaceURI === 'http://www.w3.org/2000/svg';

const NOWHERE: Area = { left: 0, top: 0, right: 0, bottom: 0 };

/** The window's effects on a document. */
const outside = ({ scrollX, scrollY, document }: Window): Inside => ({
  flow: [],
  stack: [],
  tree: [],
  clip: EVERYWHERE,
  positionedClip: EVERYWHERE,
  block: { ...moved(NOWHERE, -scrollX, -scrollY), holder: document.documentElement },
  fixedBlock: NOWHERE,
  ink: 1,
  scale: 1,
  zoom: 1,
  turned: false,
  items: false,
  deep: false,
});

/**
 * Reads what a document draws.
 * @param zones areas of interest
 * @param textZones areas in which only texts matter
 */
export function readScene(document: Document, zones: readonly Area[], textZones: readonly Area[]): Scene {
  const { documentElement } = document;
  const view = document.defaultView ?? window;
  const paintings: Painting[] = [];
  const range = new Range();
  /** Counts elements in the order of the tree. */
  const numbers = new Map<Element, number>();
  const places = new Map<Element, Place>();
  const blanks = new Map<Element, boolean>();
  /** The properties that are animated, of elements and of their generated boxes. */
  const animated: Animated = { element: new Map(), parts: new Map() };
  noteAnimations(document, animated);
  // Its colours cannot be read.
  const isMarked = getSelection()?.isCollapsed === false || (CSS.highlights?.size ?? 0) > 0;
  visit(documentElement, 0);
  // During a view transition the browser shows pictures of the old and the new state.
  if (documentElement.matches(':active-view-transition'))
    paintings.push({ element: documentElement, area: EVERYWHERE, holes: [], order: [2 * TOP] });
  return {
    paintings,
    orderOf: (element) => placeOf(element).box,
    isBlank: (element) => {
      const isBlank = blanks.get(element) ?? isBlankSurface(element);
      blanks.set(element, isBlank);
      return isBlank;
    },
  };

  /**
   * @param reach largest distance from its box at which the element may draw, in pixels of the window
   * @returns whether it writes into the lines around it
   */
  function visit(element: Element, reach: number): boolean {
    const style = getComputedStyle(element);
    const { display } = style;
    if (display === 'none') return false;
    numbers.set(element, numbers.size);
    const halo = haloOf(style);
    if (halo) reach += halo * scaleOver(element);
    if (display !== 'contents') drawBox(element, style, reach);
    if (isInTopLayer(element, style)) generate(element, '::backdrop', 0);
    generate(element, '::before', reach, style);
    let writes = false;
    const shadow = shadowOf(element);
    if (shadow) noteAnimations(shadow, animated);
    for (const child of childrenOf(element, shadow)) {
      if (child.nodeType === 1) writes = visit(child as Element, reach) || writes;
      else if (child.nodeType === 3 && (child as Text).data.trim()) {
        writes = true;
        write(element, child as Text, style, reach);
      }
    }
    generate(element, '::after', reach, style);
    if (element.localName === 'details') generate(element, '::details-content', reach);
    if (display.endsWith('list-item')) generate(element, '::marker', reach, style);
    if (!writes || INLINE.test(display)) return writes;
    generate(element, '::first-letter', reach, style);
    generate(element, '::first-line', reach, style);
    return false;
  }

  /** Adds a painting if it can reach a zone and is not clipped there. */
  function add(
    element: Element,
    area: Area,
    holes: readonly Area[],
    place: () => { readonly order: Order; readonly clip: Area; readonly ink: number },
    what?: Pick<Painting, 'text' | 'letters' | 'isContent' | 'isBeside' | 'part'>,
  ): void {
    if (!isNear(area) && !((what?.text || what?.letters) && isIn(area, textZones))) return;
    const { order, clip, ink } = place();
    const cut = common(area, clip);
    if (sizeOf(cut) > 0 && ink > FAINTEST_INK) paintings.push({ element, area: cut, holes, order, ...what });
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
      places.set(element, place);
    }
    return place;
  }

  /**
   * Computes the place of an element or a generated box from what is around it.
   * @param generatedAt place of a generated box in the tree
   */
  function placeIn(element: Element, style: CSSStyleDeclaration, outer: Inside, generatedAt?: number): Place {
    const { position, display, zIndex, willChange, contain = '', overflow } = style;
    const isGenerated = generatedAt !== undefined;
    const number = generatedAt ?? numbers.get(element) ?? 0;
    if (display === 'contents') return withoutBox(zoomedIn(outer, zoomOf(style)), number);
    const positioned = position !== 'static';
    const isTop = !isGenerated && isInTopLayer(element, style);
    const inLine = INLINE.test(display) && (isGenerated || !(DRAWN.has(element.localName) || isSvg(element)));
    const isDeep = style.transformStyle !== 'flat' && !inLine;
    const will = willChange === 'auto' ? [] : willChange.split(', ');
    const moving = animated[isGenerated ? 'parts' : 'element'].get(element) ?? [];
    const moves =
      isNot(style, FILTERS) ||
      (!inLine &&
        (isNot(style, MOVES) ||
          [...will, ...moving].some((name) => HOLDS_FIXED.has(name)) ||
          (contain !== 'none' &&
            !display.startsWith('table-row') &&
            contain.split(' ').some((name) => HOLDS_FIXED.has(name)))));
    const isContext =
      moves ||
      isDeep ||
      isNot(style, CONTEXTS) ||
      +style.opacity < 1 ||
      style.mixBlendMode !== 'normal' ||
      style.isolation !== 'auto' ||
      (style.contentVisibility !== 'visible' && !inLine) ||
      (isChromium && style.backfaceVisibility === 'hidden' && !inLine) ||
      position === 'fixed' ||
      position === 'sticky' ||
      will.some((name) => (inLine ? LIFTS_LINES : LIFTS).has(name)) ||
      moving.some((name) => (inLine && !isChromium ? LIFTS_LINES : LIFTS).has(name)) ||
      ((positioned || outer.items) && zIndex !== 'auto');
    const layered = positioned || isContext;
    // Only Firefox paints an item that floats as other floats.
    const float = outer.items && isChromium ? 'none' : style.float;
    const isItem = outer.items && !/absolute|fixed/.test(position);
    const order = isItem ? [...outer.tree, +style.order] : outer.items ? [...outer.tree, 0] : outer.tree;
    const at = [...order, number];
    const whole =
      layered ||
      outer.items ||
      float !== 'none' ||
      display.startsWith('inline-') ||
      display.startsWith('table');
    const z = outer.deep ? Number.NaN : positioned || outer.items ? px(zIndex) : 0;
    const own = isTop
      ? [TOP, number]
      : layered
        ? [...outer.stack, z, ...at]
        : [...outer.flow, float === 'none' ? INLINES : FLOATS, ...at];
    const clip =
      isTop || position === 'fixed'
        ? EVERYWHERE
        : position === 'absolute'
          ? outer.positionedClip
          : outer.clip;
    const { zoom, scale } = zoomedIn(outer, zoomOf(style));
    const held = {
      scale: moves ? scale * scaleOf(style) : scale,
      zoom,
      turned: outer.turned || (moves && isTurned(style)),
    };
    const asBlock = (): Block => {
      const box = boxOf(element);
      if (!isPlain(held)) return { ...box, holder: element };
      return {
        ...box,
        left: box.left + zoom * (element.clientLeft - element.scrollLeft),
        top: box.top + zoom * (element.clientTop - element.scrollTop),
        holder: element,
      };
    };
    const cuts =
      !isGenerated &&
      overflow !== 'visible' &&
      !/clip|visible/.test(overflow) &&
      (/block|flex|grid|item|root|cell/.test(display) || element.localName === 'svg') &&
      // The browser applies these to the window and not to the element.
      !Element.prototype.matches.call(element, 'html,body');
    const within = cuts ? common(clip, boxOf(element)) : clip;
    const holds = positioned || moves;
    const items = display.endsWith('flex') || display.endsWith('grid');
    const inside: Inside = {
      flow: whole ? own : outer.flow,
      stack: isTop || isContext ? own : outer.stack,
      tree: isTop || isContext ? [] : items ? at : order,
      clip: within,
      positionedClip: holds ? within : outer.positionedClip,
      block: holds ? asBlock() : outer.block,
      fixedBlock: moves ? asBlock() : outer.fixedBlock,
      ink: (isTop ? 1 : outer.ink) * +style.opacity,
      ...held,
      items,
      deep: isDeep,
    };
    const box = whole ? [...own, BOTTOM] : [...outer.flow, INLINE.test(display) ? INLINES : BLOCKS, ...at];
    const outline = whole ? [...own, TOP] : [...outer.flow, OUTLINES, ...at];
    return { box, outline, clip, inside };
  }

  /** The place of the contents of an element without a box of its own, among those of what is around it. */
  function withoutBox(outer: Inside, number: number): Place {
    const order = [...outer.flow, INLINES, ...outer.tree, ...(outer.items ? [0] : []), number];
    return { box: order, outline: order, clip: outer.clip, inside: outer };
  }

  function drawBox(element: Element, style: CSSStyleDeclaration, far: number): void {
    const { outlineStyle, borderImageSource } = style;
    const shadows = shadowsOf(style);
    const isFramed = borderImageSource !== 'none';
    const placed = (layer: 'box' | 'outline') => () => {
      const {
        [layer]: order,
        clip,
        inside: { ink },
      } = placeOf(element, style);
      return { order, clip, ink: style.visibility === 'visible' ? ink : 0 };
    };
    const holesIn = (area: Area, further = 0) =>
      far || inside(element).turned ? [] : withoutCorners(area, style, further, scaleOver(element));
    if (drawsAnywhere(element, style)) add(element, EVERYWHERE, [], placed('outline'));
    for (const rect of Element.prototype.getClientRects.call(element)) {
      const box = areaOf(rect);
      const area = isFramed ? EVERYWHERE : grown(box, far + (isSvg(element) ? strokeOf(element, style) : 0));
      if (isNear(area)) {
        const ground = isFramed || hasGround(style);
        const client = clientOf(element, rect);
        const border =
          element.clientWidth > 0 ? sizeOf(client) < sizeOf(box) - 1 : reachOf(style.borderWidth) > 0;
        const holes = border ? holesIn(box).map((hole) => common(client, hole)) : [box];
        if (ground || border || far) add(element, area, ground ? [] : holes, placed('box'));
        if (!ground && drawsItself(element, style))
          add(element, area, [], placed('box'), { isContent: true });
      }
      for (const shadow of shadows) {
        if (shadow.includes('inset')) continue;
        const [x = 0, y = 0, ...sizes] = lengthsOf(shadow).map((length) => length * scaleOver(element));
        const grow = far + sizes.reduce((sum, size) => sum + size, 0);
        const thrown = inside(element).turned ? grown(box, Math.hypot(x, y)) : moved(box, x, y);
        add(element, grown(thrown, grow), holesIn(box), placed('box'));
      }
      if (outlineStyle === 'none') continue;
      const offset = scaleOver(element) * Number.parseFloat(style.outlineOffset);
      const gap = grown(box, offset);
      const width = scaleOver(element) * px(style.outlineWidth);
      add(element, grown(gap, width + far), holesIn(gap, offset), placed('outline'));
    }
  }

  function write(element: Element, text: Text, style: CSSStyleDeclaration, reach: number): void {
    const { textShadow, webkitTextStrokeWidth } = style;
    const isBare = textShadow === 'none' && webkitTextStrokeWidth === '0px';
    const own = isBare ? 0 : scaleOver(element) * reachOf(textShadow, webkitTextStrokeWidth);
    const far = own + reach;
    const at = numbers.size - 0.5;
    range.selectNode(text);
    for (const rect of range.getClientRects())
      add(
        element,
        grown(areaOf(rect), far),
        [],
        () => {
          const { flow, tree, items, clip, ink } = inside(element);
          const isSeen =
            style.visibility === 'visible' &&
            (far > 0 || isMarked || isSvg(element) || !isClear(fillOf(style)));
          const order = [...flow, INLINES, ...tree, ...(items ? [0] : []), at];
          return { order, clip, ink: isSeen ? ink : 0 };
        },
        { text },
      );
  }

  /**
   * Adds a generated box. Its exact place cannot be read, so the whole area where it can be counts.
   * @param own style of the element
   */
  function generate(element: Element, part: string, reach: number, own?: CSSStyleDeclaration): void {
    const style = getComputedStyle(element, part);
    const isBackdrop = part === '::backdrop';
    const isMarker = part === '::marker';
    const isLine = part.startsWith('::first');
    let letters: string | undefined = '';
    let isCounted = false;
    if (isLine) {
      if (!own || !isLineDrawn(style, own, part === '::first-letter')) return;
    } else {
      const mark = isMarker ? markOf(style) : style.content;
      if (!mark || mark === 'none' || (mark === 'normal' && /before|after/.test(part))) return;
      letters = isBackdrop ? '' : lettersOf(element, mark, style.quotes);
      isCounted = letters === undefined && COUNTED.test(mark);
      if (letters?.trim() === '' && !isBoxDrawn(style)) return;
    }
    if (style.display === 'none' || style.visibility !== 'visible') return;
    const outer = isBackdrop ? outside(view) : inside(element);
    const at = part === '::after' ? numbers.size - 0.5 : (numbers.get(element) ?? 0) + (isBackdrop ? 0 : 0.5);
    const {
      box,
      clip,
      inside: { ink, scale },
    } = placeIn(element, style, outer, at);
    const isOutside = isMarker && own?.listStylePosition === 'outside';
    const area =
      isBackdrop || isReflected(style)
        ? EVERYWHERE
        : isOutside
          ? markerArea(element, style, outer, letters)
          : generatedArea(element, style, outer, letters, own?.textIndent);
    const outline = style.outlineStyle === 'none' ? '' : `${style.outlineWidth} ${style.outlineOffset}`;
    const drawn =
      haloOf(style) + reachOf(style.boxShadow, style.textShadow, style.webkitTextStrokeWidth, outline);
    const far = reach + scale * drawn;
    const order = isBackdrop ? [TOP, at, BOTTOM] : box;
    const beside = /before|after/.test(part) && own && far === 0 && isBeside(style, own, letters);
    const isExact = isBackdrop || (area !== EVERYWHERE && far === 0 && isPlaced(style, outer, letters));
    add(element, grown(area, far), [], () => ({ order, clip, ink }), {
      letters: isCounted ? ANY_WORD : letters,
      ...(beside ? { isBeside: true } : isExact ? { part } : undefined),
    });
  }

  function scaleOver(element: Element): number {
    return inside(element).scale;
  }
}

const zoomedIn = (outer: Inside, zoom: number): Inside =>
  zoom === 1 ? outer : { ...outer, zoom: outer.zoom * zoom, scale: outer.scale * zoom };

/** Whether an element is in the top layer: dialogs, popovers, full screen. */
const isInTopLayer = (element: Element, style: CSSStyleDeclaration) => {
  const { position } = style;
  if (position !== 'fixed' && position !== 'absolute') return false;
  // It outlasts the state where its end is a transition.
  const overlay = Reflect.get(style, 'overlay');
  return overlay
    ? overlay === 'auto'
    : Element.prototype.matches.call(element, ':modal,:popover-open,:fullscreen');
};

/** The area inside the border and the scroll bars. */
function clientOf(element: Element, { left, top, width, height }: DOMRect): Area {
  const { offsetWidth, offsetHeight } = element as HTMLElement;
  const x = width / offsetWidth || 1;
  const y = height / offsetHeight || 1;
  const from = { left: left + element.clientLeft * x, top: top + element.clientTop * y };
  return { ...from, right: from.left + element.clientWidth * x, bottom: from.top + element.clientHeight * y };
}

/** Areas inside an area with rounded corners: between its corners, and the largest in the middle. */
function withoutCorners(area: Area, style: CSSStyleDeclaration, further: number, scale: number): Area[] {
  const { borderRadius } = style;
  if (borderRadius === '0px') return [area];
  const width = area.right - area.left;
  const height = area.bottom - area.top;
  const sizes = borderRadius
    .split(/[ /]+/)
    .map((size) => (size.endsWith('%') ? (px(size) / 100) * Math.max(width, height) : px(size) * scale));
  const isEven = sizes.length === 1 && !borderRadius.endsWith('%');
  const largest = Math.max(...sizes) + Math.max(0, further);
  const radius = isEven ? Math.min(largest, height / 2, width / 2) : largest;
  const isRound = /^(round|superellipse\(1\))$/.test(Reflect.get(style, 'cornerShape') ?? 'round');
  return [grown(area, -radius, 0), grown(area, -radius * (isRound ? 1 - Math.SQRT1_2 : 1))];
}

/** Whether the browser draws an element whatever its style; in SVG only shapes and no groups. */
const drawsItself = ({ localName }: Element, { fill, stroke }: CSSStyleDeclaration) =>
  DRAWN.has(localName) || (SHAPE.test(localName) && (fill !== 'none' || stroke !== 'none'));

/** How far the line of a shape goes beyond it, in pixels of the window. */
function strokeOf(element: Element, { stroke, strokeWidth, strokeMiterlimit }: CSSStyleDeclaration): number {
  if (stroke === 'none') return 0;
  if (strokeWidth.endsWith('%')) return TOP;
  const { a = 1, b = 0 } = (element as SVGGraphicsElement).getScreenCTM?.() ?? {};
  return (px(strokeWidth) / 2) * Math.max(2, px(strokeMiterlimit)) * Math.max(1, Math.hypot(a, b));
}

/** Whether an element draws where nobody can tell: reflections, parts of controls, markers on lines, what `use` repeats. */
function drawsAnywhere(element: Element, style: CSSStyleDeclaration): boolean {
  const { localName } = element;
  if (isSvg(element)) return localName === 'use' || (SHAPE.test(localName) && isNot(style, ['marker']));
  if (isChromium && (isReflected(style) || hasScrollParts(element, style))) return true;
  const control = localName === 'input' ? (element as HTMLInputElement).type : localName;
  if (control === 'file') return isMoved(getComputedStyle(element, '::file-selector-button'));
  if (control === 'select') return style.appearance === 'base-select';
  if (/^(meter|progress)$/.test(control))
    return style.appearance === 'none' || (isChromium && control === 'meter');
  return /^(range|color)$/.test(control);
}

const isMoved = (style: CSSStyleDeclaration) => style.position !== 'static' || isNot(style, MOVES);

const isReflected = (style: CSSStyleDeclaration) =>
  isChromium && Reflect.get(style, 'webkitBoxReflect') !== 'none';

/** Whether an element that scrolls has buttons or markers for it, which are drawn beside it. */
const hasScrollParts = (element: Element, style: CSSStyleDeclaration) =>
  style.overflowX !== 'visible' &&
  (isNot(style, ['scrollMarkerGroup']) ||
    !/^(normal|none|)$/.test(getComputedStyle(element, '::scroll-button(*)').content));

const hasGround = (style: CSSStyleDeclaration) =>
  !isClear(style.backgroundColor) || isNot(style, GROUNDS) || style.boxShadow.includes('inset');

/** Whether an empty box is drawn. */
const isBoxDrawn = (style: CSSStyleDeclaration) =>
  hasGround(style) ||
  style.boxShadow !== 'none' ||
  style.outlineStyle !== 'none' ||
  reachOf(style.borderWidth) > 0 ||
  isReflected(style);

/** Whether a first letter or line draws more than its element's letters do. */
function isLineDrawn(style: CSSStyleDeclaration, own: CSSStyleDeclaration, isLetter: boolean): boolean {
  const { textShadow, webkitTextStrokeWidth } = style;
  return (
    (textShadow !== 'none' && textShadow !== own.textShadow) ||
    (webkitTextStrokeWidth !== '0px' && webkitTextStrokeWidth !== own.webkitTextStrokeWidth) ||
    (isLetter && (style.boxShadow !== 'none' || style.padding !== '0px' || style.borderWidth !== '0px')) ||
    // Others draw only where their letters are.
    (isClear(fillOf(own)) && (!isClear(fillOf(style)) || hasGround(style)))
  );
}

type Animated = Readonly<Record<'element' | 'parts', Map<Element, readonly string[]>>>;

/** Animations of some properties lift an element, whatever their values. */
function noteAnimations(root: DocumentOrShadowRoot, animated: Animated): void {
  for (const { effect } of root.getAnimations()) {
    if (!(effect instanceof KeyframeEffect) || !effect.target) continue;
    const names = effect
      .getKeyframes()
      .flatMap(Object.keys)
      .map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
    const of = animated[effect.pseudoElement ? 'parts' : 'element'];
    of.set(effect.target, [...(of.get(effect.target) ?? []), ...names]);
  }
}

/** Drawings by WebGL cannot be read afterwards. */
function isBlankSurface(element: Element): boolean {
  if (!(element instanceof HTMLCanvasElement) || element.width * element.height === 0) return false;
  try {
    const { width, height } = element;
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    copy?.drawImage(element, 0, 0);
    const pixels = copy && new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
    return pixels?.every((pixel) => pixel === 0) === true && element.getContext('2d') !== null;
  } catch {
    return false;
  }
}

/**
 * Whether one is painted after, and so over, the other; true also if the order is unknown, as it is between elements in the top
 * layer.
 */
export function isOver(one: Order, other: Order): boolean {
  if (one[0] === TOP && other[0] === TOP && one[1] !== other[1]) return true;
  const at = one.findIndex((number, index) => number !== other[index]);
  const layer = one[at] ?? BOTTOM;
  return layer !== BOTTOM && !(layer < (other[at] ?? BOTTOM));
}
