import { afterAll, describe, expect, test } from 'vitest';
import { inOneStep } from '../../service/one-step.ts';
import { THE_CODE, until, useFillStage } from '../fill-stage.ts';
import { moveTokens } from '../fixtures/content-script.ts';
import { DECOYS, decoyRows } from '../fixtures/decoys.ts';
import { buildDeployment, type Deployment } from '../fixtures/extension.ts';
import {
  bodyOf,
  drawn,
  FIXTURE_SCREENS,
  pageOf,
  rendering,
  type ScreenName,
  topPage,
} from '../fixtures/renderings.ts';
import { FixtureSite, fixture } from '../fixtures/site.ts';

/** The screens of another family's bank. */
const SHINKIN: readonly ScreenName[] = ['shinkin-login', 'shinkin-stop'];

/** Those with fields for a token that has still to be registered. */
const FOR_NEW = ['shinkin-register', 'shinkin-exchange'] as const;
const WITH_ALL_FIELDS = ['modern', 'table'] as const;

/** Pages that all can be filled: the gate decides for whom, when, and how often. */
describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  let deployment: Deployment;
  afterAll(() => deployment?.remove());
  const {
    onStage,
    url,
    show,
    open,
    outcome,
    site,
    scripts,
    filledIn,
    filledCode,
    forgetSteps,
    fillOnRequest,
    errors,
  } = useFillStage(kind, {
    extension: (build) => {
      deployment = buildDeployment(build, kind);
      return deployment.output;
    },
  });

  const pageOfBank = (key: string) => `${deployment.origin(key)}/ib/index.do`;

  /** Has the token be of another institution while something is done. */
  async function asTokenOf(institution: string, act: () => Promise<void>): Promise<void> {
    const { page } = onStage().token;
    await moveTokens(page, institution);
    await act().finally(() => moveTokens(page, 'senpoku'));
  }

  describe('is filled', () => {
    test.each(drawn(SHINKIN))('%s: %s', (screen, markup) =>
      asTokenOf('ehime', async () => {
        const page = rendering(FIXTURE_SCREENS[screen], markup);
        expect(await open(page, pageOfBank('ehime'))).toMatchObject({ kind: 'filled' });
        expect(await filledCode()).toEqual(THE_CODE);
      }),
    );
  });

  describe('a token in use', () => {
    test.each(WITH_ALL_FIELDS)('gives its code at 交換, to its own field alone: %s', (markup) =>
      asTokenOf('ehime', async () => {
        const page = rendering(FIXTURE_SCREENS['shinkin-exchange'], markup);
        expect(await open(page, pageOfBank('ehime'))).toMatchObject({ kind: 'filled' });
        expect(await filledIn()).toEqual(THE_CODE);
        expect(await site().filledFields()).toEqual([expect.stringContaining('現在のワンタイムパスワード')]);
      }),
    );

    test.each(WITH_ALL_FIELDS)('is registered already: at 登録 it gives nothing: %s', (markup) =>
      asTokenOf('ehime', async () => {
        const page = rendering(FIXTURE_SCREENS['shinkin-register'], markup);
        const report = await open(page, pageOfBank('ehime'));
        expect(report).toMatchObject({ kind: 'refused', reason: 'no-token' });
        expect(await filledIn()).toEqual([]);
      }),
    );
  });

  describe('a screen changed without a load', () => {
    test.each(SHINKIN)('is filled: %s', (screen) =>
      asTokenOf('ehime', async () => {
        await open(topPage(), pageOfBank('ehime'));
        await site().draw(bodyOf(FIXTURE_SCREENS[screen], 'modern'));
        await site().untilCode();
        expect(await filledIn()).toEqual(THE_CODE);
      }),
    );
  });

  describe('stays empty', () => {
    describe(`${DECOYS.length} decoys`, () => {
      test('on the transfer’s page and on those of the しんきん family', async () => {
        for (const screen of ['BFT003', ...SHINKIN, ...FOR_NEW] as const) {
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
        expect(await filledIn()).toEqual(THE_CODE);
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
      site().put(own, inner);
      const frame = (src: string) =>
        pageOf(
          `<h1>ご案内</h1><iframe title="認証" width="900" height="600" src="${src}" ${attributes}></iframe>`,
        );
      if (between) site().put(between, frame(own));
      await site().show(top, frame(between ?? own));
      await site().loaded();
    }
    const top = () => `${deployment.origin('aomoriken')}/ib/top`;

    test('are filled', () =>
      asTokenOf('aomoriken', async () => {
        await openFramed(top());
        await until(async () => (await filledIn()).length > 0);
        expect(await filledIn()).toEqual(THE_CODE);
        expect(await outcome()).toMatchObject({ kind: 'filled' });
      }));

    test('are filled in a frame of its own in a frame of its own', () =>
      asTokenOf('aomoriken', async () => {
        await openFramed(top(), '', `${deployment.origin('aomoriken')}/ib/between`);
        await until(async () => (await filledIn()).length > 0);
        expect(await filledIn()).toEqual(THE_CODE);
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
        const answers = await scripts().ask('page.fill');
        for (const { kind: answered } of answers) expect(['refused', 'unrecognised']).toContain(answered);
        expect(await filledIn()).toEqual([]);
      }),
    );
  });

  describe('a token that fills on request', () => {
    test('waits for the customer, and fills when asked', async () => {
      await fillOnRequest(true);
      const waiting = await show('BLI023-modern').finally(() => fillOnRequest(false));
      expect(waiting).toEqual({ kind: 'refused', screen: 'BLI023', reason: 'on-request' });
      expect(await filledIn()).toEqual([]);
      await fillOnRequest(true);
      const asked = await scripts()
        .wish()
        .finally(() => fillOnRequest(false));
      expect(asked).toMatchObject([{ kind: 'filled' }]);
      expect(await filledIn()).toEqual(THE_CODE);
    });

    test('believes no page that looks again: once asked for is once filled', async () => {
      await fillOnRequest(true);
      await show('BLI023-modern');
      const refused = [{ kind: 'refused', screen: 'BLI023', reason: 'on-request' }];
      expect(await scripts().ask('page.fill')).toEqual(refused);
      expect(await scripts().wish()).toMatchObject([{ kind: 'filled' }]);
      await forgetSteps();
      await site().eraseField('code');
      const again = await scripts()
        .ask('page.fill')
        .finally(() => fillOnRequest(false));
      expect(again).toEqual(refused);
      expect(await filledIn()).toEqual([]);
    });

    test('asked in the minute of a code that is spent, fills the next one by itself', async () => {
      await inOneStep();
      expect(await show('BLI023-modern')).toMatchObject({ kind: 'filled' });
      await fillOnRequest(true);
      await show('BLI023-modern');
      expect(await scripts().wish()).toMatchObject([{ kind: 'waiting' }]);
      // The next minute, without waiting for it.
      await forgetSteps();
      const late = await scripts()
        .ask('page.fill')
        .finally(() => fillOnRequest(false));
      expect(late).toMatchObject([{ kind: 'filled' }]);
    });

    // A content script's own messages can be written from outside in Chromium alone, and a command given.
    if (kind === 'chromium') {
      test('is not moved by a content script that claims to be asked', async () => {
        await fillOnRequest(true);
        await show('BLI023-modern');
        const request = { type: 'fill.request', screen: 'BLI023', maxLength: 8 };
        const refused = { kind: 'refused', reason: 'on-request' };
        const answers = await scripts()
          .sayFrom(site().page, [
            request,
            { ...request, asked: 'customer' },
            { ...request, askedByCustomer: true },
            ...(await scripts().tabs()).map((tabId) => ({ type: 'fill.wish', tabId })),
            request,
          ])
          .finally(() => fillOnRequest(false));
        expect(answers.shift()).toEqual(refused);
        expect(answers.pop()).toEqual(refused);
        expect(answers.length).toBeGreaterThan(2);
        for (const answer of answers) expect(answer).toBeNull();
        expect(await filledIn()).toEqual([]);
      });

      test('fills by the keys', async () => {
        await fillOnRequest(true);
        await show('BLI023-modern');
        await scripts().command('fill');
        await until(async () => (await outcome()).kind === 'filled').finally(() => fillOnRequest(false));
        expect(await filledIn()).toEqual(THE_CODE);
      });
    }
  });

  describe('elsewhere stays empty', () => {
    test('the same host at another port', async () => {
      const other = new URL(url());
      other.port = '4999';
      await site().show(other.href, fixture('BLI023-modern'));
      expect(await outcome()).toMatchObject({ kind: 'refused', reason: 'sender-origin' });
      expect(await filledIn()).toEqual([]);
    });

    test.each(['senpoku.localhost.evil.localhost', 'senpoku-localhost.localhost', 'x.senpoku.localhost'])(
      '%s',
      async (host) => {
        const other = new URL(url());
        other.hostname = host;
        await site().show(other.href, fixture('BLI023-modern'));
        expect(await scripts().ask('page.report')).toEqual([]);
        expect(await filledIn()).toEqual([]);
      },
    );

    test('the bank in a frame of another site', async () => {
      const frame = `${onStage().system.bankUrl}/ib/framed`;
      site().put(frame, fixture('BLI023-modern'));
      const foreign = `http://evil.localhost:${new URL(url()).port}/`;
      await site().show(foreign, fixture('framed', { '<!-- frame -->': `src="${frame}"` }));
      await site().loaded();
      expect(site().page.frames()).toHaveLength(2);
      expect(await scripts().ask('page.report')).toEqual([]);
      expect(await filledIn()).toEqual([]);
    });

    test.each(['srcdoc', 'same origin', 'sandboxed'])('the bank in a frame of its own: %s', async (way) => {
      const frame = `${onStage().system.bankUrl}/ib/framed`;
      site().put(frame, fixture('BLI023-modern'));
      const html = fixture('BLI023-modern').body.toString().replaceAll('"', '&quot;');
      const attributes = way === 'srcdoc' ? `srcdoc="${html}"` : `src="${frame}"`;
      const sandbox = way === 'sandboxed' ? ' sandbox="allow-scripts allow-forms"' : '';
      await site().show(url(), fixture('framed', { '<!-- frame -->': attributes + sandbox }));
      await site().loaded();
      expect(site().page.frames()).toHaveLength(2);
      expect(await outcome()).toEqual({ kind: 'unrecognised', reason: 'field' });
      expect(await filledIn()).toEqual([]);
    });
  });

  describe('once', () => {
    test('a page that adds its field again gets no second code until the customer asks', async () => {
      expect(await show('BLI023-field-again')).toMatchObject({ kind: 'filled' });
      await forgetSteps();
      // The same code goes once into the new field.
      await until(async () => (await timesFilled()) === 2);
      await untilRefused();
      expect(await outcome()).toEqual({ kind: 'refused', screen: 'BLI023', reason: 'already-filled' });
      expect(await timesFilled()).toBe(2);

      await scripts().wish();
      await forgetSteps();
      await until(async () => (await timesFilled()) === 4);
      await untilRefused();
      expect(await timesFilled()).toBe(4);
    });

    const untilRefused = () => until(async () => (await outcome()).kind === 'refused');
    const timesFilled = () => site().timesFilled();

    test('asked twice at once: the second answer does not hide that the code is in', async () => {
      await show('BLI023-typed');
      await site().emptyField('code');
      const reports = await scripts().wish(3);
      expect(reports.map((report) => report.kind)).toEqual(['filled', 'filled', 'filled']);
      expect(await outcome()).toMatchObject({ kind: 'filled' });
      expect(await filledIn()).toEqual(THE_CODE);
    });

    test('a customer who emptied the field can ask for it again', async () => {
      await inOneStep();
      expect(await show('BLI023-modern')).toMatchObject({ kind: 'filled' });
      await site().eraseField('code');
      expect(await outcome()).toEqual({ kind: 'refused', screen: 'BLI023', reason: 'field-changed' });
      expect(await scripts().wish()).toMatchObject([{ kind: 'waiting' }]);
    });

    test('two tabs at once: the one looked at is filled, the other waits once it is', async () => {
      const second = await FixtureSite.in(await onStage().browser.newPage());
      await inOneStep();
      await Promise.all([
        site().show(url(), fixture('BLI023-modern')),
        second.show(url(), fixture('BLI023-table')),
      ]);
      await until(async () => (await kindsOfTabs()).includes('filled'));
      expect(await kindsOfTabs()).toEqual(['filled', 'unrecognised']);
      await site().page.bringToFront();
      await until(async () => (await kindsOfTabs()).includes('waiting'));
      expect(await kindsOfTabs()).toEqual(['filled', 'waiting']);
      await second.page.close();
    });

    const kindsOfTabs = async () => (await scripts().ask('page.report')).map(({ kind }) => kind).toSorted();
  });

  test('nothing in all this was an error on the page', () => {
    expect(errors()).toEqual([]);
  });
});
