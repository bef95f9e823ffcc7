import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { inOneStep } from '../service/one-step.ts';
import { useArena } from './arena.ts';
import { conditionsIn } from './attack.ts';
import { ATTACKS } from './attacks.ts';
import { bundled } from './bundled.ts';
import { generatedPage } from './generated-page.ts';
import { Tally } from './tally.ts';

const tally = new Tally();
afterAll(() => tally.print());

/** Every attack on the customer's half, each against the production build in a real browser. */
describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  const onArena = useArena(kind);

  describe('the judge', () => {
    test('the page that all others are changes of is filled, and its script tells the attacker', async () => {
      expect(await onArena().play({})).toBe('filled');
      await onArena().until(async () => onArena().attacker.loot().length > 0, 'the loot');
      expect(onArena().attacker.loot()).toEqual([
        { at: onArena().bankUrl(), value: expect.stringMatching(/^[0-9]{8}$/) },
      ]);
      await expect(onArena().expectNothing()).rejects.toThrow('values in fields');
      expect(await onArena().expectOneCode()).toHaveLength(1);
    });

    test('finds a code that is no field’s value, and one of the next hour', async () => {
      const [now = '', later = ''] = [...(await onArena().codes(0, 0)), ...(await onArena().codes(30, 30))];
      await onArena().show({ screen: '' });
      await onArena().page.evaluate((digits) => document.body.append(digits), now.slice(1, 7));
      await expect(onArena().expectNothing()).rejects.toThrow('of a code were told');
      await onArena().show({ screen: '' });
      await onArena().expectNothing();
      await onArena().page.evaluate(
        (url) => fetch(url).then(() => undefined),
        onArena().attacker.url(`/?${later}`),
      );
      await expect(onArena().expectNothing()).rejects.toThrow('of a code were told');
    });
  });

  test.each(ATTACKS.filter(({ notIn }) => notIn?.browser !== kind))('$from: $name', async (attack) => {
    if (conditionsIn(attack, kind).includes('waiting')) await inOneStep();
    const by = await attack.play(onArena()).catch((error) => `failed: ${error}`);
    const had = attack.yields === 'nothing' ? onArena().expectNothing() : onArena().expectOneCode();
    const leak = await had.then(
      () => undefined,
      (error: Error) => error.message,
    );
    const asExpected = leak === undefined && conditionsIn(attack, kind).includes(by);
    tally.add(attack, kind, asExpected ? by : `${leak === undefined ? 'UNEXPECTED' : 'SUCCEEDED'}: ${by}`);
    expect(leak).toBeUndefined();
    expect(conditionsIn(attack, kind)).toContain(by);
  });

  test('of pages made by chance, those are recognised on which every condition holds, and no others', async () => {
    const url = onArena().attacker.url('/generated');
    onArena().attacker.serve(
      url.slice(url.indexOf('/generated')),
      '<!DOCTYPE html><html lang="ja"><body></body></html>',
    );
    await onArena().page.goto(url);
    await onArena().page.evaluate(await bundled('./reader.ts'));
    const counts = { recognised: 0, not: 0 };
    await fc.assert(
      fc.asyncProperty(generatedPage, async ({ body, fits }) => {
        const seen = await onArena().page.evaluate((html) => {
          document.body.innerHTML = html;
          return Reflect.get(globalThis, 'reader').readHere();
        }, body);
        counts[fits ? 'recognised' : 'not'] += 1;
        return (seen === 'BLI023') === fits;
      }),
      { numRuns: 400 },
    );
    expect(Math.min(counts.recognised, counts.not)).toBeGreaterThan(80);
  });
});
