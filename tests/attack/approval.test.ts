import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ContentScripts, contentScripts, forgetFilledSteps } from '../e2e/fixtures/content-script.ts';
import { pair, phoneWithToken } from '../e2e/flows/pairing.ts';
import { ownBuild } from '../e2e/own-build.ts';
import { Desktop } from '../e2e/pages/desktop.ts';
import type { Phone } from '../e2e/pages/phone.ts';
import { PATIENCE_MS } from '../e2e/patience.ts';
import { useStage } from '../e2e/stage.ts';
import { launch, type TestBrowser } from '../e2e/test-browser.ts';
import { type Attacker, startAttacker } from './attacker.ts';
import { bankPage } from './pages.ts';
import { StandIn } from './stand-in.ts';

/** Pages that want a code which the phone approves for another page: while it is asked, afterwards, and at another address. */

const MINUTES_APART = 10;
describe('a desktop that a phone approves for', () => {
  const onStage = useStage('chromium', { network: true });
  let pocket: TestBrowser;
  let phone: Phone;
  let desktop: Desktop;
  let attacker: Attacker;
  let standIn: StandIn;
  let scripts: ContentScripts;

  beforeAll(async () => {
    const { bank, browser, token } = onStage();
    pocket = await launch('firefox', ownBuild().output);
    phone = await phoneWithToken(onStage(), pocket);
    desktop = new Desktop(token.page);
    await pair(phone, desktop);
    attacker = await startAttacker();
    standIn = await StandIn.in(bank.page);
    scripts = await contentScripts(browser, token.page);
  });
  afterAll(async () => {
    await attacker?.close();
    await pocket?.close();
  });
  beforeEach(async () => {
    const { bank, system } = onStage();
    await bank.page.goto('about:blank');
    standIn.clear();
    // A step whose code nobody has, and a device that may ask again.
    await system.moveClock(system.offset() + MINUTES_APART * 60_000);
    await forgetFilledSteps(phone.page);
    await phone.page.goto('about:blank');
    await phone.page.goto(onStage().system.serviceUrl);
    await phone.code();
  });

  const bankUrl = (path = '/ib/index.do?PT=BS&CCT0080=9904') => `${onStage().system.bankUrl}${path}`;

  async function show(url = bankUrl(), parts = {}): Promise<void> {
    const { page } = onStage().bank;
    standIn.put(url, { html: bankPage({ tells: false, ...parts }, attacker) });
    await page.bringToFront();
    await page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  const report = async () => (await scripts.ask('page.report'))[0];

  /** Waits for a report, by its kind. */
  async function reported(kinds: RegExp) {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const now = await report();
      if (now && kinds.test(now.kind)) return now;
      if (Date.now() > until) throw new Error(`the page reports ${JSON.stringify(now)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What is asked for the page. */
  async function question() {
    const now = await reported(/^approving$/);
    return now.kind === 'approving' ? now : undefined;
  }

  /** Its number. */
  const asked = async () => (await question())?.number ?? '';

  /** All digits that stand in fields or in the text of the page. */
  const digits = () =>
    onStage().bank.page.evaluate(() =>
      [...document.querySelectorAll('input')]
        .map(({ value }) => value)
        .join('')
        .replace(/\D/g, ''),
    );

  test('the page that the others are changes of is filled once it is approved', async () => {
    await show();
    await phone.approval(await asked());
    await phone.approve();
    await onStage().bank.page.bringToFront();
    expect((await reported(/^(filled|refused)$/)).kind).toBe('filled');
    expect(await digits()).toMatch(/^[0-9]{8}$/);
  });

  test.each<[string, () => void]>([
    ['its field is gone', () => document.getElementById('code')?.remove()],
    [
      'its form leads elsewhere',
      () => document.querySelector('form')?.setAttribute('action', 'http://evil.localhost/take'),
    ],
    [
      'its field is covered',
      () =>
        document
          .getElementById('cover')
          ?.setAttribute('style', 'position: fixed; inset: 0; background: #fff'),
    ],
    [
      'its screen is another',
      () => {
        const heading = document.querySelector('h1');
        if (heading) heading.textContent = 'ワンタイムパスワード利用解除（利用解除確認）';
      },
    ],
  ])('a page is not filled where, while the phone is asked, %s', async (_what, happens) => {
    await show();
    const number = await asked();
    await phone.approval(number);
    await onStage().bank.page.bringToFront();
    await onStage().bank.page.evaluate(happens);
    await phone.approve();
    await onStage().bank.page.bringToFront();
    await reported(/^(refused|unrecognised)$/);
    expect(await digits()).toBe('');
  });

  test('a page that was left takes its question with it, and the next one gets nothing of it', async () => {
    await show();
    const first = await question();
    await phone.approval(first?.number ?? '');
    await show(bankUrl('/ib/next'));
    // By chance its number may be the same.
    expect((await question())?.until).toBeGreaterThan(first?.until ?? 0);
    expect(await digits()).toBe('');
    await phone.page.bringToFront();
    await phone.read(await asked());
  });

  test('a page that is left as the phone approves leaves the next one empty', async () => {
    await show();
    await phone.approval(await asked());
    const leaving = show(bankUrl('/ib/next'));
    await phone.pressWord('ok').catch(() => undefined);
    await leaving;
    await asked();
    expect(await digits()).toBe('');
  });

  test('a relay at another address is asked for by nobody', async () => {
    attacker.serve('/login/otp', bankPage({ tells: false }, attacker));
    const { page } = onStage().bank;
    await page.goto(attacker.url('/login/otp'));
    await page.waitForSelector('#code');
    expect(await scripts.ask('page.report')).toEqual([]);
    // The next question on the phone is the first it gets, and about the bank's own page.
    await show();
    const question = await phone.approval(await asked());
    expect(question).toContain(new URL(bankUrl()).origin);
    expect(question).not.toContain('evil.localhost');
  });

  test('a page cannot call off, answer or read what the phone is asked', async () => {
    await show();
    const number = await asked();
    const answers = await scripts.sayFrom(onStage().bank.page, [
      { type: 'approval.cancel', tabId: 1 },
      { type: 'approval.answer', code: '12345678' },
      { type: 'fill.recall', screen: 'BLI023' },
    ]);
    expect(answers).toEqual([null, null, null]);
    expect(await asked()).toBe(number);
  });
});
