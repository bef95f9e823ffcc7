import Color from 'colorjs.io';

/** WCAG 2.2: least contrast of text (1.4.3), and of a control's edge (1.4.11), with what is next to it. */
export const CONTRAST = { text: 4.5, edge: 3 } as const;

export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** The colours of pages that belong to no institution; bank.css has the same. */
export const NEUTRAL = {
  light: {
    paper: '#ffffff',
    ground: '#f4f5f7',
    ink: '#1b1f2a',
    'ink-soft': '#4c5366',
    vermilion: '#b3261e',
    control: '#7b8191',
  },
  dark: {
    paper: '#171a21',
    ground: '#0f1116',
    ink: '#e9ebf1',
    'ink-soft': '#b4bac8',
    vermilion: '#ff9d8f',
    control: '#7f8698',
  },
} as const satisfies Record<Scheme, object>;

/** An institution's colours in one scheme, as `#rrggbb`, under the names that the sheets use. */
export interface Palette {
  /** Primary buttons, and headers in the institution's colour; their edges use `edge`. */
  readonly solid: string;
  /** A little darker or lighter than `solid`: for parts inside it, and while the pointer is on it. */
  readonly 'solid-deep': string;
  /** Text on `solid` and `solid-deep`. */
  readonly 'solid-ink': string;
  /** Backgrounds for ordinary text. */
  readonly tint: string;
  readonly 'tint-deep': string;
  /** Links: on paper, on the page's ground and on the tints. */
  readonly link: string;
  /** Lines and edges of controls, on the same backgrounds. */
  readonly edge: string;
}

/** A colour in OKLCH, where lightness and hue can change without the eye seeing the other change. */
interface Shade {
  readonly lightness: number;
  readonly chroma: number;
  readonly hue: number;
}

/** Lightness of the tints, and their highest chroma. */
const TINTS = {
  light: { tint: [0.965, 0.018], 'tint-deep': [0.93, 0.045] },
  dark: { tint: [0.255, 0.03], 'tint-deep': [0.31, 0.05] },
} as const;

/** In the dark scheme a large area must not glare. */
const LIGHTEST_SOLID: Record<Scheme, number> = { light: 1, dark: 0.8 };

const STEP = 0.08;
/** Nobody can see a step between colours darker than this. */
const DARKEST_SEEN = 0.24;
/** Other contrast checkers may round luminance differently from our library. */
const HEADROOM = 0.02;
const HALVINGS = 8;

/** All colours of an institution, from its accent. The contrast is sufficient in both schemes, whatever the accent is. */
export function paletteOf(accent: string, scheme: Scheme): Palette {
  const { paper, ground } = NEUTRAL[scheme];
  const shade = shadeOf(accent);
  const tinted = ([lightness, most]: readonly [number, number]) =>
    hexOf({ ...shade, lightness, chroma: Math.min(shade.chroma, most) });
  const tint = tinted(TINTS[scheme].tint);
  const deep = tinted(TINTS[scheme]['tint-deep']);
  const grounds = [paper, ground, tint, deep];
  return {
    ...solidOf(shade, scheme),
    tint,
    'tint-deep': deep,
    link: apart(shade, grounds, CONTRAST.text, scheme),
    edge: apart(shade, grounds, CONTRAST.edge, scheme),
  };
}

function solidOf(shade: Shade, scheme: Scheme): Pick<Palette, 'solid' | 'solid-deep' | 'solid-ink'> {
  const lightness = Math.min(shade.lightness, LIGHTEST_SOLID[scheme]);
  const solid = hexOf({ ...shade, lightness });
  // Black or white always fits: their contrast (21) is more than the square of what text needs (4.5).
  const ink = holds('#ffffff', solid, CONTRAST.text) ? '#ffffff' : '#000000';
  const darker = hexOf({ ...shade, lightness: lightness - STEP });
  const lighter = hexOf({ ...shade, lightness: Math.max(lightness + STEP, DARKEST_SEEN) });
  const deep = lightness > DARKEST_SEEN && holds(ink, darker, CONTRAST.text) ? darker : lighter;
  return { solid, 'solid-deep': deep, 'solid-ink': ink };
}

/** The shade, moved away from the grounds only as far as the contrast with all of them needs. */
function apart(shade: Shade, grounds: readonly string[], least: number, scheme: Scheme): string {
  const isApart = (color: string) => grounds.every((one) => holds(color, one, least));
  const own = hexOf(shade);
  if (isApart(own)) return own;
  let near = shade.lightness;
  let far = scheme === 'light' ? 0 : 1;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (near + far) / 2;
    if (isApart(hexOf({ ...shade, lightness: middle }))) far = middle;
    else near = middle;
  }
  return hexOf({ ...shade, lightness: far });
}

const holds = (one: string, other: string, least: number): boolean =>
  new Color(one).contrastWCAG21(other) >= least + HEADROOM;

function shadeOf(color: string): Shade {
  const [lightness, chroma, hue] = new Color(color).to('oklch').coords;
  return { lightness: lightness ?? 0, chroma: chroma ?? 0, hue: hue ?? 0 };
}

/** The nearest sRGB colour. It is returned as it is written, so that checks see the same colour as readers. */
function hexOf({ lightness, chroma, hue }: Shade): string {
  const shown = Math.min(Math.max(lightness, 0), 1);
  return new Color('oklch', [shown, chroma, hue])
    .to('srgb')
    .toGamut()
    .toString({ format: 'hex', collapse: false });
}
