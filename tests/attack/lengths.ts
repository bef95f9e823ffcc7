import type { Parts } from './neighbours.ts';

/** Neighbours on which lengths of styles are other lengths in the window: zoomed, scaled, turned or nearer to the eye. */

const OVER = 'position:fixed;z-index:9;pointer-events:none';

const thing = (style: string, inner = ''): Parts => ({
  after: `<div style="${OVER};${style}">${inner}</div>`,
});
/** A dot below the form. */
const dot = (style: string, inner = ''): Parts =>
  thing(`left:600px;top:500px;width:1px;height:1px;${style}`, inner);
/** A dot below the form with a generated box. */
const dotWith = (generated: string, style: string): Parts => ({
  ...dot(style, '<i id="i"></i>'),
  style: `#i::before{content:"";${generated}}`,
});
const inDepth = (style: string): Parts =>
  dot('perspective:100px', `<i style="position:absolute;width:1px;height:1px;${style}"></i>`);

const WHITE_ROW = `"${'█'.repeat(20)}"`;

/** White that is drawn over the field. */
export const LENGTHENED: Readonly<Record<string, Parts>> = {
  'a zoomed shadow': dot('zoom:40;box-shadow:0 0 0 60px #fff;left:15px;top:12px'),
  'a shadow in a zoomed element': thing(
    'zoom:40',
    '<i style="position:fixed;left:15px;top:12px;width:1px;height:1px;box-shadow:0 0 0 60px #fff"></i>',
  ),
  'a shadow in a zoomed element of no box': thing(
    '',
    '<div style="display:contents;zoom:40"><i style="position:fixed;left:15px;top:12px;width:1px;height:1px;box-shadow:0 0 0 60px #fff"></i></div>',
  ),
  'a zoomed outline': dot('zoom:40;outline:60px solid #fff;left:15px;top:12px'),
  'a zoomed shadow of letters': dot(
    'zoom:40;left:15px;top:12px;color:transparent;text-shadow:-15px -12px 0 #fff;font:20px/1 monospace',
    '██',
  ),
  'a zoomed stroke of letters': dot(
    'zoom:40;left:15px;top:12px;-webkit-text-stroke:60px #fff;font:1px/1 monospace',
    'あ',
  ),
  'a zoomed drop shadow': dot(
    'zoom:40;left:5px;top:12px;width:20px;height:4px;background:#fff;filter:drop-shadow(0 -9px 0 #fff)',
  ),
  'a generated box that is zoomed': dotWith(
    'position:absolute;zoom:40;left:-15px;top:-12px;width:40px;height:20px;background:#fff',
    '',
  ),
  'a generated shadow that is zoomed': dotWith(
    'position:absolute;zoom:40;width:1px;height:1px;left:0;top:0;box-shadow:0 0 0 60px #fff',
    '',
  ),
  'a generated box in a zoomed element': dotWith(
    'position:absolute;left:-15px;top:-12px;width:40px;height:20px;background:#fff',
    'zoom:40;left:15px;top:12px',
  ),
  'generated letters in a zoomed element': dotWith(
    `content:${WHITE_ROW};color:#fff;white-space:nowrap;margin-left:-20px`,
    'zoom:40;left:15px;top:1px;font:10px/1 monospace',
  ),
  'a shadow near to the eye': inDepth('translate:0 0 95px;box-shadow:0 0 0 100px #fff'),
  'a shadow that leans to the eye': inDepth(
    'width:10px;height:10px;rotate:x 88deg;transform-origin:0 -50px;box-shadow:0 0 0 200px #fff',
  ),
  'the shadow of a large thing made small': thing(
    'left:0;top:-2000px;filter:drop-shadow(0 900px 0 #fff)',
    '<div style="position:absolute;left:0;top:1100px;width:10000px;height:6000px;background:#fff;transform:scale(.1);transform-origin:0 0"></div>',
  ),
  'a shadow turned by an eighth': thing(
    'left:1100px;top:180px;width:1px;height:1px;rotate:45deg;box-shadow:0 0 0 700px #fff',
  ),
  'a shadow turned over': thing(
    'left:1000px;top:180px;width:1px;height:1px;rotate:180deg;box-shadow:800px 0 0 400px #fff',
  ),
  'a leaning shadow': {
    ...thing('left:990px;top:558px;width:1px;height:1px;transform:skewX(45deg);box-shadow:0 0 0 386px #fff'),
    style: '#o{width:60px}',
  },
  'generated letters turned over': {
    style: `#i::before{content:${WHITE_ROW};font:100px/1 monospace;color:#fff}`,
    after: `<div id="i" style="${OVER};left:1000px;top:130px;width:1px;height:100px;rotate:180deg;white-space:nowrap"></div>`,
  },
};

/** Zoomed, scaled or turned pages that hide nothing. */
export const SCALED: Readonly<Record<string, Parts>> = {
  'a zoomed page with an icon made by a pseudo-element': {
    style:
      'body{zoom:1.25}.w{position:relative;width:240px}.w::after{content:"✓";position:absolute;right:6px;top:12px;pointer-events:none;width:16px;height:16px;line-height:16px}',
    line: `<label for="o">ワンタイムパスワード</label><div class="w"><input id="o" maxlength="8" style="width:240px;height:40px;box-sizing:border-box"></div>`,
  },
  'a zoomed page with a shadow around the form': {
    style: 'body{zoom:1.25}form{box-shadow:0 2px 8px #0003;padding:20px;border-radius:8px}',
  },
  'a zoomed page with a ground behind the heading': {
    style:
      'html{zoom:1.25}h1{position:relative;color:#fff}h1::before{content:"";position:absolute;inset:0;z-index:-1;background:#036}',
  },
  'a card in a shadow, with a scaled icon in it below the field': {
    style: '.c{filter:drop-shadow(0 2px 4px #0004)}',
    after:
      '<p>あ</p><p>い</p><div class="c"><i style="display:inline-block;width:20px;height:20px;background:#06c;transform:scale(.8)"></i></div>',
  },
  'a card turned over below the field': {
    after:
      '<p>あ</p><p>い</p><div style="perspective:600px"><div style="rotate:y 180deg;width:100px;height:50px;background:#06c"></div></div>',
  },
  'a chevron turned in a button with a shadow': {
    after:
      '<p>あ</p><p>い</p><button type="button"><i style="display:inline-block;width:8px;height:8px;rotate:45deg;box-shadow:1px 1px 2px #0006;border-right:1px solid">​</i></button>',
  },
};
