import { HEADING, type Parts } from './neighbours.ts';

/** Neighbours with shadow trees around what the page itself holds: it is drawn in their slots. */
const tree = (mode: 'open' | 'closed', selector: string, html: string) =>
  `<script>document.querySelector('${selector}').attachShadow({mode:'${mode}'}).innerHTML='${html}'</script>`;

const FAINT = '<b style="opacity:.05"><slot></slot></b>';
const CUT = '<b style="display:block;height:0;overflow:hidden"><slot></slot></b>';
const WHITE = '<b style="color:#fff"><slot></slot></b>';
const PLAIN = '<b><slot></slot></b>';

const FORM = { before: '<x-page>', after: '</x-page>' };
const inForm = (mode: 'open' | 'closed', html: string): Parts => ({
  ...FORM,
  after: `${FORM.after}${tree(mode, 'x-page', html)}`,
});

const titled = (html: string): Parts => ({
  heading: `<x-page><span slot="title">${HEADING}</span></x-page>`,
  after: tree('open', 'x-page', html),
});
const TITLE = '<slot name="title"></slot>';

const component = (slotted: string, label: string, beside = ''): Parts => ({
  line: `<x-field>${slotted}</x-field>`,
  after: tree('open', 'x-field', `<label for="o">${label}</label>${beside} <input id="o" maxlength="8">`),
});
const OTP = 'ワンタイムパスワード';

export const FILLED_IN_SLOTS: Readonly<Record<string, Parts>> = {
  'a heading in a slot': { after: tree('open', 'h1', PLAIN) },
  'a heading in a slot of a closed tree': { after: tree('closed', 'h1', PLAIN) },
  'a heading in a slot of a component’s heading': titled(`<h1>${TITLE}</h1>`),
  'a heading in a slot of a component’s heading, after a brand': titled(
    `<h1><small>仙北ネットバンク</small> <b>${TITLE}</b></h1>`,
  ),
  'a 画面ID in a slot of a closed tree': {
    id: '<p id="of">画面ID : BLI023</p>',
    after: tree('closed', '#of', PLAIN),
  },
  'a page in a slot of a closed tree': inForm('closed', PLAIN),
  'a name in a slot of its label': component(OTP, '<slot></slot>'),
  'an element with a name in a slot of its label': component(`<b>${OTP}</b>`, '<slot></slot>'),
  'a name that a slot of its label has by itself': component('', `<slot>${OTP}</slot>`),
};

export const EMPTY_IN_SLOTS: Readonly<Record<string, readonly [check: string, Parts]>> = {
  'a heading in a slot that is faded': [
    'faded',
    { after: tree('open', 'h1', `${FAINT}<i>プレゼント応募</i>`) },
  ],
  'a heading in a slot of a closed tree that is faded': [
    'faded',
    { after: tree('closed', 'h1', `${FAINT}<i>プレゼント応募</i>`) },
  ],
  'a heading in white in a slot of a closed tree': ['faded', { after: tree('closed', 'h1', WHITE) }],
  'a heading in a slot of a closed tree that is cut off': ['clipped', { after: tree('closed', 'h1', CUT) }],
  'a heading in a slot of a component’s heading that is faded': [
    'faded',
    titled(`<h1 style="opacity:.05">${TITLE}</h1>`),
  ],
  'a heading in white in a slot of a component’s heading': [
    'faded',
    titled(`<h1 style="color:#fff">${TITLE}</h1>`),
  ],
  'a heading in a slot of a component’s heading that is cut off': [
    'clipped',
    titled(`<h1 style="height:0;overflow:hidden">${TITLE}</h1>`),
  ],
  'an element of a heading in a slot of a closed tree that is faded': [
    'faded',
    { heading: `<h1><span>${HEADING}</span></h1>`, after: tree('closed', 'h1', FAINT) },
  ],
  'a 画面ID in a slot of a closed tree that is faded': [
    'faded',
    { id: '<p id="of">画面ID : BLI023</p>', after: tree('closed', '#of', FAINT) },
  ],
  'a name without colour in a slot of its label, beside another': [
    'other-name',
    component(OTP, '<b style="color:transparent"><slot></slot></b>', 'ニックネーム'),
  ],
  'a page in a slot of a tree that is faded': ['faded', inForm('open', FAINT)],
  'a page in a slot of a closed tree that is faded': ['faded', inForm('closed', FAINT)],
  'a page in a slot of a closed tree that is cut off': ['clipped', inForm('closed', CUT)],
};

export const NAMED_OTHERWISE_IN_SLOTS: Readonly<Record<string, Parts>> = {
  'a heading in a slot of a component’s heading that goes on': titled(`<h1>${TITLE}のご案内</h1>`),
  'a heading that a component’s heading has no slot for': titled('<h1></h1>'),
  'another name in a slot of the label in place of its own': component('ニックネーム', `<slot>${OTP}</slot>`),
  'a name in a slot of its label that goes on': component(OTP, '<slot></slot>（確認用）'),
};
