import { expect, test } from 'vitest';
import type { Arena } from './arena.ts';
import { NAMED, neighbourPage, type Parts } from './neighbours.ts';

const LATE = 'form{animation:in .4s 1.5s both}@keyframes in{from{opacity:0}to{opacity:1}}';
const form = (style = '') =>
  `<style>${style}</style><form method="post" action="/ib/next">${NAMED}<button>次へ</button></form>`;
const declared = (inner: string): Parts => ({
  line: '',
  before: `<div id="h"><template shadowrootmode="open">${inner}</template></div>`,
});
const soon = (script: string) => `<script>setTimeout(() => { ${script} }, 1500)</script>`;
const VEIL = 'position:fixed;inset:0;pointer-events:none';

/** Screens that become visible by something that no event in the document tells of. */
const NOTICED: Readonly<Record<string, readonly [field: string, Parts]>> = {
  'a form in the shadow tree of a div': ['#h >>> #o', declared(form())],
  'a form that comes in by an animation in a shadow tree': ['#h >>> #o', declared(form(LATE))],
  'the same in a custom element': [
    'x-h >>> #o',
    {
      line: '',
      before: `<x-h><template shadowrootmode="open">${form(LATE)}</template></x-h>`,
    },
  ],
  'a rule of style that is deleted': [
    '#o',
    { style: 'form{opacity:0}', after: soon('document.styleSheets[0].deleteRule(0)') },
  ],
  'a style sheet that is switched off': [
    '#o',
    { style: 'body{opacity:0}', after: soon('document.styleSheets[0].disabled = true') },
  ],
  'a veil that is animated away by a script': [
    '#o',
    {
      after: `<div id="v" style="${VEIL};background:#fff"></div>${soon("v.animate({ opacity: [1, 0] }, { duration: 100, fill: 'forwards' })")}`,
    },
  ],
  'a veiled form whose heading has other colours by then': [
    '#o',
    {
      style: `form{position:relative}form::after{content:"";position:absolute;inset:0;background:#fff;pointer-events:none}
.ready form::after{display:none}h1{color:#fff;background:#036}.ready h1{color:#000;background:none}`,
      after: soon("document.body.className = 'ready'"),
    },
  ],
  'a surface that is cleared': [
    '#o',
    {
      after: `<canvas id="c" width="300" height="200" style="${VEIL};width:100%;height:100%"></canvas><script>c.getContext('2d').fillRect(0, 0, 300, 200)</script>${soon("c.getContext('2d').clearRect(0, 0, 300, 200)")}`,
    },
  ],
  'a rule of style that is deleted after five seconds': [
    '#o',
    {
      style: 'form{opacity:0}',
      after: '<script>setTimeout(() => document.styleSheets[0].deleteRule(0), 5000)</script>',
    },
  ],
  'a screen that is shown by a box which a script checks': [
    '#o',
    {
      style: '#k:not(:checked)~*{display:none}',
      before: '<input type="checkbox" id="k">',
      after: soon('k.checked = true'),
    },
  ],
  'a field that a script has filled, and then empties': [
    '#o',
    {
      line: NAMED.replace('<input', '<input value="123"'),
      after: soon("o.value = ''"),
    },
  ],
  'a form in the shadow tree of an element that is defined after three seconds': [
    'x-h >>> #o',
    {
      line: '',
      after: `<x-h></x-h><script>setTimeout(() => customElements.define('x-h', class extends HTMLElement {
        connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '${form()}'; }
      }), 3000)</script>`,
    },
  ],
};

/** Has a page note when it is filled, as the browser's messages to the test take longer on a busy machine. */
const NOTE_FILLED =
  "addEventListener('input', () => { globalThis.filled = Date.now(); }, { capture: true, once: true });";

/** A style sheet that is on its way for a while. */
const SHEET = '/ib/late.css';

export function screensThatComeUpUnseen(onArena: () => Arena): void {
  test.each(Object.entries(NOTICED))('is filled: %s', async (_what, [field, parts]) => {
    await onArena().open(neighbourPage(parts));
    await onArena().until(async () => /^[0-9]{8}$/.test(await onArena().digitsIn(field)), 'the code');
    expect(await onArena().settled()).toBe('filled');
  });

  test('is filled: a page whose veil goes by a style sheet that comes late', async () => {
    onArena().standIn.put(onArena().bankUrl(SHEET), {
      html: '#v{display:none}',
      type: 'text/css',
      afterMs: 1_000,
    });
    const link = `document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '${SHEET}', onload() { globalThis.asked = Date.now(); } }))`;
    const script = `<script>${NOTE_FILLED} setTimeout(() => { ${link}; }, 2500)</script>`;
    await onArena().open(
      neighbourPage({ after: `<div id="v" style="${VEIL};background:#fff"></div>${script}` }),
    );
    await onArena().until(async () => /^[0-9]{8}$/.test(await onArena().digitsIn('#o')), 'the code');
    expect(await sinceAsked()).toBeLessThan(2_000);
  });

  test('is filled: a field that is scrolled to in a document that was written anew', async () => {
    // While the page changes, its field is refused and looked at ever more rarely; then it is scrolled to.
    const restless = `${NOTE_FILLED} let times = 0;
      const changing = setInterval(() => { document.title = times++; if (times < 7) return;
        clearInterval(changing); setTimeout(() => { globalThis.asked = Date.now(); scrollTo(0, 2400); }, 600); }, 300);`;
    const anew = neighbourPage({ before: '<div style="height:2500px">お知らせ</div>' });
    const written = JSON.stringify(anew).replaceAll('</', '<\\/');
    const write = `document.open(); document.write(${written}); document.close(); ${restless}`;
    await onArena().open(
      neighbourPage({ after: `<div style="${VEIL};background:#fff"></div>${soon(write)}` }),
    );
    await onArena().until(async () => /^[0-9]{8}$/.test(await onArena().digitsIn('#o')), 'the code');
    expect(await sinceAsked()).toBeLessThan(3_000);
  });

  test('is filled: a screen in a component that comes late into a page of fixed size', async () => {
    const screen = JSON.stringify(neighbourPage({}).replace(/.*<body>/, '')).replaceAll('</', '<\\/');
    const late = soon(
      `${NOTE_FILLED} document.querySelector('x-h').attachShadow({ mode: 'open' }).innerHTML = ${screen}; globalThis.asked = Date.now();`,
    );
    const style =
      'html,body{height:100%;margin:0;overflow:hidden}x-h{display:block;height:100%;overflow:auto}';
    await onArena().open(
      `<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>x</title><style>${style}</style></head><body><x-h></x-h>${late}</body></html>`,
    );
    await onArena().until(async () => /^[0-9]{8}$/.test(await onArena().digitsIn('x-h >>> #o')), 'the code');
    expect(await sinceAsked()).toBeLessThan(5_000);
  });

  /** How many milliseconds after the page had shown its screen it was filled. */
  const sinceAsked = () =>
    onArena().page.evaluate(() => Reflect.get(globalThis, 'filled') - Reflect.get(globalThis, 'asked'));

  test('is filled before its pictures are there: a page with a style sheet that is switched off', async () => {
    const picture = '/ib/late.png';
    onArena().standIn.put(onArena().bankUrl(picture), { html: '', type: 'image/png', afterMs: 30_000 });
    const off = `<link rel="stylesheet" href="${SHEET}" disabled><img src="${picture}" alt="">`;
    await onArena().open(neighbourPage({ before: off }));
    await onArena().until(async () => /^[0-9]{8}$/.test(await onArena().digitsIn('#o')), 'the code');
    expect(await onArena().page.evaluate(() => document.readyState)).toBe('interactive');
  });
}
