import { expect, test } from 'vitest';
import type { Arena } from './arena.ts';
import { neighbourPage } from './neighbours.ts';

/** What pages do with a value that is filled. */
export function filledValues(onArena: () => Arena): void {
  const open = (script: string, parts: Parameters<typeof neighbourPage>[0] = {}) =>
    onArena().open(neighbourPage({ ...parts, after: `${parts.after ?? ''}<script>${script}</script>` }));
  const code = () => onArena().digitsIn('#o');
  const report = async () => (await onArena().scripts.ask('page.report'))[0];

  test('comes with the events of a person’s typing, in their order', async () => {
    await open(`globalThis.heard = [];
      for (const type of ['focus', 'focusin', 'keydown', 'keypress', 'beforeinput', 'input', 'keyup', 'change', 'blur', 'focusout'])
        o.addEventListener(type, (event) => heard.push([type, event.constructor.name, event.composed].join(' ')));`);
    expect(await onArena().settled()).toBe('filled');
    expect(await onArena().page.evaluate(() => Reflect.get(globalThis, 'heard'))).toEqual([
      'focus FocusEvent true',
      'focusin FocusEvent true',
      'keydown KeyboardEvent true',
      'keypress KeyboardEvent true',
      'beforeinput InputEvent true',
      'input InputEvent true',
      'keyup KeyboardEvent true',
      'change Event true',
      'blur FocusEvent true',
      'focusout FocusEvent true',
    ]);
  });

  test.each(['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'change', 'blur', 'focusout'])(
    'enables a button that waits for %s',
    async (type) => {
      await open(`const b = document.querySelector('button'); b.disabled = true;
        o.addEventListener('${type}', () => { b.disabled = false; });`);
      expect(await onArena().settled()).toBe('filled');
      expect(await onArena().page.$eval('button', (button) => button.disabled)).toBe(false);
    },
  );

  test('does not blur a field that has the focus, nor take the focus from another', async () => {
    const heard = `globalThis.blurred = 0; o.addEventListener('blur', () => { blurred += 1; });`;
    await open(`${heard} o.focus();`);
    expect(await onArena().settled()).toBe('filled');
    expect(await onArena().page.evaluate(() => Reflect.get(globalThis, 'blurred'))).toBe(0);
    await onArena().begin();
    await open(`${heard} document.querySelector('button').focus();`);
    expect(await onArena().settled()).toBe('filled');
    expect(await onArena().page.evaluate(() => document.activeElement?.localName)).toBe('button');
  });

  test.each([
    ['form.reset()', 0],
    ['form.reset()', 100],
    ['form.reset()', 500],
    ["value = ''", 0],
    ["value = ''", 300],
    ["value = ''", 500],
  ])('is put back once, the same, by o.%s after %i ms', async (act, ms) => {
    await open(`let done = 0;
      o.addEventListener('input', () => { globalThis.first ??= o.value; if (!done++) setTimeout(() => { ${act === 'form.reset()' ? 'o.form.reset()' : "o.value = ''"}; globalThis.emptied = true; }, ${ms}); });`);
    await onArena().wait(() => Reflect.get(globalThis, 'emptied') === true);
    await onArena().until(async () => (await code()) !== '', 'the code again');
    expect(await code()).toBe(await onArena().page.evaluate(() => Reflect.get(globalThis, 'first')));
    expect(await report()).toMatchObject({ kind: 'filled', again: 'emptied' });
    await onArena().expectOneCode();
  });

  test('is put back no second time', async () => {
    await open(
      `globalThis.times = 0; o.addEventListener('input', () => { times += 1; setTimeout(() => { o.value = ''; }, 50); });`,
    );
    await onArena().wait(() => Reflect.get(globalThis, 'times') === 2);
    await onArena().until(async () => (await report())?.kind === 'refused', 'a refusal');
    expect(await onArena().page.evaluate(() => Reflect.get(globalThis, 'times'))).toBe(2);
    expect(await code()).toBe('');
  });

  test.each(['keyCode', 'which', 'code'])('enables a button that asks a key’s %s', async (property) => {
    await open(`globalThis.heard = [];
      for (const type of ['keydown', 'keypress', 'keyup'])
        o.addEventListener(type, (event) => heard.push([String(event.${property}), event.charCode]));`);
    expect(await onArena().settled()).toBe('filled');
    const digit = Number((await code()).at(-1));
    const said = property === 'code' ? `Digit${digit}` : String(48 + digit);
    expect(await onArena().page.evaluate(() => Reflect.get(globalThis, 'heard'))).toEqual([
      [said, 0],
      [said, 48 + digit],
      [said, 0],
    ]);
  });

  const redrawn = (act: string, ms: number) => `o.addEventListener('input', () => {
      globalThis.first ??= o.value;
      const form = o.form;
      const draw = () => { ${act}; globalThis.drawn = true; setTimeout(() => { globalThis.over = true; }, 1_500); };
      ${ms < 0 ? 'draw();' : `setTimeout(draw, ${ms});`}
    }, { once: true });`;
  const DRAW = 'form.innerHTML = form.innerHTML';

  test.each([-1, 0, 200, 500])('is put once into a form that is drawn anew after %i ms', async (ms) => {
    await open(redrawn(DRAW, ms));
    await onArena().wait(() => Reflect.get(globalThis, 'drawn') === true);
    await onArena().until(async () => (await code()) !== '', 'the code again');
    expect(await code()).toBe(await onArena().page.evaluate(() => Reflect.get(globalThis, 'first')));
    await onArena().until(async () => (await report())?.kind === 'filled', 'the report');
    await onArena().expectOneCode();
  });

  test.each([
    ['a form of another origin', `form.action = 'https://evil.example/'; ${DRAW}`],
    ['a form without a method', `form.removeAttribute('method'); ${DRAW}`],
    ['another screen', `document.querySelector('h1').textContent = 'ログイン'; ${DRAW}`],
    [
      'a field under a veil',
      `${DRAW}; document.body.insertAdjacentHTML('beforeend', '<div style="position:fixed;inset:0;background:#fff;pointer-events:none"></div>')`,
    ],
    ['a page of another bank', `document.body.prepend('秋田県信用組合'); ${DRAW}`],
    [
      'a shadow tree',
      `const host = document.createElement('x-f'); form.before(host); host.attachShadow({ mode: 'open' }).append(form); ${DRAW}`,
    ],
    ['a form drawn twice', `${DRAW}; setTimeout(() => { ${DRAW}; }, 900)`],
  ])('is put no more into %s', async (_what, act) => {
    await open(redrawn(act, 50));
    await onArena().wait(() => Reflect.get(globalThis, 'over') === true);
    expect(await onArena().digitsIn(['#o', 'x-f >>> #o'])).toBe('');
  });

  test('is put no more into a form that was away meanwhile', async () => {
    await open(
      redrawn(
        "const away = form.innerHTML; form.innerHTML = ''; globalThis.comeBack = () => { form.innerHTML = away; }",
        50,
      ),
    );
    await onArena().until(async () => (await report())?.kind === 'unrecognised', 'a page without the form');
    await onArena().page.evaluate(() => Reflect.get(globalThis, 'comeBack')());
    await onArena().wait(() => Reflect.get(globalThis, 'over') === true);
    expect(await code()).toBe('');
  });

  test.each([
    ['at once', 'draw();'],
    ['after a second', 'setTimeout(draw, 1_000);'],
  ])('stays said where the form is drawn anew with it %s', async (_what, act) => {
    await open(`o.addEventListener('change', () => {
      const draw = () => { o.replaceWith(o.cloneNode()); setTimeout(() => { globalThis.over = true; }, 1_500); };
      ${act}
    });`);
    await onArena().wait(() => Reflect.get(globalThis, 'over') === true);
    // The background may still be noting it.
    expect(await onArena().settled()).toBe('filled');
    expect(await code()).toMatch(/^[0-9]{8}$/);
  });

  test.each(['queueMicrotask(write)', 'setTimeout(write, 30)'])(
    'is said as filled where the page takes it and writes it back by %s',
    async (act) => {
      await open(`o.addEventListener('input', () => {
        const { value } = o;
        const write = () => { o.value = value; };
        o.value = '';
        ${act};
      });`);
      expect(await onArena().settled()).toBe('filled');
      expect(await code()).toMatch(/^[0-9]{8}$/);
    },
  );

  test.each(['$1 $2', '$1-$2', '$1−$2', '$1　$2'])('is known when the page writes it as %s', async (form) => {
    await open(
      `o.maxLength = 9; o.addEventListener('input', () => { o.value = o.value.replace(/^(\\d{4})(\\d{4})$/, '${form}'); });`,
    );
    expect(await onArena().settled()).toBe('filled');
    expect(await code()).toMatch(/^[0-9]{8}$/);
  });

  test('stays said when the page is translated afterwards', async () => {
    await open('');
    expect(await onArena().settled()).toBe('filled');
    await onArena().page.evaluate(() => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const all: Text[] = [];
      while (texts.nextNode()) all.push(texts.currentNode as Text);
      for (const text of all) {
        const font = document.createElement('font');
        font.textContent = text.data.replace(/[^\s\d]+/g, 'word');
        text.replaceWith(font);
      }
      document.documentElement.classList.add('translated-ltr');
    });
    await onArena().scripts.ask('page.fill');
    expect((await report())?.kind).toBe('filled');
  });

  test('is not read on a page translated before: the popup can say why', async () => {
    await onArena().open(
      neighbourPage({
        id: '<p>Screen ID : BLI023</p>',
        heading: '<h1>Login</h1>',
        line: '<p><label for="o">One-time password</label> <input id="o" maxlength="8"></p>',
      })
        .replace('<html lang="ja">', '<html lang="en" class="translated-ltr">')
        .replace('トークンに表示された数字を入力してください。', 'Type the number.'),
    );
    expect(await onArena().settled()).toBe('unrecognised: screen translated');
    expect(await report()).toEqual({ kind: 'unrecognised', reason: 'screen', check: 'translated' });
    await onArena().expectNothing();
  });
}
