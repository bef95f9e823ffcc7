import { type Attack, page } from '../attack.ts';
import { LABEL, type PageParts, PLAYED } from '../pages.ts';

const INPUT = '<input id="code" name="code" maxlength="8">';

/** The field exists and fits, but the customer does not see it or its content. */
const UNSEEN: Record<string, PageParts> = {
  'display: none': { style: '#inner { display: none }' },
  'no size': { style: '#outer { width: 0; height: 0; overflow: hidden }' },
  'off the screen': { style: '#code { position: absolute; left: -9999px }' },
  'faded by an ancestor': { style: '#outer { opacity: 0.01 }' },
  'cut away': { style: '#outer { clip-path: inset(0 0 100% 0) }' },
  'scaled to nothing': { style: '#outer { transform: scale(0.01) }' },
  inert: { main: `<div inert><form action="/ib/next">${LABEL}${INPUT}</form></div>` },
  'inert by a modal dialog': {
    after: `<dialog>お知らせ</dialog><script>document.querySelector('dialog').showModal(); ${PLAYED}</script>`,
  },
  'faded by the slot of a shadow tree': {
    main: `<form action="/ib/next"><div id="host"><template shadowrootmode="open"><div style="opacity: 0"><slot></slot></div></template><p>${LABEL} ${INPUT}</p></div></form>`,
  },
  'clipped by the slot of a shadow tree, below the fold': {
    style: '#host { display: block; margin-top: 3000px }',
    main: `<form action="/ib/next"><div id="host"><template shadowrootmode="open"><div style="height: 0; overflow: hidden"><slot></slot></div></template><p>${LABEL} ${INPUT}</p></div></form>`,
  },
  'under a picture that lets clicks through': {
    style: '#cover { position: fixed; inset: 0; background: white; pointer-events: none }',
  },
  'under a picture that stands before it and lets clicks through': {
    style:
      '#veil { position: absolute; width: 100%; height: 900px; background: white; pointer-events: none }',
    before: '<div id="veil"></div>',
  },
  'under a picture in the line that lets clicks through': {
    style: `#code { width: 200px } #veil { display: inline-block; width: 300px; height: 80px; margin: -30px 0 -30px -250px;
      background: white; pointer-events: none }`,
    line: `<p>${LABEL} ${INPUT}<span id="veil"></span></p>`,
  },
  'under its own label': {
    style: 'label::after { content: ""; position: fixed; inset: 0; background: white }',
  },
  'under its own label, a white one': {
    style: '#inner { position: relative } label { position: absolute; inset: 0; background: white }',
  },
  'under a white part of its own label': {
    style: '#inner { position: relative } label b { position: absolute; inset: 0; background: white }',
    label: '<b>ワンタイムパスワード</b>',
  },
  'under the shadow of its own label': {
    style: 'label { position: fixed; inset: 0; box-shadow: inset 0 0 0 9000px white }',
  },
  'under something, below the fold': {
    style:
      '#outer { margin-top: 3000px } #cover { position: absolute; left: 0; top: 0; width: 100%; height: 9000px; background: white }',
  },
  'under something with a hole in the middle': {
    style: `#code { position: fixed; left: 100px; top: 100px; width: 200px; height: 40px; box-sizing: border-box }
      .lid { position: fixed; left: 0; width: 600px; background: white } #above { top: 0; height: 119px } #below { top: 121px; height: 400px }`,
    after: '<div class="lid" id="above"></div><div class="lid" id="below"></div>',
  },
  'below a page that does not scroll': {
    style: 'html, body { overflow: hidden; height: 100% } #outer { margin-top: 3000px }',
  },
  'blurred away': { style: '#outer { filter: blur(200px) }' },
  'filtered away by a picture': {
    style: '#outer { filter: url(#nothing) }',
    after:
      '<svg width="0" height="0"><filter id="nothing"><feComponentTransfer><feFuncA type="linear" slope="0"/></feComponentTransfer></filter></svg>',
  },
  'blended into the page': {
    style: 'body { background: white } #outer { mix-blend-mode: lighten; background: white }',
  },
  'turned its back': { style: '#outer { transform: rotateY(180deg); backface-visibility: hidden }' },
  'turned its back, below the fold': {
    style: '#outer { margin-top: 3000px; transform: rotateY(180deg); backface-visibility: hidden }',
  },
  'contained by nothing, below the fold': {
    style: '#outer { margin-top: 3000px; height: 0; contain: paint }',
  },
  'in a closed disclosure': {
    main: `<form action="/ib/next"><details><summary>詳細</summary>${LABEL}${INPUT}</details></form>`,
  },
  'in a popover that is closed': {
    main: `<form action="/ib/next"><div popover>${LABEL}${INPUT}</div></form>`,
  },
};

/** Which check refuses each of {@link UNSEEN}; first of all the screen, where that is covered as well. */
const UNSEEN_BY: Readonly<Record<string, string>> = {
  'display: none': 'field too-small',
  'no size': 'field clipped',
  'off the screen': 'field outside',
  'faded by an ancestor': 'field faded',
  'cut away': 'field clipped',
  'scaled to nothing': 'field too-small',
  inert: 'field disabled',
  'inert by a modal dialog': 'field covered',
  'faded by the slot of a shadow tree': 'field faded',
  'clipped by the slot of a shadow tree, below the fold': 'field clipped',
  'under a picture that lets clicks through': 'screen covered',
  'under a picture that stands before it and lets clicks through': 'screen covered',
  'under a picture in the line that lets clicks through': 'field covered',
  'under its own label': 'screen covered',
  'under its own label, a white one': 'field covered',
  'under a white part of its own label': 'field covered',
  'under the shadow of its own label': 'screen covered',
  'under something, below the fold': 'screen covered',
  'under something with a hole in the middle': 'screen covered',
  'below a page that does not scroll': 'field clipped',
  'blurred away': 'field filtered',
  'filtered away by a picture': 'field filtered',
  'blended into the page': 'field filtered',
  'turned its back': 'field clipped',
  'turned its back, below the fold': 'field clipped',
  'contained by nothing, below the fold': 'field clipped',
  'in a closed disclosure': 'field too-small',
  'in a popover that is closed': 'field too-small',
};

export const UNSEEN_FIELDS: readonly Attack[] = Object.entries(UNSEEN).map(([way, parts]) =>
  page(`a field that is not seen: ${way}`, parts, `unrecognised: ${UNSEEN_BY[way]}`),
);
