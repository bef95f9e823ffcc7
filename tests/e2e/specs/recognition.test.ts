import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Check } from '../../../core/autofill/checks.ts';
import type { FillReport } from '../../../core/messages/fill.ts';
import {
  type ContentScripts,
  contentScripts,
  fillOnRequest,
  forgetFilledSteps,
  moveTokens,
} from '../fixtures/content-script.ts';
import { BOX_DECOYS, DECOYS, decoyRows } from '../fixtures/decoys.ts';
import { buildDeployment, type Deployment } from '../fixtures/extension.ts';
import {
  bodyOf,
  FIXTURE_SCREENS,
  MARKUPS,
  pageOf,
  rendering,
  type ScreenName,
} from '../fixtures/renderings.ts';
import { FixtureSite, fixture, type Resource, stylesheet } from '../fixtures/site.ts';
import { putIntoUse } from '../flows/issue.ts';
import { ownBuild } from '../own-build.ts';
import { Bank, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { type System, startSystem } from '../system.ts';
import { launch, type TestBrowser } from '../test-browser.ts';

/** The screens of the bank that runs, and those of another family's bank; the transfer has tests of its own. */
const SCREENS: readonly ScreenName[] = ['BLI023', 'activation', 'BOS001'];
const SHINKIN: readonly ScreenName[] = ['shinkin-login', 'shinkin-register'];
const drawn = (screens: readonly ScreenName[]) =>
  screens.flatMap((screen) => MARKUPS.map((markup) => [screen, markup] as const));

const LABEL = '<!-- label -->';
const STYLE = '/* style */';

const NEIGHBOURS = [
  '確認用パスワード',
  'メール通知パスワード',
  '合言葉',
  '左から8、9桁目',
  '暗証番号',
  '店番',
  '口座番号',
  'クーポンコード',
  'ログインパスワード',
  'ワンタイムパスワード利用開始日',
  'ワンタイムパスワード（確認用）',
  '利用開始パスワード',
  '取引認証コード',
  'ワンタイムパスワード以外のパスワード',
  '',
];

/** Ways to conceal a field by styles, and the check that refuses it. */
const CONCEALED: Record<string, readonly [Check, string]> = {
  'display none': ['too-small', '#inner { display: none }'],
  'visibility hidden': ['too-small', '#code { visibility: hidden }'],
  'opacity 0': ['faded', '#code { opacity: 0 }'],
  'ancestor opacity 0.01': ['faded', '#outer { opacity: 0.01 }'],
  'opacities that multiply to 0.04': ['faded', '#outer, #inner { opacity: 0.2 }'],
  'filter opacity': ['filtered', '#outer { filter: opacity(0.01) }'],
  mask: ['clipped', '#outer { mask-image: linear-gradient(transparent, transparent) }'],
  'clip-path': ['clipped', '#code { clip-path: inset(50%) }'],
  'ancestor clip-path, below the fold': ['clipped', '#outer { margin-top: 3000px; clip-path: circle(0) }'],
  clip: ['clipped', '#inner { position: absolute; clip: rect(0, 0, 0, 0) }'],
  'ancestor of no height': ['clipped', '#outer { height: 0; overflow: hidden }'],
  'ancestor of no height, below the fold': [
    'clipped',
    '#outer { margin-top: 3000px; height: 0; overflow: hidden }',
  ],
  'scroll area of no height': ['clipped', '#outer { height: 2px; overflow: auto }'],
  'left of the page': ['outside', '#code { position: absolute; left: -9999px }'],
  'above the page': ['outside', '#inner { position: absolute; top: -500px }'],
  'fixed, right of the window': ['outside', '#inner { position: fixed; left: 4000px; top: 10px }'],
  'fixed, below the window': [
    'outside',
    'body { height: 5000px } #inner { position: fixed; top: 3000px; left: 10px }',
  ],
  'moved away by a transform': ['outside', '#outer { transform: translateX(-3000px) }'],
  'scaled down': ['too-small', '#outer { transform: scale(0.1) }'],
  'a pixel high': ['too-small', '#code { height: 1px; padding: 0; border: 0 }'],
  'too narrow': ['too-small', '#code { width: 10px; padding: 0; border: 0 }'],
  'zoomed down': ['too-small', '#outer { zoom: 0.1 }'],
  'turned away': ['too-small', '#outer { transform: rotateY(90deg) }'],
  'under something': ['covered', '#cover { position: fixed; inset: 0; background: white }'],
  'under something see-through': ['covered', '#cover { position: fixed; inset: 0; opacity: 0.001 }'],
  'not to be clicked': ['covered', '#outer { pointer-events: none }'],
  'content-visibility': ['too-small', '#outer { content-visibility: hidden }'],
};

const FORMS: Record<string, Record<string, string>> = {
  'posts to another origin': {
    '<!-- form -->': '',
    'action="/ib/next"': 'action="https://evil.example/take"',
  },
  'posts to another port': { 'action="/ib/next"': 'action="http://senpoku.localhost:9/take"' },
  'has a javascript: action': { 'action="/ib/next"': 'action="javascript:void 0"' },
  'has a button that posts to another origin': {
    '<!-- button -->': ' formaction="https://evil.example/take"',
  },
  'has a button elsewhere that posts to another origin': {
    '</form>': '</form><input type="submit" form="f" formaction="//evil.example/take">',
    '<!-- form -->': ' id="f"',
  },
  'is under a foreign base': {
    '<!-- head -->': '<base href="https://evil.example/">',
    '"/ib/next"': '"next"',
  },
  'is inert': { '<!-- form -->': ' inert' },
  'has its field disabled by a fieldset': {
    '<p><label': '<fieldset disabled><p><label',
    '<!-- field -->></p>': '></p></fieldset>',
  },
  'has its field disabled': { '<!-- field -->': ' disabled' },
  'has its field read-only': { '<!-- field -->': ' readonly' },
  'has a field of 4 characters': { 'maxlength="8"<!-- field -->': 'maxlength="4"' },
  'has a field of 7 characters, too short for the token': { 'maxlength="8"<!-- field -->': 'maxlength="7"' },
  'has a hidden field': { '<!-- field -->': ' type="hidden"' },
  'has a search field': { '<!-- field -->': ' type="search"' },
  'has an e-mail field': { '<!-- field -->': ' type="email"' },
  'has a checkbox': { '<!-- field -->': ' type="checkbox" value=""' },
};

const ID = '画面ID : BLI023';
const HEADING = 'ログイン（ワンタイムパスワード認証）';
const HEADINGS: Record<string, { id: string; heading: string }> = {
  'BLI023 with another heading': { id: ID, heading: 'ワンタイムパスワードのご案内' },
  'BLI023 with the heading of BOS001': { id: ID, heading: 'ワンタイムパスワード利用解除（利用解除確認）' },
  'BLI023 with the heading of 利用開始': {
    id: ID,
    heading: 'ワンタイムパスワード利用開始（ソフトウェアトークン確認）',
  },
  'BLI023 with a hidden heading': { id: ID, heading: `</h1><h1 hidden>${HEADING}` },
  'BLI023 with a heading in a script': { id: ID, heading: `<script type="text/plain">${HEADING}</script>` },
  'the heading with no 画面ID': { id: '', heading: HEADING },
  'the heading with another 画面ID': { id: '画面ID : BPT001', heading: HEADING },
  'the heading with a 画面ID that goes on': { id: '画面ID : BLI0231', heading: HEADING },
  'the heading with a 画面ID in a script': {
    id: '<script type="text/plain">画面ID : BLI023</script>',
    heading: HEADING,
  },
  'the heading with a hidden 画面ID': { id: '<span hidden>画面ID : BLI023</span>', heading: HEADING },
  'the heading with a 画面ID half hidden': { id: '画面ID : <span hidden>BLI023</span>', heading: HEADING },
  'the heading with a 画面ID off the page': {
    id: '<span style="position: absolute; left: -9999px">画面ID : BLI023</span>',
    heading: HEADING,
  },
  'the heading with a see-through 画面ID': {
    id: '<span style="opacity: 0.02">画面ID : BLI023</span>',
    heading: HEADING,
  },
  'the heading with two 画面IDs': { id: '画面ID : BLI023</p><p>画面ID : BOP001', heading: HEADING },
  'another 画面ID shown, BLI023 hidden': {
    id: '画面ID : BOP001 <span hidden>画面ID : BLI023</span>',
    heading: HEADING,
  },
};

/** Pages of our own making at the bank's real origin: which are filled, and which must stay empty. */
describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  let system: System;
  let browser: TestBrowser;
  let token: Token;
  let site: FixtureSite;
  let scripts: ContentScripts;
  let deployment: Deployment;
  /** 確認番号 of a transfer that the customer has confirmed. */
  let number: string;
  const errors: string[] = [];

  beforeAll(async () => {
    const build = ownBuild();
    system = await startSystem(build, { confirmation: 'code' });
    deployment = buildDeployment(build, kind);
    browser = await launch(kind, deployment.output);
    const bank = new Bank(await browser.newPage(), system.bankUrl);
    token = new Token(await browser.openTokenPage());
    await putIntoUse({ bank, token, system }, TARO);
    number = await bank.requestTransfer(150_000);
    const confirming = new Token(await browser.openTokenPage('confirm'));
    await confirming.question(number);
    await confirming.confirmTransfer();
    await confirming.page.close();
    await bank.page.close();
    const page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    site = await FixtureSite.in(page);
    scripts = await contentScripts(browser, token.page);
    await page.bringToFront();
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
    deployment?.remove();
  });
  beforeEach(() => forgetFilledSteps(token.page));

  const url = () => `${system.bankUrl}/ib/index.do?PT=BS&CCT0080=9904`;

  const pageOfBank = (key: string) => `${deployment.origin(key)}/ib/index.do`;

  /** Opens a page at the bank's origin and waits until the token has made up its mind. */
  const show = (...of: Parameters<typeof fixture>) => open(fixture(...of));

  /** @param at an address of another bank */
  async function open(resource: Resource, at = url()): Promise<FillReport> {
    await site.show(at, resource);
    return outcome();
  }

  /** Has the token be of another institution while something is done. */
  async function asTokenOf(institution: string, act: () => Promise<void>): Promise<void> {
    await moveTokens(token.page, institution);
    await act().finally(() => moveTokens(token.page, 'senpoku'));
  }

  async function outcome(): Promise<FillReport> {
    const [report] = await scripts.settled(1);
    if (report === undefined) throw new Error('no content script');
    return report;
  }

  /** Values that the page did not come with, in all its frames. */
  async function filledIn(): Promise<string[]> {
    const perFrame = await Promise.all(
      site.page
        .frames()
        .map((frame) =>
          frame.evaluate(() =>
            [...document.getElementsByTagName('input')]
              .filter(({ value, defaultValue }) => value !== defaultValue)
              .map(({ value }) => value),
          ),
        ),
    );
    return perFrame.flat();
  }

  /** The code, wherever it stands: in one field, or a digit a box. */
  const filledCode = async () => [(await filledIn()).join('')];

  const theCode = [expect.stringMatching(/^[0-9]{8}$/)];

  describe('is filled', () => {
    // First of all: a confirmed transfer does not wait for ever.
    test.each(MARKUPS)('BFT003: %s, with the code of the transfer it shows', async (markup) => {
      const shown = { 確認番号: number, お振込先人名: 'ミホン ジロウ 様', お振込金額: '150,000円' };
      const screen = { ...FIXTURE_SCREENS.BFT003, facts: shown };
      expect(await open(rendering(screen, markup))).toMatchObject({ kind: 'filled', screen: 'BFT003' });
      const code = await filledCode();
      expect(code).toEqual(theCode);
      // Of one transfer there is one code, and another amount gets none.
      const other = { ...screen, facts: { ...shown, お振込金額: '950,000円' } };
      expect(await open(rendering(other, markup))).toMatchObject({ reason: 'confirmation-differs' });
      expect(await filledIn()).toEqual([]);
    });

    test.each(drawn(SCREENS))('%s: %s', async (screen, markup) => {
      expect(await open(rendering(FIXTURE_SCREENS[screen], markup))).toMatchObject({ kind: 'filled' });
      expect(await filledCode()).toEqual(theCode);
    });

    test.each(drawn(SHINKIN))('%s: %s', (screen, markup) =>
      asTokenOf('ehime', async () => {
        const page = rendering(FIXTURE_SCREENS[screen], markup);
        expect(await open(page, pageOfBank('ehime'))).toMatchObject({ kind: 'filled' });
        expect(await filledCode()).toEqual(theCode);
      }),
    );

    test.each(['shadowed-form', 'label-above', 'clobbered-document', 'form-in-a-circle'])(
      'BLI023-%s',
      async (name) => {
        expect(await show(`BLI023-${name}`)).toMatchObject({ kind: 'filled' });
        expect(await filledIn()).toEqual(theCode);
      },
    );

    test.each(['below-the-fold', 'inner-scroll'])(
      'BLI023-%s: once the customer has scrolled there',
      async (name) => {
        const outside = { kind: 'unrecognised', reason: 'field', check: 'outside' };
        expect(await show(`BLI023-${name}`)).toEqual(outside);
        await site.page.$eval('#code', (field) => field.scrollIntoView({ block: 'center' }));
        await site.page.waitForFunction(() => document.querySelector('input')?.value !== '', { polling: 50 });
        expect(await filledIn()).toEqual(theCode);
      },
    );

    test('a page of 5,000 elements, read in a few times what it takes to ask for their styles', async () => {
      await show('BLI023-large');
      const readings: number[] = [];
      const styles: number[] = [];
      for (let turn = 0; turn < 5; turn += 1) {
        const start = performance.now();
        await scripts.ask('page.fill');
        readings.push(performance.now() - start);
        styles.push(await site.page.evaluate(msOfStyles));
      }
      expect(Math.min(...readings)).toBeLessThan(10 * Math.min(...styles));
    });

    test.each(['revealed', 'restless'])('BLI023-%s: a step shown without any new element', async (name) => {
      const hidden = { kind: 'unrecognised', reason: 'field', check: 'too-small' };
      expect(await show(`BLI023-${name}`)).toEqual(hidden);
      await site.page.$eval('#step', (step) => step.classList.remove('later'));
      await site.page.waitForFunction(() => document.querySelector('input')?.value !== '', { polling: 50 });
      expect(await filledIn()).toEqual(theCode);
    });
  });

  describe('a screen changed without a load', () => {
    const blank = () => pageOf('<button>ログアウト</button><div id="app"><h1>トップページ</h1></div>');
    const draw = (body: string) =>
      site.page.$eval(
        '#app',
        (app, html) => {
          app.innerHTML = html;
        },
        body,
      );
    const filled = () =>
      site.page.waitForFunction(
        () => [...document.querySelectorAll('input')].some((input) => /^[0-9]{8}$/.test(input.value)),
        { polling: 50 },
      );

    test('of which nothing is said while it asks for nothing, is filled once it asks', async () => {
      await site.show(url(), pageOf('<div id="app"><h1>お知らせ</h1></div>'));
      expect(await scripts.ask('page.report')).toEqual([]);
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      await filled();
      expect(await outcome()).toMatchObject({ kind: 'filled', screen: 'BLI023' });
    });

    test('is filled once it is there, each of several in turn', async () => {
      expect((await open(blank())).kind).toBe('unrecognised');
      for (const screen of SCREENS) {
        await forgetFilledSteps(token.page);
        await draw(bodyOf(FIXTURE_SCREENS[screen], 'modern'));
        await filled();
        expect(await filledIn()).toEqual(theCode);
      }
    });

    test.each(SHINKIN)('is filled: %s', (screen) =>
      asTokenOf('ehime', async () => {
        await open(blank(), pageOfBank('ehime'));
        await draw(bodyOf(FIXTURE_SCREENS[screen], 'modern'));
        await filled();
        expect(await filledIn()).toEqual(theCode);
      }),
    );

    test('that comes back is not filled again until the customer asks', async () => {
      await open(blank());
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      await filled();
      await draw('<h1>トップページ</h1>');
      await until(async () => (await outcome()).kind === 'unrecognised');
      await forgetFilledSteps(token.page);
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      await until(async () => (await outcome()).kind === 'refused');
      expect(await outcome()).toMatchObject({ reason: 'already-filled' });
      expect(await filledIn()).toEqual([]);
      expect(await scripts.wish()).toMatchObject([{ kind: 'filled' }]);
    });

    test('is told from the one before even where the field is the same element', async () => {
      await open(blank());
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      await filled();
      await forgetFilledSteps(token.page);
      const { id, heading } = FIXTURE_SCREENS.BOS001;
      await site.page.evaluate(
        (shownId, shownHeading) => {
          const [idLine, title] = [document.querySelector('main p'), document.querySelector('h1')];
          if (idLine) idLine.textContent = `画面ID : ${shownId}`;
          if (title) title.textContent = shownHeading;
          for (const input of document.querySelectorAll('input')) input.value = '';
        },
        id,
        heading,
      );
      await filled();
      expect(await outcome()).toMatchObject({ kind: 'filled', screen: 'BOS001' });
    });

    test('while the code was on its way, is not filled', async () => {
      await open(blank());
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'modern'));
      const asking = scripts.ask('page.fill', 3);
      await draw(bodyOf(FIXTURE_SCREENS.BLI023, 'table').replace('画面ID：BLI023', '画面ID：BPT001'));
      await asking;
      await until(async () => (await outcome()).kind === 'unrecognised');
      expect(await filledIn()).toEqual([]);
    });
  });

  describe('stays empty', () => {
    const screenOf = (rows: string) =>
      pageOf(`<p>画面ID : ${FIXTURE_SCREENS.BLI023.id}</p><h1>${HEADING}</h1>
<form id="elsewhere" action="/ib/elsewhere"></form>
<form method="post" action="/ib/next"><table>${rows}</table></form>`);
    const field = `<tr><th>ワンタイムパスワード</th><td><input id="right" maxlength="8"></td></tr>`;

    /** Names of the decoys that hold anything. */
    const bitten = () =>
      site.page.$$eval('[data-decoy]', (inputs) =>
        inputs.flatMap((input) =>
          (input as HTMLInputElement).value === '' ? [] : (input.getAttribute('data-decoy') ?? ''),
        ),
      );

    describe(`${DECOYS.length} decoys`, () => {
      test('on the bank’s own page, without a field for the code', async () => {
        expect(await open(screenOf(decoyRows()))).toEqual({ kind: 'unrecognised', reason: 'field' });
        expect(await site.page.$$eval('[data-decoy]', (inputs) => inputs.length)).toBe(DECOYS.length);
        expect(await bitten()).toEqual([]);
        expect(await filledIn()).toEqual([]);
      });

      test('around the field for the code, which alone is filled', async () => {
        const half = decoyRows().split('\n');
        const rows = half.toSpliced(half.length / 2, 0, field).join('\n');
        // It is below the fold: seen, and so filled, once the customer is there.
        expect(await open(screenOf(rows))).toMatchObject({ reason: 'field', check: 'outside' });
        await site.page.$eval('#right', (input) => input.scrollIntoView({ block: 'center' }));
        await until(async () => (await outcome()).kind === 'filled');
        expect(await bitten()).toEqual([]);
        expect(await site.page.$eval('#right', (input) => (input as HTMLInputElement).value)).toMatch(
          /^[0-9]{8}$/,
        );
      });

      test('on the transfer’s page and on those of the しんきん family', async () => {
        for (const screen of ['BFT003', ...SHINKIN] as const) {
          const { heading } = FIXTURE_SCREENS[screen];
          const rows = decoyRows();
          const id = screen === 'BFT003' ? '画面ID : BFT003' : '';
          const page = pageOf(`<p>${id}</p><h1>${heading}</h1><form><table>${rows}</table></form>`);
          const at = screen === 'BFT003' ? url() : pageOfBank('ehime');
          expect(await open(page, at)).toEqual({ kind: 'unrecognised', reason: 'field' });
          expect(await filledIn()).toEqual([]);
        }
      });
    });

    test.each(Object.entries(BOX_DECOYS))('boxes for a digit each: %s', async (_what, boxes) => {
      const rows = `<tr><th>ワンタイムパスワード</th><td>${boxes}</td></tr>`;
      const { kind } = await open(screenOf(rows));
      expect(['unrecognised', 'refused', 'typed']).toContain(kind);
      expect(await filledIn()).toEqual([]);
    });

    test('boxes of which the page takes one back: all are emptied', async () => {
      const boxes = '<input size="1" maxlength="1">'.repeat(8);
      const rows = `<tr><th>ワンタイムパスワード</th><td>${boxes}</td></tr>`;
      const script = `<script>
document.addEventListener('input', () => { document.querySelectorAll('input')[6].value = ''; });
</script>`;
      const report = await open(screenOf(rows + script));
      expect(report).toMatchObject({ kind: 'refused', reason: 'field-changed' });
      expect(await filledIn()).toEqual([]);
    });

    test('the pages of one family at a bank of another', async () => {
      const shinkin = rendering(FIXTURE_SCREENS['shinkin-register'], 'modern');
      expect(await open(shinkin)).toMatchObject({ kind: 'refused', reason: 'screen-unknown' });
      await asTokenOf('ehime', async () => {
        const anser = rendering(FIXTURE_SCREENS.BLI023, 'modern');
        const report = await open(anser, pageOfBank('ehime'));
        expect(report).toMatchObject({ kind: 'refused', reason: 'screen-unknown' });
      });
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
        await forgetFilledSteps(token.page);
        expect(await show(...control)).toMatchObject({ kind: 'filled' });
        expect(await filledIn()).toEqual(theCode);
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
      site.put(new URL('/ib/late.css', url()).href, arrival.promise);
      const report = await show('BLI023-late-style');
      arrival.resolve(stylesheet('#code { opacity: 0 }'));
      await site.page.waitForFunction(() => document.readyState === 'complete', { polling: 50 });
      expect(report.kind).toBe('unrecognised');
      expect(await outcome()).toMatchObject({ kind: 'unrecognised' });
      expect(await filledIn()).toEqual([]);
    });
  });

  describe('an origin that institutions share', () => {
    const page = (above: string) => rendering(FIXTURE_SCREENS.BLI023, 'table', above);

    test.each([
      '<p>あかぎ信用組合</p>',
      '<p>金融機関コード：9903</p>',
      `<div><img src="data:image/gif;base64,R0lGODlhAQABAIAAACtKfwAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==" width="200" height="40" alt="あかぎ信用組合"></div>`,
    ])('is filled where the page says whose it is: %s', (above) =>
      asTokenOf('akagi', async () => {
        expect(await open(page(above), pageOfBank('akagi'))).toMatchObject({ kind: 'filled' });
        expect(await filledIn()).toEqual(theCode);
      }),
    );

    test.each([
      ['', 'institution-unknown'],
      ['<p>あかぎ信用組合 秋田県信用組合</p>', 'institution-unknown'],
      ['<p hidden>あかぎ信用組合</p>', 'institution-unknown'],
      ['<p>金融機関コード：9999</p>', 'institution-unknown'],
      ['<p>秋田県信用組合</p>', 'no-token'],
    ])('stays empty with %j above: %s', (above, reason) =>
      asTokenOf('akagi', async () => {
        expect(await open(page(above), pageOfBank('akagi'))).toMatchObject({
          kind: 'refused',
          reason,
        });
        expect(await filledIn()).toEqual([]);
      }),
    );

    test('a bank’s own origin with another’s bank code', async () => {
      expect(await open(page('<p>金融機関コード：9905</p>'))).toMatchObject({
        reason: 'institution-unknown',
      });
      expect(await filledIn()).toEqual([]);
    });
  });

  describe('frames of a bank that asks in them', () => {
    const inner = rendering(FIXTURE_SCREENS.BLI023, 'modern');

    /** Opens a page with the bank's screen in a frame, or in a frame of another page in one. */
    async function openFramed(top: string, attributes = '', between?: string): Promise<void> {
      const own = `${deployment.origin('aomoriken')}/ib/inner`;
      site.put(own, inner);
      const frame = (src: string) =>
        pageOf(
          `<h1>ご案内</h1><iframe title="認証" width="900" height="600" src="${src}" ${attributes}></iframe>`,
        );
      if (between) site.put(between, frame(own));
      await site.show(top, frame(between ?? own));
      await site.page.waitForFunction(() => document.readyState === 'complete', { polling: 50 });
    }
    const top = () => `${deployment.origin('aomoriken')}/ib/top`;

    test('are filled', () =>
      asTokenOf('aomoriken', async () => {
        await openFramed(top());
        await until(async () => (await filledIn()).length > 0);
        expect(await filledIn()).toEqual(theCode);
        expect(await outcome()).toMatchObject({ kind: 'filled' });
      }));

    test('are filled in a frame of its own in a frame of its own', () =>
      asTokenOf('aomoriken', async () => {
        await openFramed(top(), '', `${deployment.origin('aomoriken')}/ib/between`);
        await until(async () => (await filledIn()).length > 0);
        expect(await filledIn()).toEqual(theCode);
      }));

    test('the top page is filled as ever', () =>
      asTokenOf('aomoriken', async () => {
        expect(await open(inner, top())).toMatchObject({ kind: 'filled' });
      }));

    test.each([
      ['in a page of another site', 'http://evil.localhost:4999/', '', undefined],
      ['in another bank’s page', 'bank', '', undefined],
      ['in a foreign frame of its own page', 'own', '', 'http://evil.localhost:4999/between'],
      ['sandboxed', 'own', 'sandbox="allow-scripts allow-forms"', undefined],
      ['hidden', 'own', 'style="visibility: hidden"', undefined],
      ['faded', 'own', 'style="opacity: 0.02"', undefined],
      ['off the page', 'own', 'style="position: absolute; left: -5000px"', undefined],
      ['covered', 'own', '></iframe><div style="position: fixed; inset: 0"></div><iframe hidden', undefined],
    ])('stay empty %s', (_how, where, attributes, between) =>
      asTokenOf('aomoriken', async () => {
        await openFramed(where === 'own' ? top() : where === 'bank' ? url() : where, attributes, between);
        const answers = await scripts.ask('page.fill');
        for (const { kind: answered } of answers) expect(['refused', 'unrecognised']).toContain(answered);
        expect(await filledIn()).toEqual([]);
      }),
    );
  });

  describe('a token that fills on request', () => {
    test('waits for the customer, and fills when asked', async () => {
      await fillOnRequest(token.page, true);
      const waiting = await show('BLI023-modern').finally(() => fillOnRequest(token.page, false));
      expect(waiting).toEqual({ kind: 'refused', screen: 'BLI023', reason: 'on-request' });
      expect(await filledIn()).toEqual([]);
      await fillOnRequest(token.page, true);
      const asked = await scripts.wish().finally(() => fillOnRequest(token.page, false));
      expect(asked).toMatchObject([{ kind: 'filled' }]);
      expect(await filledIn()).toEqual(theCode);
    });

    test('believes no page that looks again: once asked for is once filled', async () => {
      await fillOnRequest(token.page, true);
      await show('BLI023-modern');
      const refused = [{ kind: 'refused', screen: 'BLI023', reason: 'on-request' }];
      expect(await scripts.ask('page.fill')).toEqual(refused);
      expect(await scripts.wish()).toMatchObject([{ kind: 'filled' }]);
      await forgetFilledSteps(token.page);
      await site.page.$eval('#code', (field) => {
        (field as HTMLInputElement).value = '';
      });
      const again = await scripts.ask('page.fill').finally(() => fillOnRequest(token.page, false));
      expect(again).toEqual(refused);
      expect(await filledIn()).toEqual([]);
    });

    test('asked in the minute of a code that is spent, fills the next one by itself', async () => {
      expect(await show('BLI023-modern')).toMatchObject({ kind: 'filled' });
      await fillOnRequest(token.page, true);
      await show('BLI023-modern');
      expect(await scripts.wish()).toMatchObject([{ kind: 'waiting' }]);
      // The next minute, without waiting for it.
      await forgetFilledSteps(token.page);
      const late = await scripts.ask('page.fill').finally(() => fillOnRequest(token.page, false));
      expect(late).toMatchObject([{ kind: 'filled' }]);
    });

    // A content script's own messages can be written from outside in Chromium alone, and a command given.
    if (kind === 'chromium') {
      test('is not moved by a content script that claims to be asked', async () => {
        await fillOnRequest(token.page, true);
        await show('BLI023-modern');
        const request = { type: 'fill.request', screen: 'BLI023', maxLength: 8 };
        const refused = { kind: 'refused', reason: 'on-request' };
        const answers = await scripts
          .sayFrom(site.page, [
            request,
            { ...request, asked: 'customer' },
            { ...request, askedByCustomer: true },
            ...(await scripts.tabs()).map((tabId) => ({ type: 'fill.wish', tabId })),
            request,
          ])
          .finally(() => fillOnRequest(token.page, false));
        expect(answers.shift()).toEqual(refused);
        expect(answers.pop()).toEqual(refused);
        expect(answers.length).toBeGreaterThan(2);
        for (const answer of answers) expect(answer).toBeNull();
        expect(await filledIn()).toEqual([]);
      });

      test('fills by the keys', async () => {
        await fillOnRequest(token.page, true);
        await show('BLI023-modern');
        await scripts.command('fill');
        await until(async () => (await outcome()).kind === 'filled').finally(() =>
          fillOnRequest(token.page, false),
        );
        expect(await filledIn()).toEqual(theCode);
      });
    }
  });

  describe('elsewhere stays empty', () => {
    test('the same host at another port', async () => {
      const other = new URL(url());
      other.port = '4999';
      await site.show(other.href, fixture('BLI023-modern'));
      expect(await outcome()).toMatchObject({ kind: 'refused', reason: 'sender-origin' });
      expect(await filledIn()).toEqual([]);
    });

    test.each(['senpoku.localhost.evil.localhost', 'senpoku-localhost.localhost', 'x.senpoku.localhost'])(
      '%s',
      async (host) => {
        const other = new URL(url());
        other.hostname = host;
        await site.show(other.href, fixture('BLI023-modern'));
        expect(await scripts.ask('page.report')).toEqual([]);
        expect(await filledIn()).toEqual([]);
      },
    );

    test('the bank in a frame of another site', async () => {
      const frame = `${system.bankUrl}/ib/framed`;
      site.put(frame, fixture('BLI023-modern'));
      const foreign = `http://evil.localhost:${new URL(url()).port}/`;
      await site.show(foreign, fixture('framed', { '<!-- frame -->': `src="${frame}"` }));
      await site.page.waitForFunction(() => document.readyState === 'complete', { polling: 50 });
      expect(site.page.frames()).toHaveLength(2);
      expect(await scripts.ask('page.report')).toEqual([]);
      expect(await filledIn()).toEqual([]);
    });

    test.each(['srcdoc', 'same origin', 'sandboxed'])('the bank in a frame of its own: %s', async (way) => {
      const frame = `${system.bankUrl}/ib/framed`;
      site.put(frame, fixture('BLI023-modern'));
      const html = fixture('BLI023-modern').body.toString().replaceAll('"', '&quot;');
      const attributes = way === 'srcdoc' ? `srcdoc="${html}"` : `src="${frame}"`;
      const sandbox = way === 'sandboxed' ? ' sandbox="allow-scripts allow-forms"' : '';
      await site.show(url(), fixture('framed', { '<!-- frame -->': attributes + sandbox }));
      await site.page.waitForFunction(() => document.readyState === 'complete', { polling: 50 });
      expect(site.page.frames()).toHaveLength(2);
      expect(await outcome()).toEqual({ kind: 'unrecognised', reason: 'field' });
      expect(await filledIn()).toEqual([]);
    });
  });

  describe('once', () => {
    test('a page that adds its field again gets no second code until the customer asks', async () => {
      expect(await show('BLI023-field-again')).toMatchObject({ kind: 'filled' });
      await forgetFilledSteps(token.page);
      const again = { kind: 'refused', screen: 'BLI023', reason: 'already-filled' };
      await until(async () => (await outcome()).kind === 'refused');
      expect(await outcome()).toEqual(again);
      expect(await timesFilled()).toBe(1);

      await scripts.wish();
      expect(await timesFilled()).toBe(2);
      await forgetFilledSteps(token.page);
      await until(async () => (await outcome()).kind === 'refused');
      expect(await timesFilled()).toBe(2);
    });

    const timesFilled = () => site.page.evaluate(() => Number(document.documentElement.dataset.filled));

    test('asked twice at once: the second answer does not hide that the code is in', async () => {
      await show('BLI023-typed');
      await site.page.$eval('#code', (field) => {
        (field as HTMLInputElement).value = '';
      });
      const reports = await scripts.wish(3);
      expect(reports.map((report) => report.kind)).toEqual(['filled', 'filled', 'filled']);
      expect(await outcome()).toMatchObject({ kind: 'filled' });
      expect(await filledIn()).toEqual(theCode);
    });

    test('a customer who emptied the field can ask for it again', async () => {
      expect(await show('BLI023-modern')).toMatchObject({ kind: 'filled' });
      await site.page.$eval('#code', (field) => {
        (field as HTMLInputElement).value = '';
      });
      expect(await outcome()).toEqual({ kind: 'refused', screen: 'BLI023', reason: 'field-changed' });
      expect(await scripts.wish()).toMatchObject([{ kind: 'waiting' }]);
    });

    test('two tabs at once: the one looked at is filled, the other waits once it is', async () => {
      const second = await FixtureSite.in(await browser.newPage());
      await Promise.all([
        site.show(url(), fixture('BLI023-modern')),
        second.show(url(), fixture('BLI023-table')),
      ]);
      await until(async () => (await kindsOfTabs()).includes('filled'));
      expect(await kindsOfTabs()).toEqual(['filled', 'unrecognised']);
      await site.page.bringToFront();
      await until(async () => (await kindsOfTabs()).includes('waiting'));
      expect(await kindsOfTabs()).toEqual(['filled', 'waiting']);
      await second.page.close();
    });

    const kindsOfTabs = async () => (await scripts.ask('page.report')).map(({ kind }) => kind).toSorted();
  });

  test('a page that makes reading fail gets an answer, not an error', async () => {
    const report = await show('BLI023-unreadable');
    expect(['unrecognised', 'filled']).toContain(report.kind);
    expect((await scripts.ask('page.fill')).map((answer) => answer.kind)).toEqual([report.kind]);
  });

  test('nothing in all this was an error on the page', () => {
    expect(errors).toEqual([]);
  });
});

const PATIENCE_MS = 5_000;

async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not happen');
  }
}

/** How long it takes in a page to ask each element for its styles, generated boxes and place, in milliseconds. */
function msOfStyles(): number {
  const start = performance.now();
  for (const element of document.querySelectorAll('*')) {
    for (const part of [undefined, '::before', '::after']) void getComputedStyle(element, part).content;
    element.getClientRects();
  }
  return performance.now() - start;
}
