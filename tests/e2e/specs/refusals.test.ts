import { describe, expect, test } from 'vitest';
import { contentScripts } from '../fixtures/content-script.ts';
import { obtainToken } from '../flows/issue.ts';
import { nextStep } from '../flows/next-step.ts';
import { HANAKO, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { PATIENCE_MS } from '../patience.ts';
import { type Stage, useStage } from '../stage.ts';

const HOUR = 60 * 60_000;
const NOT_ACCEPTED = 'ワンタイムパスワードが正しくないか、すでに使用されています。';

/** A new step begun, BLI023 open with the code filled. */
async function atLoginScreen(stage: Stage): Promise<string> {
  await nextStep(stage);
  await stage.bank.login(TARO);
  return stage.bank.filledCode();
}

/** A device whose clock is wrong as a token is set up on it. */
describe.each(['chromium', 'firefox'] as const)('on the way in %s', (kind) => {
  const onStage = useStage(kind);

  // The servers move one way, so the device is off the other way; they go on in the order of time.
  test.each([
    { offMs: -2 * HOUR, fault: 'clockAhead', customer: TARO, place: '' },
    { offMs: 2 * HOUR, fault: 'clockBehind', customer: HANAKO, place: 'add' },
  ] as const)(
    'a device clock that is off is measured, said and corrected: $fault',
    async ({ offMs, fault, customer, place }) => {
      const { bank, browser, shot, system } = onStage();
      await system.moveClock(offMs);
      const issued = await obtainToken(onStage(), customer);
      const token = new Token(await browser.openTokenPage(place));
      await token.enrol(issued);
      await token.readWord(fault, await token.word('spanHours', '2'));
      await shot(token, fault === 'clockBehind' ? 'clock-behind' : 'clock-ahead');
      await token.page.close();
      await bank.page.bringToFront();
      await bank.openActivation();
      await bank.filledCode();
      await bank.activate();
    },
  );
});

/** What goes wrong with a token, and what the customer is told. */
describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  const onStage = useStage(kind);

  if (kind === 'chromium') {
    test('the popup tells somebody without a token how to get one', async () => {
      const { bank, browser, shot } = onStage();
      const popup = new Token(await browser.openPopup(bank.page));
      await popup.readWord('emptyTitle');
      await shot(popup, 'popup-empty');
    });
  }

  test('breaking off between issue and 利用開始 loses nothing', async () => {
    const { bank, token } = onStage();
    const issued = await obtainToken(onStage(), TARO);
    await bank.forgetSession();
    await token.page.bringToFront();
    await token.enrol({ ...issued, suffix: '太郎' });
    await bank.page.bringToFront();
    await bank.login(TARO);
    await bank.openOtpMenu();
    await bank.read('トークン発行済');
    await bank.openActivation();
    await bank.filledCode();
    await bank.activate();
  });

  test('a wrong code, then a replayed one, then the next step', async () => {
    const { bank, browser, shot, token } = onStage();
    const scripts = await contentScripts(browser, token.page);
    const code = await atLoginScreen(onStage());
    await bank.typeCode(code === '00000000' ? '11111111' : '00000000');
    await bank.enterCode();
    await bank.read(NOT_ACCEPTED);
    await shot(bank, 'wrong-code');
    // This step's code was filled before: the token waits for the next instead of offering it again.
    const waits = async () => {
      expect(await scripts.settled(1)).toMatchObject([{ kind: 'waiting' }]);
      expect(await bank.code()).toBe('');
    };
    await waits();
    await bank.typeCode(code);
    await bank.enterCode();
    await bank.see('トップページ');
    await bank.login(TARO);
    await waits();
    await bank.typeCode(code);
    await bank.enterCode();
    await bank.read(NOT_ACCEPTED);
  });

  if (kind === 'chromium') {
    test('says what was filled, when the next code comes, and survives a killed worker', async () => {
      const { bank, browser, shot } = onStage();
      await nextStep(onStage());

      await browser.killBackground();
      await bank.page.bringToFront();
      await bank.login(TARO);
      const code = await bank.filledCode();
      await expect.poll(() => browser.badge(bank.page), { timeout: PATIENCE_MS }).toBe('✓');
      const popup = new Token(await browser.openPopup(bank.page));
      expect(await popup.code()).toBe(code);
      await popup.readWord('pageFilled');
      await shot(popup, 'popup-filled');
      await shot(bank, 'BLI023-under-popup');

      // The same step again, after another death of the worker: not filled twice.
      await browser.killBackground();
      await bank.page.bringToFront();
      await bank.page.reload();
      const waiting = new Token(await browser.openPopup(bank.page));
      await waiting.read(await waiting.firstWords('pageWaiting'));
      await shot(waiting, 'popup-waiting');
      expect(await bank.code()).toBe('');
      await expect.poll(() => browser.badge(bank.page), { timeout: PATIENCE_MS }).toBe('…');
    });
  }

  test('with the service down, the token says so and goes on showing codes', async () => {
    const { bank, browser, shot, system, token } = onStage();
    await system.stopService();
    await token.page.bringToFront();
    await token.pressWord('clockCheck');
    await token.readWord('clockUnreachable');
    expect(await token.code()).toMatch(/^[0-9]{8}$/);
    await shot(token, 'service-down');
    const other = new Token(await browser.openTokenPage('add'));
    await other.fillEnrolment({ serviceId: '10112235', userId: '123456789012', activationPassword: '1234' });
    await other.send();
    await other.readWord('enrolUnreachable');
    await shot(other, 'enrol-unreachable');
    await bank.page.bringToFront();
    await bank.page.goto(`${system.bankUrl}/otp`);
    await shot(bank, 'bank-503');
    await system.startService();
    await other.page.bringToFront();
    await other.send();
    await other.readWord('enrolRefused');
    await other.page.close();
  });

  test('a second token: the customer chooses, and the choice is filled', async () => {
    const { bank, browser, shot, system } = onStage();
    await bank.page.bringToFront();
    const issued = await obtainToken(onStage(), HANAKO);
    const second = new Token(await browser.openTokenPage('add'));
    await second.enrol({ ...issued, suffix: '花子' });
    expect(await second.text()).toContain('仙北信用組合（花子）');
    await shot(second, 'second-token');
    await bank.page.bringToFront();
    await bank.openActivation();
    // 花子 was set up last and is the chosen one.
    await bank.filledCode();
    await bank.activate();
    await second.page.bringToFront();
    await second.chooseToken('太郎');
    await bank.page.bringToFront();
    await nextStep({ bank, system, token: second });
    await bank.login(TARO);
    await bank.filledCode();
    await bank.enterCode();
    await bank.see('トップページ');
    await second.page.close();
  });

  test('a clock that jumps after it was measured is found out when the bank refuses', async () => {
    const { bank, system, token } = onStage();
    await nextStep(onStage());
    // A token that asks for what waits finds it out as well: it is closed, and what it still asks ends with the service.
    await token.page.close();
    await system.stopService();
    await system.startService();
    await system.moveClock(2 * HOUR);
    await bank.login(TARO);
    const stale = await bank.filledCode();
    await bank.enterCode();
    await bank.read(NOT_ACCEPTED);
    expect(await bank.filledCode()).not.toBe(stale);
    await bank.enterCode();
    await bank.see('トップページ');
  });
});
