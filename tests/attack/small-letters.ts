import { HEADING, NAMED, type Parts } from './neighbours.ts';

/** Neighbours whose letters have another size than their font. */

const ID = (style: string) => `<p style="${style}">画面ID : BLI023</p>`;

const drawn = (text: string): Parts => ({
  heading: `<svg width="600" height="40"><text ${text}>${HEADING}</text></svg>`,
});

export const LARGE_ENOUGH: Readonly<Record<string, Parts>> = {
  'a font adjusted to another': { style: 'html,#o{font-size-adjust:.5}' },
  'a font adjusted by the height of capitals': { style: 'html,#o{font-size-adjust:cap-height .7}' },
  'a font adjusted to itself': { style: 'html,#o{font-size-adjust:from-font}' },
  'a page that is zoomed': { style: 'body{zoom:.8}' },
  'a page that is scaled': { style: 'body{transform:scale(.8);transform-origin:0 0}' },
  'a page that is enlarged': { style: 'body{transform:scale(1.25);transform-origin:0 0}' },
  'a narrow heading': { style: 'h1{transform:scaleX(.8);transform-origin:0 0}' },
  'small letters': { style: 'h1,p,#o{font-size:10px}' },
  'a heading over two lines in an inline box': {
    heading: `<h1 style="width:300px"><span>${HEADING}</span></h1>`,
  },
  'a heading in an inline box without a line of its own': {
    heading: `<h1 style="line-height:0;padding:20px"><span>${HEADING}</span></h1>`,
  },
  'a heading in a box without height': {
    heading: `<h1 style="height:0;margin-bottom:60px">${HEADING}</h1>`,
  },
  'a short number combined in a heading written downwards': {
    heading: `<h1 style="writing-mode:vertical-rl;font-size:20px"><b style="text-combine-upright:all">12</b>${HEADING}</h1>`,
  },
  'a heading of narrow lines': { style: 'h1{width:300px;line-height:1}' },
  'digits with an indent': { style: '#o{text-indent:8px;width:200px}' },
  'digits with an indent of nothing': { style: '#o{text-indent:0%}' },
};

export const TOO_SMALL: Readonly<Record<string, readonly [check: string, Parts]>> = {
  'digits of a font adjusted to nearly nothing': [
    'too-small',
    { line: NAMED.replace('<input', '<input style="font-size-adjust:.02;height:30px"') },
  ],
  'digits of a font adjusted to nothing': ['too-small', { style: '#o{font-size-adjust:0;height:30px}' }],
  'digits of a font adjusted by the height of capitals': [
    'too-small',
    { style: '#o{font-size-adjust:cap-height .02;height:30px}' },
  ],
  'a heading of a font adjusted to little': ['too-small', { style: 'h1{font-size-adjust:.08}' }],
  'a field scaled along its line': ['too-small', { style: '#o{transform:scaleX(.2);transform-origin:0 0}' }],
  'a field scaled across its line': [
    'too-small',
    { style: '#o{height:60px;transform:scaleY(.3);transform-origin:0 0}' },
  ],
  'a form turned to the side': [
    'too-small',
    { style: 'form{transform:rotateY(80deg);transform-origin:0 0}' },
  ],
  'a heading scaled along its line': [
    'too-small',
    { style: 'h1{transform:scaleX(.05);transform-origin:0 0}' },
  ],
  'a heading scaled along its line, without a box': [
    'too-small',
    {
      heading: `<div style="transform:scaleX(.05);transform-origin:0 0"><h1 style="display:contents">${HEADING}</h1></div>`,
    },
  ],
  'a heading scaled along its line, in a box without size': [
    'too-small',
    {
      style:
        'h1{width:0;height:0;margin-bottom:60px;white-space:nowrap;transform:scaleX(.05);transform-origin:0 0}',
    },
  ],
  'a heading in a drawing': ['too-small', drawn(`role="heading" y="28" font-size="24" fill="#fff"`)],
  'a heading squeezed in a drawing': [
    'too-small',
    drawn(`role="heading" y="28" textLength="20" lengthAdjust="spacingAndGlyphs"`),
  ],
  'a 画面ID in a drawing': [
    'too-small',
    { id: '<svg width="300" height="30"><text y="20" fill="none">画面ID : BLI023</text></svg>' },
  ],
  'a heading of letters combined into one': [
    'too-small',
    { style: 'h1{writing-mode:vertical-rl;text-combine-upright:all;font-size:24px}' },
  ],
  'a heading of lines in a heap': ['too-small', { style: 'h1{width:5em;line-height:0;padding:30px}' }],
  'a heading of lines on each other': [
    'too-small',
    { style: 'h1{width:9em;line-height:.4;word-break:break-all;padding:30px}' },
  ],
  'a 画面ID zoomed away': ['too-small', { id: ID('zoom:.37') }],
  'a 画面ID scaled away': ['too-small', { id: ID('scale:.37;transform-origin:0 0') }],
  'digits moved out of the field by a share and a length': [
    'too-small',
    { style: '#o{text-indent:calc(100% + 1px)}' },
  ],
  'digits moved out of the field by a share': ['too-small', { style: '#o{font-size:40px;text-indent:100%}' }],
};
