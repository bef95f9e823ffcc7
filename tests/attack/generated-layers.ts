import fc from 'fast-check';
import '../seed.ts';

/** Draws a rectangle of white, or nothing, in a box whose place and order the layer's style gives. */
const MEANS = {
  ground: (place) => `<div style="${place};background:white"></div>`,
  gradient: (place) => `<div style="${place};background-image:linear-gradient(white,white)"></div>`,
  picture: (place) =>
    `<svg style="${place}" viewBox="0 0 10 10" preserveAspectRatio="none"><path d="M0 0H10V10H0z" fill="white"/></svg>`,
  'a picture of nothing': (place) => `<svg style="${place}" viewBox="0 0 10 10"><g></g></svg>`,
  before: (place, id) =>
    `<style>#${id}::before{content:"";${place};background:white}</style><div id="${id}"></div>`,
  after: (place, id) =>
    `<style>#${id}::after{content:"";${place};background:white}</style><div id="${id}"></div>`,
  'before, filling its element': (place, id) =>
    `<style>#${id}::before{content:"";position:absolute;inset:0;background:white}</style><div id="${id}" style="${place}"></div>`,
  'an empty before': (place, id) =>
    `<style>#${id}::before{content:"";${place}}</style><div id="${id}"></div>`,
  'inset shadow': (place) => `<div style="${place};box-shadow:inset 0 0 0 900px white"></div>`,
  border: (place) => `<div style="${place};box-sizing:border-box;border:900px solid white"></div>`,
  'a thin border': (place) => `<div style="${place};box-sizing:border-box;border:1px solid red"></div>`,
  'a shadow tree': (place, id) =>
    `<div id="${id}"><template shadowrootmode="open"><div style="${place};background:white"></div></template></div>`,
  'an empty shadow tree': (place, id) =>
    `<div id="${id}"><template shadowrootmode="open"><div style="${place}"></div></template></div>`,
  'a surface drawn on': (place, id) =>
    `<canvas id="${id}" width="50" height="50" style="${place}"></canvas><script>{const c=document.getElementById('${id}').getContext('2d');c.fillStyle='white';c.fillRect(0,0,50,50)}</script>`,
  'a surface drawn on nowhere': (place, id) =>
    `<canvas id="${id}" width="50" height="50" style="${place}"></canvas><script>document.getElementById('${id}').getContext('2d')</script>`,
  'an empty box': (place) => `<div style="${place}"></div>`,
  'a letter in a corner': (place) =>
    `<div style="${place};color:black;font:12px sans-serif;line-height:1">お</div>`,
  'large letters': (place) =>
    `<div style="${place};overflow:hidden;color:white;font:400px/.7 monospace">████</div>`,
  faded: (place) => `<div style="${place};background:white;opacity:0"></div>`,
  invisible: (place) => `<div style="${place};background:white;visibility:hidden"></div>`,
  'not shown': (place) => `<div style="${place};background:white;display:none"></div>`,
} satisfies Record<string, (place: string, id: string) => string>;

/** Where a layer lies; the field lies at 100, 200 and is 200 wide and 40 high. */
const AREAS = {
  'over it': 'left:80px;top:180px;width:260px;height:80px',
  'over the window': 'left:0;top:0;width:700px;height:500px',
  'over its beginning': 'left:60px;top:190px;width:140px;height:60px',
  'over its upper half': 'left:60px;top:150px;width:400px;height:70px',
  'right of it': 'left:310px;top:190px;width:200px;height:60px',
  'below it': 'left:60px;top:260px;width:400px;height:100px',
  'a pixel beside it': 'left:301px;top:190px;width:100px;height:60px',
  'at the foot of the window': 'left:0;top:420px;width:800px;height:70px',
  'beside all that has to be seen': 'left:710px;top:0;width:80px;height:500px',
} as const;

/** Things drawn far from their box. */
const FAR = {
  shadow: (far: number, place: string) =>
    `<div style="${place};left:700px;top:0;width:1px;height:1px;box-shadow:0 0 0 ${far}px white"></div>`,
  outline: (far: number, place: string) =>
    `<div style="${place};left:700px;top:0;width:1px;height:1px;outline:${far}px solid white"></div>`,
  'a shadow thrown': (far: number, place: string) =>
    `<div style="${place};left:700px;top:200px;width:200px;height:40px;box-shadow:-${far}px 0 0 0 white"></div>`,
} satisfies Record<string, (far: number, place: string) => string>;

/** What holds a layer: positioned things stay where they are in the window. */
const HOLDERS = {
  nothing: (layer: string) => layer,
  'a layer below': (layer: string) => `<div style="position:relative;z-index:-1">${layer}</div>`,
  'a layer above': (layer: string) => `<div style="position:relative;z-index:3">${layer}</div>`,
  'a context in the line': (layer: string) => `<div style="isolation:isolate">${layer}</div>`,
  'a faded one': (layer: string) => `<div style="opacity:0">${layer}</div>`,
  'one that cuts off': (layer: string) =>
    `<div style="position:absolute;left:0;top:0;width:600px;height:20px;overflow:hidden;pointer-events:none">${layer}</div>`,
  'one that cuts off nothing positioned': (layer: string) =>
    `<div style="width:10px;height:0;overflow:hidden">${layer}</div>`,
  'one without a box': (layer: string) => `<div style="display:contents">${layer}</div>`,
} as const;

const names = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

const place = fc.record({
  position: fc.constantFrom('absolute', 'fixed'),
  zIndex: fc.constantFrom('auto', '-1', '0', '1', '5'),
});

const layer = fc
  .record({
    place,
    holder: fc.constantFrom(...names(HOLDERS)),
    // What takes the field's clicks counts as covering, drawn or not: here everything lets them through.
    drawn: fc.oneof(
      fc.record({ means: fc.constantFrom(...names(MEANS)), area: fc.constantFrom(...names(AREAS)) }),
      fc.record({ far: fc.constantFrom(...names(FAR)), reach: fc.constantFrom(40, 600, 2000) }),
    ),
    id: fc.integer({ min: 1, max: 1e9 }).map((number) => `l${number}`),
  })
  .map(({ place: { position, zIndex }, holder, drawn, id }) => {
    const style = `position:${position};z-index:${zIndex};pointer-events:none`;
    const html =
      'far' in drawn
        ? FAR[drawn.far](drawn.reach, style)
        : MEANS[drawn.means](`${style};${AREAS[drawn.area]}`, id);
    return HOLDERS[holder](html);
  });

const form = fc.constantFrom(
  '',
  'position:relative',
  'position:relative;z-index:0',
  'position:relative;z-index:2',
  'isolation:isolate',
  'transform:translateX(0)',
);

/** What the form's own generated boxes draw, and how the field stands among them. */
const generated = fc.option(
  fc.record({
    part: fc.constantFrom('before', 'after'),
    zIndex: fc.constantFrom('auto', '-1', '0', '1'),
    area: fc.constantFrom(...names(AREAS)),
    ground: fc.constantFrom('background:white', ''),
  }),
  { nil: undefined },
);
const field = fc.constantFrom(
  '',
  'position:relative',
  'position:relative;z-index:1',
  'float:left',
  'display:inline-block',
);

/** Layers before and after a form in the document, and how the form and its field stand among them. */
export const generatedLayers = fc.record({
  before: fc.array(layer, { maxLength: 2 }),
  after: fc.array(layer, { maxLength: 2 }),
  form,
  field,
  generated,
});

type Layers = typeof generatedLayers extends fc.Arbitrary<infer T> ? T : never;

/** The page; without its layers it looks as it would uncovered. */
export function layeredBody({ form, field, generated, before, after }: Layers, isLayered = true): string {
  const own =
    generated && isLayered
      ? `section::${generated.part}{content:"";position:fixed;pointer-events:none;z-index:${generated.zIndex};${AREAS[generated.area]};${generated.ground}}`
      : '';
  const layers = (of: readonly string[]) => (isLayered ? of.join('') : '');
  return `<style>body{margin:0;background:#ddd}p{margin:0;height:20px}h1{margin:0;height:50px}section{padding:90px 0 0 100px;height:200px}
label{display:block;height:40px;width:200px}
#code{display:block;width:200px;height:40px;box-sizing:border-box;appearance:none;border:1px solid #000;border-radius:0;background:#fff;vertical-align:top}${own}</style>
<p>画面ID : BLI023</p><h1>ログイン（ワンタイムパスワード認証）</h1>${layers(before)}
<section style="${form}"><label for="code">ワンタイムパスワード</label><input id="code" maxlength="8" style="${field}"></section>${layers(after)}`;
}
