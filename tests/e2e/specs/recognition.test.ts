import { describe, expect, test } from 'vitest';
import { THE_CODE, until, useFillStage } from '../fill-stage.ts';
import {
  BOX_DECOYS,
  bittenDecoys,
  boxes,
  countDecoys,
  DECOYS,
  decoyRows,
  TAKES_ONE_BOX_BACK,
} from '../fixtures/decoys.ts';
import { MADE_BY_SCRIPTS } from '../fixtures/made-by-scripts.ts';
import {
  CONCEALED,
  FORMS,
  HEADING,
  HEADINGS,
  ID,
  LABEL,
  NEIGHBOURS,
  STYLE,
} from '../fixtures/near-misses.ts';
import {
  bodyOf,
  drawn,
  FIXTURE_SCREENS,
  MARKUPS,
  pageOf,
  rendering,
  type ScreenName,
  screenOf,
  topPage,
} from '../fixtures/renderings.ts';
import { stylesheet } from '../fixtures/site.ts';
import { Token } from '../pages/token.ts';

/** The screens of the bank that runs; the transfer has tests of its own. */
const SCREENS: readonly ScreenName[] = ['BLI023', 'activation', 'BOS001'];

/** Pages of our own making at the bank's real origin: which are filled, and which must stay empty. */
describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  /** 確認番号 of a transfer that the customer has confirmed. */
  let number: string;
  const { url, show, open, outcome, site, scripts, filledIn, filledCode, forgetSteps, errors } = useFillStage(
    kind,
    {
      first: async ({ bank, browser }) => {
        number = await bank.requestTransfer(150_000);
        const confirming = new Token(await browser.openTokenPage('confirm'));
        await confirming.question(number);
        await confirming.confirmTransfer();
        await confirming.page.close();
      },
    },
  );

  describe('is filled', () => {
    // First of all: a confirmed transfer does not wait for ever.
    test.each(MARKUPS)('BFT003: %s, with the code of the transfer it shows', async (markup) => {
      const shown = { 確認番号: number, お振込先人名: 'ミホン ジロウ 様', お振込金額: '150,000円' };
      const screen = { ...FIXTURE_SCREENS.BFT003, facts: shown };
      expect(await open(rendering(screen, markup))).toMatchObject({ kind: 'filled', screen: 'BFT003' });
      const code = await filledCode();
      expect(code).toEqual(THE_CODE);
      // A transfer has one code; another amount gets none.
      const other = { ...screen, facts: { ...shown, お振込金額: '950,000円' } };
      expect(await open(rendering(other, markup))).toMatchObject({ reason: 'confirmation-differs' });
      expect(await filledIn()).toEqual([]);
    });

    test.each(drawn(SCREENS))('%s: %s', async (screen, markup) => {
      expect(await open(rendering(FIXTURE_SCREENS[screen], markup))).toMatchObject({ kind: 'filled' });
      expect(await filledCode()).toEqual(THE_CODE);
    });

    test.each(['shadowed-form', 'label-above', 'clobbered-document', 'form-in-a-circle'])(
      'BLI023-%s',
      async (name) => {
        expect(await show(`BLI023-${name}`)).toMatchObject({ kind: 'filled' });
        expect(await filledIn()).toEqual(THE_CODE);
      },
    );

    test.each(['below-the-fold', 'inner-scroll'])(
      'BLI023-%s: once the customer has scrolled there',
      async (name) => {
        const outside = { kind: 'unrecognised', reason: 'field', check: 'outside' };
        expect(await show(`BLI023-${name}`)).toEqual(outside);
        await site().goTo('code');
        await site().untilFilled();
        expect(await filledIn()).toEqual(THE_CODE);
      },
    );

    test('a page of 5,000 elements, read in a few times what it takes to ask for their styles', async () => {
      await show('BLI023-large');
      const readings: number[] = [];
      const styles: number[] = [];
      const isQuick = () => Math.min(...readings) < 20 * Math.min(...styles);
      // as many turns as find a quiet moment for both on a busy machine
      for (let turn = 0; turn < 15 && !isQuick(); turn += 1) {
        const start = performance.now();
        await scripts().ask('page.fill');
        readings.push(performance.now() - start);
        styles.push(await site().msOfStyles());
      }
      expect(Math.min(...readings)).toBeLessThan(20 * Math.min(...styles));
    });

    test.each(['revealed', 'restless'])('BLI023-%s: a step shown without any new element', async (name) => {
      const hidden = { kind: 'unrecognised', reason: 'field', check: 'too-small' };
      expect(await show(`BLI023-${name}`)).toEqual(hidden);
      await site().reveal();
      await site().untilFilled();
      expect(await filledIn()).toEqual(THE_CODE);
    });
  });

  describe('a screen changed without a load', () => {
    const draw = (body: string) => site().draw(body);
    const filled = () => site().untilCode();

    test('of which nothing is said while it asks for nothing, is filled once it asks', async () => {
      await site().show(url(), pageOf('<div id="app"><h1>お知らせ</h1></div>'));
      expect(await scripts().ask('page.report')).toEqual([]);
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      await filled();
      expect(await outcome()).toMatchObject({ kind: 'filled', screen: 'BLI023' });
    });

    test.each(Object.keys(MADE_BY_SCRIPTS))(
      'by its own scripts (%s) is filled, though nobody asks for it',
      async (how) => {
        await site().show(url(), pageOf(MADE_BY_SCRIPTS[how] ?? ''));
        await filled();
      },
    );

    test('is filled once it is there, each of several in turn', async () => {
      expect((await open(topPage())).kind).toBe('unrecognised');
      for (const screen of SCREENS) {
        await forgetSteps();
        await draw(bodyOf(FIXTURE_SCREENS[screen], 'modern'));
        await filled();
        expect(await filledIn()).toEqual(THE_CODE);
      }
    });

    test('that comes back is not filled again until the customer asks', async () => {
      await open(topPage());
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      await filled();
      await draw('<h1>トップページ</h1>');
      await until(async () => (await outcome()).kind === 'unrecognised');
      await forgetSteps();
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      await until(async () => (await outcome()).kind === 'refused');
      expect(await outcome()).toMatchObject({ reason: 'already-filled' });
      expect(await filledIn()).toEqual([]);
      expect(await scripts().wish()).toMatchObject([{ kind: 'filled' }]);
    });

    test('is told from the one before even where the field is the same element', async () => {
      await open(topPage());
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      await filled();
      await forgetSteps();
      const { id, heading } = FIXTURE_SCREENS.BOS001;
      await site().retitle(`画面ID : ${id}`, heading);
      await filled();
      expect(await outcome()).toMatchObject({ kind: 'filled', screen: 'BOS001' });
    });

    test('while the code was on its way, is not filled', async () => {
      await open(topPage());
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      const asking = scripts().ask('page.fill', 3);
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'table').replace('画面ID：BLI023', '画面ID：BPT001'));
      await asking;
      await until(async () => (await outcome()).kind === 'unrecognised');
      expect(await filledIn()).toEqual([]);
    });
  });

  describe('stays empty', () => {
    const field = `<tr><th>ワンタイムパスワード</th><td><input id="right" maxlength="8"></td></tr>`;

    describe(`${DECOYS.length} decoys`, () => {
      test('on the bank’s own page, without a field for the code', async () => {
        expect(await open(screenOf(decoyRows()))).toEqual({ kind: 'unrecognised', reason: 'field' });
        expect(await countDecoys(site().page)).toBe(DECOYS.length);
        expect(await bittenDecoys(site().page)).toEqual([]);
        expect(await filledIn()).toEqual([]);
      });

      test('around the field for the code, which alone is filled', async () => {
        const half = decoyRows().split('\n');
        const rows = half.toSpliced(half.length / 2, 0, field).join('\n');
        // It is below the fold: seen, and so filled, once the customer is there.
        expect(await open(screenOf(rows))).toMatchObject({ reason: 'field', check: 'outside' });
        await site().goTo('right');
        await until(async () => (await outcome()).kind === 'filled');
        expect(await bittenDecoys(site().page)).toEqual([]);
        expect(await site().valueOf('right')).toMatch(/^[0-9]{8}$/);
      });
    });

    test.each(Object.entries(BOX_DECOYS))('boxes for a digit each: %s', async (_what, decoy) => {
      const rows = `<tr><th>ワンタイムパスワード</th><td>${decoy}</td></tr>`;
      const { kind } = await open(screenOf(rows));
      expect(['unrecognised', 'refused', 'typed']).toContain(kind);
      expect(await filledIn()).toEqual([]);
    });

    test('boxes of which the page takes one back: all are emptied', async () => {
      const rows = `<tr><th>ワンタイムパスワード</th><td>${boxes(8)}</td></tr>`;
      const report = await open(screenOf(rows + TAKES_ONE_BOX_BACK));
      expect(report).toMatchObject({ kind: 'refused', reason: 'field-changed' });
      expect(await filledIn()).toEqual([]);
    });

    test.each(['login', 'search-and-coupon', 'positional'])('%s', async (name) => {
      expect((await show(name)).kind).toBe('unrecognised');
      expect(await filledIn()).toEqual([]);
    });

    test('two fields', async () => {
      expect(await show('two-fields')).toEqual({ kind: 'unrecognised', reason: 'several-fields' });
      expect(await filledIn()).toEqual([]);
    });

    test.each(NEIGHBOURS)('a field called 「%s」', async (label) => {
      expect(await show('BLI023-with-label', { [LABEL]: label })).toEqual({
        kind: 'unrecognised',
        reason: 'field',
      });
      expect(await filledIn()).toEqual([]);
    });

    test('the control: the same page with the right label, style, form and heading', async () => {
      const controls: [string, Record<string, string>][] = [
        ['BLI023-with-label', { [LABEL]: 'ワンタイムパスワード' }],
        ['BLI023-with-style', { [STYLE]: '#outer { opacity: 0.9; border-radius: 8px; overflow: hidden }' }],
        ['BLI023-with-form', { '<!-- button -->': ' formaction="/ib/other"' }],
        ['BLI023-with-heading', { '<!-- id -->': ID, '<!-- heading -->': HEADING }],
      ];
      for (const control of controls) {
        await forgetSteps();
        expect(await show(...control)).toMatchObject({ kind: 'filled' });
        expect(await filledIn()).toEqual(THE_CODE);
      }
    });

    test.each(Object.entries(CONCEALED))('a field concealed: %s', async (_way, [check, style]) => {
      expect(await show('BLI023-with-style', { [STYLE]: style })).toEqual({
        kind: 'unrecognised',
        reason: 'field',
        check,
      });
      expect(await filledIn()).toEqual([]);
    });

    test.each(Object.entries(FORMS))('a form that %s', async (_what, changes) => {
      const report = await show('BLI023-with-form', changes);
      expect(['unrecognised', 'refused']).toContain(report.kind);
      expect(await filledIn()).toEqual([]);
    });

    test.each(Object.entries(HEADINGS))('%s', async (_what, { id, heading }) => {
      const report = await show('BLI023-with-heading', { '<!-- id -->': id, '<!-- heading -->': heading });
      expect(report.kind).toBe('unrecognised');
      expect(await filledIn()).toEqual([]);
    });

    test('a field typed into already', async () => {
      expect(await show('BLI023-typed')).toEqual({ kind: 'typed', screen: 'BLI023' });
      expect(await filledIn()).toEqual([]);
    });

    test('a form whose fields pose as its parent', async () => {
      expect((await show('BLI023-form-leading-elsewhere')).kind).toBe('unrecognised');
      expect(await filledIn()).toEqual([]);
    });

    test('a field that a stylesheet still on its way will hide', async () => {
      const arrival = Promise.withResolvers<ReturnType<typeof stylesheet>>();
      site().put(new URL('/ib/late.css', url()).href, arrival.promise);
      const report = await show('BLI023-late-style');
      arrival.resolve(stylesheet('#code { opacity: 0 }'));
      await site().loaded();
      expect(report.kind).toBe('unrecognised');
      expect(await outcome()).toMatchObject({ kind: 'unrecognised' });
      expect(await filledIn()).toEqual([]);
    });
  });

  test('a page that makes reading fail gets an answer, not an error', async () => {
    const report = await show('BLI023-unreadable');
    expect(['unrecognised', 'filled']).toContain(report.kind);
    expect((await scripts().ask('page.fill')).map((answer) => answer.kind)).toEqual([report.kind]);
  });

  test('nothing in all this was an error on the page', () => {
    expect(errors()).toEqual([]);
  });
});
