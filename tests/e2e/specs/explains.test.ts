import { createServer } from 'node:http';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../service/free-port.ts';
import { countShownPages, forgetShownPages } from '../fixtures/background.ts';
import { contentScripts } from '../fixtures/content-script.ts';
import { FixtureSite, fixture } from '../fixtures/site.ts';
import { putIntoUse } from '../flows/issue.ts';
import { nextStep } from '../flows/next-step.ts';
import { ownBuild } from '../own-build.ts';
import { TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { PATIENCE_MS } from '../patience.ts';
import { useStage } from '../stage.ts';
import { launch, type TestBrowser } from '../test-browser.ts';

const { port, output } = ownBuild();
const BANK = `http://senpoku.localhost:${port + 1}`;
const NO_TOKEN = { kind: 'refused', screen: 'BLI023', reason: 'no-token' };

describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  describe('without a token', () => {
    let browser: TestBrowser;
    let older: Page;
    beforeAll(async () => {
      browser = await launch(kind, output, {
        // One page is gone back to, and another is answered in place of the bank.
        whole: true,
        network: true,
        before: async (bare) => {
          older = await bare.newPage();
          const site = await FixtureSite.in(older);
          await site.show(`${BANK}/ib/otp`, fixture('BLI023-modern'));
        },
      });
    });
    afterAll(() => browser?.close());

    test('a page that is older than the extension gets its content script when that is installed, and once', async () => {
      const scripts = await contentScripts(browser, await browser.openTokenPage());
      // A page is read when it is seen.
      await older.bringToFront();
      await expect.poll(() => scripts.ask('page.report'), { timeout: PATIENCE_MS }).toEqual([NO_TOKEN]);
      await older.close();
    });

    test('a page that was left tells of itself again when it comes back from the cache', async () => {
      const bank = createServer((_, response) => {
        response.setHeader('Content-Type', 'text/html; charset=utf-8').end(TRANSFER_PAGE);
      }).listen(port + 1);
      onTestFinished(() => void bank.close());
      const token = await browser.openTokenPage();
      const page = await browser.newPage(`${BANK}/ib/transfer`);
      await page.bringToFront();
      const shown = () => countShownPages(token);
      await expect.poll(shown, { timeout: PATIENCE_MS }).toBe(1);
      await page.evaluate(() => {
        addEventListener('pageshow', ({ persisted }) =>
          document.body.setAttribute('data-persisted', String(persisted)),
        );
      });
      await page.goto(`${BANK}/ib/next`);
      await forgetShownPages(token);
      // Neither puppeteer nor BiDi is told of a load that is none.
      await page.evaluate(() => history.back());
      const persisted = () =>
        page.evaluate(() => document.body.dataset.persisted).catch(() => 'not there yet');
      await expect.poll(persisted, { timeout: PATIENCE_MS }).toBe('true');
      await expect.poll(shown, { timeout: PATIENCE_MS }).toBe(1);
    });
  });

  describe('with a token', () => {
    const onStage = useStage(kind, { network: true });
    beforeAll(() => putIntoUse(onStage(), TARO));

    if (kind === 'chromium') {
      describe('by the popup', () => {
        test('a permission taken away is said with the way to give it back, and heals by itself', async () => {
          const { bank, browser, shot } = onStage();
          await nextStep(onStage());
          await bank.page.bringToFront();
          await bank.login(TARO);
          await bank.filledCode();
          await browser.allowHosts(false);
          const popup = new Token(await browser.openPopup(bank.page));
          await popup.readWord('accessBoth');
          await popup.readWord('accessAllow');
          expect(await popup.text()).not.toContain(await popup.word('clockUnreachable'));
          await shot(popup, 'popup-not-permitted');
          await browser.allowHosts(true);
          const again = new Token(await browser.openPopup(bank.page));
          await again.readWord('pageFilled');
        });

        test('a page that lets no script in is to be loaded again, by the button', async () => {
          const { browser } = onStage();
          const port = await freePort();
          const page = await browser.newPage();
          // Nobody listens there yet: the browser shows a page of its own under the bank's address.
          const url = `http://senpoku.localhost:${port}/`;
          await page.goto(url).catch(() => undefined);
          const popup = new Token(await browser.openPopup(page));
          await popup.readWord('pageNotInjected');
          const bank = createServer((_, response) => response.end('The bank is back')).listen(port);
          onTestFinished(() => void bank.close());
          await popup.pressWord('pageReload');
          await page.waitForFunction(() => document.body.innerText === 'The bank is back');
          expect(page.url()).toBe(url);
          // A tab that is still loading may never say that it is closed.
          await page.close();
        });

        test('a field that takes no typing is named, and the details hold nothing of the customer', async () => {
          const { browser, shot } = onStage();
          const site = await FixtureSite.in(await browser.newPage());
          const markup = { 'id="code"': 'id="code" disabled' };
          await site.show(`${BANK}/ib/otp?customer=taro0001`, fixture('BLI023-modern', markup));
          const popup = new Token(await browser.openPopup(site.page));
          await popup.read(await popup.word('checkDisabled', await popup.word('aboutField')));
          const code = await popup.code();
          const details = await popup.details();
          expect(details).toMatch(
            /^screen: -\nresult: unrecognised\nreason: field\ncheck: disabled\nextension: [\d.]+\nbrowser: .*Chrome.*\ntime: [\dTZ:.-]+$/,
          );
          for (const secret of [code, 'taro0001', 'localhost', 'customer'])
            expect(details).not.toContain(secret);
          await shot(popup, 'popup-details');
          await site.page.close();
        });

        test('the keys are named as they are set, or that none are', async () => {
          const { browser, token, shot } = onStage();
          await token.page.bringToFront();
          await token.openFillMode();
          for (const keys of ['', 'Ctrl+Shift+K']) {
            await browser.setKeys('fill', keys);
            // It looks again when the customer comes back to it.
            await token.page.bringToFront();
            await token.read(
              keys ? await token.word('shortcutKeys', keys) : await token.word('shortcutNone'),
            );
            await shot(token, keys ? 'fill-mode-keys' : 'fill-mode-no-keys');
          }
          await token.pressWord('back');
          await token.pressWord('back');
        });
      });
    }

    test('a filled page is still said as filled after an update, and an emptied one is left alone', async () => {
      const { bank, browser } = onStage();
      await nextStep(onStage());
      await bank.login(TARO);
      await bank.filledCode();
      await browser.restartExtension();
      const scripts = await contentScripts(browser, await browser.openTokenPage());
      await bank.page.bringToFront();
      // The new script reads the page once it is seen again.
      await expect
        .poll(() => scripts.ask('page.report'), { timeout: PATIENCE_MS })
        .toMatchObject([{ kind: 'filled', screen: 'BLI023' }]);
      await bank.typeCode('');
      await bank.loaded();
      await expect
        .poll(() => scripts.ask('page.report'), { timeout: PATIENCE_MS })
        .toEqual([{ kind: 'refused', screen: 'BLI023', reason: 'field-changed' }]);
      expect(await bank.code()).toBe('');
    });

    // Last: Firefox gives it back to its user alone.
    test('a permission taken away is said, not the network blamed', async () => {
      const { bank, browser, shot } = onStage();
      await browser.allowHosts(false);
      const token = new Token(await browser.openTokenPage());
      await token.readWord('accessService');
      await token.readWord('accessAllow');
      await token.pressWord('clockCheck');
      await token.readWord('accessNext');
      expect(await token.text()).not.toContain(await token.word('clockUnreachable'));
      await shot(token, 'access-taken-away');
      const adding = new Token(await browser.openTokenPage('add'));
      await adding.fillEnrolment({
        serviceId: '10112235',
        userId: '123456789012',
        activationPassword: '1234',
      });
      await adding.send();
      await adding.readWord('accessService');
      expect(await adding.text()).not.toContain(await adding.word('enrolUnreachable'));
      await shot(adding, 'enrol-access-taken-away');
      await bank.page.bringToFront();
    });
  });
});

const TRANSFER_PAGE = `<!doctype html><meta charset="utf-8"><p>画面ID : BFT003</p><h1>振込（取引認証）</h1>
<table><tr><th>確認番号</th><td>12</td></tr><tr><th>お振込先人名</th><td>カ)ミホン</td></tr>
<tr><th>お振込金額</th><td>150,000円</td></tr></table><form method="post"><button>確定する</button></form>`;
