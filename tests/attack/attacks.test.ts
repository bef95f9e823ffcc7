import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useStage } from '../e2e/stage.ts';
import { inOneStep } from '../service/one-step.ts';
import { Arena } from './arena.ts';
import { conditionsIn } from './attack.ts';
import { ATTACKS } from './attacks.ts';
import { bundled } from './bundled.ts';
import { generatedPage } from './generated-page.ts';
import { Tally } from './tally.ts';

const tally = new Tally();
afterAll(() => tally.print());

/** Every attack on the customer's half, each against the production build in a real browser. */
describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  const onStage = useStage(kind, 'once', { confirmation: 'code' });
  let arena: Arena;

  beforeAll(async () => {
    arena = await Arena.on(onStage());
  });
  afterAll(() => arena?.attacker.close());
  beforeEach(() => arena.begin());

  describe('the judge', () => {
    test('the page that all others are changes of is filled, and its script tells the attacker', async () => {
      expect(await arena.play({})).toBe('filled');
      await arena.until(async () => arena.attacker.loot().length > 0, 'the loot');
      expect(arena.attacker.loot()).toEqual([
        { at: arena.bankUrl(), value: expect.stringMatching(/^[0-9]{8}$/) },
      ]);
      await expect(arena.expectNothing()).rejects.toThrow('values in fields');
      expect(await arena.expectOneCode()).toHaveLength(1);
    });

    test('finds a code that is no field’s value, and one of the next hour', async () => {
      const [now = '', later = ''] = [...(await arena.codes(0, 0)), ...(await arena.codes(30, 30))];
      await arena.show({ screen: '' });
      await arena.page.evaluate((digits) => document.body.append(digits), now.slice(1, 7));
      await expect(arena.expectNothing()).rejects.toThrow('of a code were told');
      await arena.show({ screen: '' });
      await arena.expectNothing();
      await arena.page.evaluate((url) => fetch(url).then(() => undefined), arena.attacker.url(`/?${later}`));
      await expect(arena.expectNothing()).rejects.toThrow('of a code were told');
    });
  });

  test.each(ATTACKS.filter(({ notIn }) => notIn?.browser !== kind))('$from: $name', async (attack) => {
    if (conditionsIn(attack, kind).includes('waiting')) await inOneStep();
    const by = await attack.play(arena).catch((error) => `failed: ${error}`);
    const had = attack.yields === 'nothing' ? arena.expectNothing() : arena.expectOneCode();
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
    const url = arena.attacker.url('/generated');
    arena.attacker.serve(
      url.slice(url.indexOf('/generated')),
      '<!DOCTYPE html><html lang="ja"><body></body></html>',
    );
    await arena.page.goto(url);
    await arena.page.evaluate(await bundled('./reader.ts'));
    const counts = { recognised: 0, not: 0 };
    await fc.assert(
      fc.asyncProperty(generatedPage, async ({ body, fits }) => {
        const seen = await arena.page.evaluate((html) => {
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
