import { HEADING, NAMED, type Parts } from './neighbours.ts';

const ID = (style: string) => `<p><span style="${style}">画面ID : BLI023</span></p>`;
/** The field beside another name than its own. */
const misnamed = (style: string): Parts => ({
  style,
  line: `<p>${NAMED.replace('</label>', '</label> メールアドレス')}</p>`,
});
const GRASS = 'inset 0 0 0 99px #060';

/** Neighbours whose letters are, or are not, apart from what is behind them. */
export const READABLE: Readonly<Record<string, Parts>> = {
  'light letters on a dark page without a ground': {
    style: ':root{color-scheme:dark}h1,p{color:#eee}#o{color:#fff}',
  },
  'letters of a dark page, as its markup has it': {
    style: 'h1,p{color:#eee}',
    id: '<meta name="color-scheme" content="dark"><p>画面ID : BLI023</p>',
  },
  'a white heading on a dark gradient': {
    style: 'h1{color:#fff;background:linear-gradient(#036,#039)}',
  },
  'a white heading on a picture beside it': {
    style:
      'header{position:relative;height:80px}header i{position:absolute;inset:0;background:#036}h1{position:absolute;color:#fff}',
    heading: `<header><i></i><h1>${HEADING}</h1></header>`,
  },
  'a white heading on a dark picture with a white ground': {
    style:
      'header{position:relative;height:80px}header img{position:absolute;width:100%;height:100%;background:#fff}h1{position:absolute;color:#fff}',
    heading: `<header><img alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Crect width='2000' height='900'/%3E%3C/svg%3E"><h1>${HEADING}</h1></header>`,
  },
  'a white heading on a ground made by a pseudo-element': {
    style:
      'h1{position:relative;color:#fff}h1::before{content:"";position:absolute;inset:0;z-index:-1;background:#036}',
  },
  'a white heading on a translucent ground': { style: 'h1{color:#fff;background:#036c}' },
  'a white heading on a line of a gradient': {
    style:
      'body{background:#036}h1,p{color:#fff}h1{background:linear-gradient(#fff,#fff) 0 100%/100% 2px no-repeat}',
  },
  'letters in a colour of another notation': {
    style: 'body{background:oklch(.98 0 0)}h1,p,#o{color:oklch(.3 .05 250)}',
  },
  'a white heading on a translucent ground over a picture': {
    style:
      'header{position:relative;height:80px}header img{position:absolute;width:100%;height:100%}h1{position:absolute;color:#fff;background:#036c}',
    heading: `<header><img alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Crect width='2000' height='900'/%3E%3C/svg%3E"><h1>${HEADING}</h1></header>`,
  },
  'a white heading on a white veil over a dark page': {
    style: 'body{background:#036}h1,p{color:#fff}h1,#o{background:#fff3}#o{color:#fff}',
  },
  'a white heading on a translucent box beside it': {
    style:
      'header{position:relative;height:80px}header i{position:absolute;inset:0;background:#036;opacity:.8}h1{position:absolute;color:#fff}',
    heading: `<header><i></i><h1>${HEADING}</h1></header>`,
  },
  'a white heading on a gradient of a translucent colour over a ground': {
    style: 'h1{color:#fff;background:linear-gradient(#fff1,#fff0) #036}',
  },
  'pale letters on a page that is a little pale': { style: 'body{opacity:.8}h1,p,#o{color:#777}' },
  'a white heading on a ground made by a pseudo-element that is moved': {
    style:
      'header{position:relative;z-index:0;background:#fff}header::before{content:"";position:absolute;inset:0;z-index:-1;background:#036;translate:1px 1px}h1{color:#fff}',
    heading: `<header><h1>${HEADING}</h1></header>`,
  },
  'a heading in the colour of the bar before it': {
    style:
      'h1{position:relative;color:#036;padding-left:12px}h1::before{content:"";position:absolute;z-index:-1;left:0;top:0;bottom:0;width:6px;background:#036}',
  },
  'a heading in the colour of the frame of its page': {
    style: 'body::before{content:"";position:fixed;inset:0;z-index:-1;border:4px solid #036}h1{color:#036}',
  },
  'digits on an inner shadow over their ground': {
    style: '#o{color:#fff;background:#fff;box-shadow:inset 0 0 0 99px #222}',
  },
  'a heading on an inner shadow that is moved over its ground': {
    style: 'h1{color:#fff;background:#fff;box-shadow:inset 0 99px 9px #222}',
  },
  'digits in the colour of the line inside their field': {
    style: '#o{color:#06c;background:#fff;box-shadow:inset 0 0 0 2px #06c}',
  },
  'a heading in the colour of the line in its box': { style: 'h1{color:#06c;box-shadow:inset 0 -3px #06c}' },
  'a name in the colour of the line in its box': {
    style: 'label{color:#06c;box-shadow:inset 0 -2px #06c}',
  },
  'a heading in the colour of the shadow in half of its box': {
    style: 'h1{color:#06c;box-shadow:inset 0 0 0 12px #06c}',
  },
  'a thick line through another text': {
    after: '<p><s style="text-decoration:line-through 9px">お知らせ</s></p>',
  },
  'a thin line through a part of the page': { style: 'h1{text-decoration:line-through 1px}' },
  'masked digits': { style: '#o{-webkit-text-security:disc}' },
  'a heading with a halo': { style: 'h1{-webkit-text-stroke:4px #fff;paint-order:stroke fill}' },
};

export const UNREADABLE: Readonly<Record<string, readonly [check: string, Parts]>> = {
  'digits in the colour of the shadow in their field': [
    'faded',
    { style: `#o{color:#060;background:#fff;box-shadow:${GRASS}}` },
  ],
  'a heading in the colour of the shadow in its box': [
    'faded',
    { style: `h1{color:#060;box-shadow:${GRASS}}` },
  ],
  'a heading in the colour of a shadow that is moved over its box': [
    'faded',
    { style: 'h1{color:#060;box-shadow:inset 0 -99px 9px #060}' },
  ],
  'a heading on a white shadow over a line': [
    'faded',
    { style: 'h1{color:#fff;background:#000;box-shadow:inset 0 0 0 1px #060,inset 0 0 0 99px #fff}' },
  ],
  'a name in the colour of the shadow in its box': [
    'other-name',
    misnamed(`label{color:#060;box-shadow:${GRASS}}`),
  ],
  'a white name on its ground': ['other-name', misnamed('label{color:#fff;background:#fff}')],
  'a masked heading': ['faded', { style: 'h1{-webkit-text-security:disc}' }],
  'a masked 画面ID': ['faded', { id: ID('-webkit-text-security:square') }],
  'a masked name': ['other-name', misnamed('label{-webkit-text-security:disc}')],
  'a line through a heading, as thick as its letters': [
    'faded',
    { style: 'h1{margin:60px 0;text-decoration:line-through #fff 40px}' },
  ],
  'a line through the heading from around it': [
    'faded',
    { heading: `<h1 style="margin:60px 0;text-decoration:line-through #fff 50%"><b>${HEADING}</b></h1>` },
  ],
  'the usual line of much larger letters through a heading': [
    'faded',
    {
      heading: `<h1 style="font-size:300px;line-height:1;text-decoration:line-through #fff"><span style="font-size:24px;vertical-align:90px">${HEADING}</span></h1>`,
    },
  ],
  'a line through the 画面ID, as thick as its letters': [
    'faded',
    { id: ID('text-decoration:line-through #fff 40px') },
  ],
  'a line through the name, as thick as its letters': [
    'other-name',
    misnamed('label{text-decoration:line-through #fff 20px}'),
  ],
  'a line through the digits, as thick as they are': [
    'faded',
    { style: '#o{text-decoration:line-through 40px #fff}' },
  ],
  'digits on a gradient of their colour': [
    'faded',
    { style: '#o{color:#fff;background:linear-gradient(#fff,#fefefe)}' },
  ],
  'digits of their ground’s colour in another notation': ['faded', { style: '#o{color:oklch(1 0 0)}' }],
  'digits without colour in another notation': ['faded', { style: '#o{color:oklch(0 0 0 / 0)}' }],
  'digits under their stroke': ['faded', { style: '#o{-webkit-text-stroke:9px #fff}' }],
  'digits in a heap': ['too-small', { style: '#o{letter-spacing:-.9em}' }],
  'a white heading on a page without a ground': ['faded', { style: 'h1{color:#fff}' }],
  'a white 画面ID on a page without a ground': ['faded', { id: '<p style="color:#fff">画面ID : BLI023</p>' }],
  'a white heading on a white box beside it': [
    'faded',
    {
      style:
        'body{background:#036}header{position:relative;height:80px}header i{position:absolute;inset:0;background:#fff}h1{position:absolute;color:#fff}',
      heading: `<header><i></i><h1>${HEADING}</h1></header>`,
    },
  ],
  'a dark heading on a dark page without a ground': [
    'faded',
    { style: ':root{color-scheme:dark}h1{color:#16161a}' },
  ],
  'a heading in a heap': ['too-small', { style: 'h1{letter-spacing:-.9em}' }],
  'digits on a ground that is nearly opaque': [
    'faded',
    { style: '#o{color:#fff;background:rgb(255 255 255/.99)}' },
  ],
  'a heading on a ground that is nearly opaque': ['faded', { style: 'h1{color:#fff;background:#fffffffe}' }],
  'a heading on half a ground on its page': ['faded', { style: 'h1{color:#fff;background:#ffffff80}' }],
  'a heading on a box that is nearly opaque': [
    'faded',
    {
      style: 'div{background:#fff;opacity:.99}h1{color:#fff}',
      heading: `<div><h1>${HEADING}</h1></div>`,
    },
  ],
  'a heading on a box behind it that is nearly opaque': [
    'faded',
    {
      style:
        'body{background:#036}header{position:relative;height:80px}header i{position:absolute;inset:0;background:#fff;opacity:.99}h1{position:absolute;color:#fff}',
      heading: `<header><i></i><h1>${HEADING}</h1></header>`,
    },
  ],
  'a heading on a gradient that is nearly opaque': [
    'faded',
    { style: 'h1{color:#fff;background:linear-gradient(#fffffffe,#fffffff0)}' },
  ],
  'a heading on a ground that is nearly opaque over a picture': [
    'faded',
    {
      style:
        'header{position:relative;height:80px}header img{position:absolute;width:100%;height:100%}h1{position:absolute;color:#fff;background:#fffffffe}',
      heading: `<header><img alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Crect width='2000' height='900'/%3E%3C/svg%3E"><h1>${HEADING}</h1></header>`,
    },
  ],
  'a heading faded by opacity and colour': ['faded', { style: 'h1{opacity:.12;color:rgba(0,0,0,.12)}' }],
  'digits faded by opacity and colour': ['faded', { style: '#o{opacity:.12;color:rgba(0,0,0,.12)}' }],
  'a pale heading that is faded': ['faded', { style: 'h1{color:#ddd;opacity:.15}' }],
  'a heading in the colour of a ground made by a pseudo-element': [
    'faded',
    {
      style:
        'h1{position:relative;color:#036}h1::before{content:"";position:absolute;inset:0;z-index:-1;background:#036}',
    },
  ],
  'a heading that hangs out of its ground': [
    'faded',
    { style: 'h1{height:0;color:#fff;background:#000;margin-bottom:80px}' },
  ],
  'a heading on a ground in the form of its letters': [
    'faded',
    { style: 'h1{color:#fff;background:#000;background-clip:text}' },
  ],
};
