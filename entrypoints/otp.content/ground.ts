import { lengthsOf, px, shadowsOf } from './styles.ts';

/** The colours of letters and of what is behind them. */

/** A background: its colours, of which there are several in a gradient; nothing; or an image or a mixture. */
export type Ground = readonly Colour[] | 'none' | 'mixed';

/** Red, green, blue, and the opacity if it is less than 1. */
export type Colour = readonly number[];

/** The first background image, if it is a gradient; and the colours in a gradient or a shadow. */
const GRADIENT = /^[a-z-]*gradient\((?:[^()]|\([^()]*\))*\)/;
const COLOURS = /(?:rgba?|color|(?:ok)?l(?:ab|ch))\([^()]*\)/g;

/** Smallest opacity of a colour that counts as itself over what is not known. */
const MOSTLY_OPAQUE = 0.5;

/** Smallest share of a box that the lines of inner shadows at its edges leave free. */
const LEAST_FREE = 0.5;

const CLEAR: Colour = [0, 0, 0, 0];

/** Most colours of a background that are compared. */
const MOST_COLOURS = 64;

export const opacityOf = ([, , , opacity = 1]: Colour) => opacity;

/** The difference of two colours: a sum over the channels of 255 each. */
export const differenceOf = (one: Colour, other: Colour) =>
  [0, 1, 2].reduce((sum, at) => sum + Math.abs((one[at] ?? 0) - (other[at] ?? 0)), 0);

/** Whether a background lets nothing show that is behind it, or is not known. */
export const isSolid = (ground: Ground) =>
  ground === 'mixed' || (ground !== 'none' && ground.every((colour) => opacityOf(colour) === 1));

/** A background over what is not known. */
export const settled = (ground: Ground): Ground =>
  ground === 'none' || ground === 'mixed' || ground.every((colour) => opacityOf(colour) >= MOSTLY_OPAQUE)
    ? ground
    : 'mixed';

/** A background over another. */
export function blended(front: Ground, behind: Ground): Ground {
  if (front === 'none') return behind;
  if (front === 'mixed' || behind === 'none' || isSolid(front)) return front;
  if (behind === 'mixed') {
    const alone = settled(front);
    return alone === 'mixed' ? alone : faded(alone, Number.POSITIVE_INFINITY);
  }
  return front.flatMap((one) => behind.map((other) => over(one, other))).slice(0, MOST_COLOURS);
}

function over(front: Colour, behind: Colour): Colour {
  const through = opacityOf(behind) * (1 - opacityOf(front));
  const opacity = opacityOf(front) + through;
  const channel = (at: number) =>
    ((front[at] ?? 0) * opacityOf(front) + (behind[at] ?? 0) * through) / (opacity || 1);
  return [channel(0), channel(1), channel(2), opacity];
}

/** A background in something translucent. */
export const faded = (ground: Ground, opacity: number): Ground =>
  Array.isArray(ground) && opacity !== 1
    ? ground.map((colour) => [...colour.slice(0, 3), Math.min(1, opacity * opacityOf(colour))])
    : ground;

/** An element's or a generated box's background, and the shadows inside it. */
export function ownGround(style: CSSStyleDeclaration, element?: HTMLElement): Ground {
  const { backgroundColor, backgroundImage } = style;
  const colour = colourOf(backgroundColor);
  const isFilled = opacityOf(colour) > 0 && !style.backgroundClip.includes('text');
  const ground: Ground = isFilled ? [colour] : 'none';
  const whole = backgroundImage === 'none' ? ground : blended(gradientOf(style, backgroundImage), ground);
  const shadows = shadowsOf(style).filter((shadow) => shadow.includes('inset'));
  return shadows.reduceRight(
    (behind, shadow) => blended(innerShadow(shadow, sizeOfBox(style, element)), behind),
    whole,
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of a box, or of each of its lines, in CSS pixels before scaling. */
function sizeOfBox({ width, height }: CSSStyleDeclaration, element?: HTMLElement): Size {
  if (!element) return { width: px(width), height: px(height) };
  const lines = Element.prototype.getClientRects.call(element).length;
  const of = (side: string) => Reflect.get(HTMLElement.prototype, side, element);
  return { width: of('offsetWidth'), height: of('offsetHeight') / lines };
}

/** What a shadow inside a box lays over its background: its colour, perhaps on a part of it; nothing if it is a line at an edge. */
function innerShadow(shadow: string, { width, height }: Size): Ground {
  const colours = shadow.match(COLOURS)?.map(colourOf) ?? [];
  const [x = 0, y = 0, blur = 0, spread = 0] = lengthsOf(shadow);
  const free = freeOf(width, x, blur, spread) * freeOf(height, y, blur, spread);
  if (free >= LEAST_FREE || colours.every((colour) => opacityOf(colour) === 0)) return 'none';
  return free === 0 ? colours : [...colours, CLEAR];
}

/** The share of a side that a shadow inside leaves free. */
function freeOf(side: number, offset: number, blur: number, spread: number): number {
  if (side <= 2 * spread + blur / 2) return 0;
  const from = Math.max(0, spread + offset);
  const to = Math.min(side, side - spread + offset);
  return Math.max(0, to - from) / side;
}

/** The colours of a gradient that covers the whole background, if it is one. */
function gradientOf(style: CSSStyleDeclaration, images: string): Ground {
  const first = (list: string) => list.split(', ')[0];
  const [gradient = ''] = GRADIENT.exec(images) ?? [];
  const stops = gradient.match(COLOURS)?.map(colourOf) ?? [];
  const covers = first(style.backgroundRepeat) === 'repeat' || first(style.backgroundSize) === 'auto';
  const isAlone = gradient === images || isSolid(stops);
  return covers && stops.length > 0 && isAlone && !style.backgroundClip.includes('text') ? stops : 'mixed';
}

/** Colours that are not in the notation of red, green and blue, until the script yields. */
const colours = new Map<string, Colour>();

export const forgetColours = () => colours.clear();

let paper: OffscreenCanvasRenderingContext2D | null | undefined;

export function colourOf(text: string): Colour {
  if (text.startsWith('rgb')) return text.match(/[\d.]+/g)?.map(Number) ?? [];
  const known = colours.get(text) ?? colourPaintedIn(text);
  colours.set(text, known);
  return known;
}

/** A colour as the browser paints it. */
function colourPaintedIn(text: string): Colour {
  paper ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (!paper) return [];
  paper.clearRect(0, 0, 1, 1);
  paper.fillStyle = text;
  paper.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, opacity = 0] = paper.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, opacity / 255];
}
