import { beforeAll, describe, expect, test } from 'vitest';
import { contentScripts } from '../fixtures/content-script.ts';
import { issueToken, putIntoUse } from '../flows/issue.ts';
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

/** What goes wrong before a token is in use, and what the customer is told. */
describe.each(['chromium', 'firefox'] as const)('on the way in %s', (kind) => {
  const onStage = useStage(kind, 'for each test');

  test('breaking off between issue and 利用開始 loses nothing', async () => {
    const { bank, system, token } = onStage();
    await bank.login(TARO);
    const issued = await issueToken(bank, system, TARO);
    await bank.forgetSession();
    await token.page.bringToFront();
    await token.enrol(issued);
    await bank.page.bringToFront();
    await bank.login(TARO);
    await bank.openOtpMenu();
    await bank.read('トークン発行済');
    await bank.openActivation();
    await bank.filledCode();
    await bank.activate();
  });

  test.each([2 * HOUR, -2 * HOUR])(
    'a device clock that is off by %i ms is measured, said and corrected',
    async (offMs) => {
      const { bank, shot, system, token } = onStage();
      await bank.login(TARO);
      const issued = await issueToken(bank, system, TARO);
      // The servers move one way, so the device is off the other way.
      await system.moveClock(offMs);
      await token.page.bringToFront();
      await token.enrol(issued);
      await token.read(await token.word('spanHours', '2'));
      await shot(token, offMs > 0 ? 'clock-behind' : 'clock-ahead');
      await bank.page.bringToFront();
      await bank.login(TARO);
      await bank.openActivation();
      await bank.filledCode();
      await bank.activate();
    },
  );
});

/** What goes wrong with a token in use. */
describe.each(['chromium', 'firefox'] as const)('in %s', (kind) => {
  const onStage = useStage(kind, 'once');

  beforeAll(() => putIntoUse(onStage(), TARO, '太郎'));

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
    await bank.login(HANAKO);
    const issued = await issueToken(bank, system, HANAKO);
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
    // An open token finds it out as well, when it next asks for what waits.
    await token.page.close();
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

describe('in chromium, by the popup', () => {
  const onStage = useStage('chromium', 'once');

  test('says what was filled, when the next code comes, and survives a killed worker', async () => {
    const { bank, browser, shot } = onStage();
    const empty = new Token(await browser.openPopup(bank.page));
    await empty.readWord('emptyTitle');
    await shot(empty, 'popup-empty');
    await putIntoUse(onStage(), TARO);
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
});
