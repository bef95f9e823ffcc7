import { expect, test } from 'vitest';
import type { Arena } from './arena.ts';

/** A page that changes after it was asked about, and before its code is there. */
export function pagesThatChangeMeanwhile(onArena: () => Arena): void {
  const between = (script: string) => onArena().between({}, () => onArena().page.evaluate(`{ ${script} }`));
  const cover = "document.getElementById('cover').style = 'position: fixed; inset: 0; background: white';";
  const uncover = "document.getElementById('cover').style = '';";
  const digits = () => onArena().digitsIn('#code');

  test.each([
    ['covered for a moment', `${cover} setTimeout(() => { ${uncover} }, 700);`],
    ['faded for a moment', "form.style.opacity = 0.01; setTimeout(() => { form.style.opacity = ''; }, 700);"],
    ['disabled for a moment', 'code.disabled = true; setTimeout(() => { code.disabled = false; }, 700);'],
    ['slid in', "form.animate([{ transform: 'translateX(-900px)' }, { transform: 'none' }], 700);"],
  ])('is filled: %s', async (_what, script) => {
    expect(await between(script)).toBe('filled');
    expect(await digits()).toMatch(/^[0-9]{8}$/);
    await onArena().expectOneCode();
  });

  test('is filled with the next code where it is as it was only after a while', async () => {
    expect(await between(cover)).toMatch(/^(refused: field-changed|unrecognised: .* covered)$/);
    await onArena().expectNothing();
    await onArena().forgetSteps();
    await onArena().page.evaluate(uncover);
    await onArena().until(async () => (await digits()) !== '', 'the code');
    expect(await onArena().settled()).toBe('filled');
  });

  test('stays empty where a rule of style has covered it for longer than it takes to ask', async () => {
    const rule =
      'body::after { content: ""; position: fixed; inset: 0; background: white; pointer-events: none }';
    const outcome = await onArena().between({}, async () => {
      await onArena().page.evaluate((text) => {
        document.styleSheets[0]?.insertRule(text, 0);
        Reflect.set(globalThis, 'since', Date.now());
      }, rule);
      await onArena().wait(() => Date.now() - Reflect.get(globalThis, 'since') > 1_200);
    });
    expect(outcome).toMatch(/^(refused: field-changed|unrecognised: .* covered)$/);
    await onArena().expectNothing();
  });
}
