import { beforeAll, describe, expect, test } from 'vitest';
import { putIntoUse } from '../flows/issue.ts';
import { openSuspension, suspend } from '../flows/suspend.ts';
import { TARO } from '../pages/bank.ts';
import { PATIENCE_MS } from '../patience.ts';
import { useStage } from '../stage.ts';

const DAY_MS = 24 * 60 * 60_000;

/** 有効期限の更新 before the end, and 利用停止 by the customer. */
describe.each(['chromium', 'firefox'] as const)("the customer's safety net in %s", (kind) => {
  const onStage = useStage(kind, 'once');

  beforeAll(async () => {
    await putIntoUse(onStage(), TARO);
  });

  test('renews the token a month before its end, which the token takes over', async () => {
    const { system, bank, token, shot } = onStage();
    const end = await bank.tokenEnd();
    await system.moveClock(end - 30 * DAY_MS - Date.now());
    await token.page.bringToFront();
    await token.pressWord('clockCheck');
    await token.readWord('endingTitle', '30');
    await shot(token, 'token-ending');
    const login = await token.code();
    await bank.login(TARO);
    await bank.typeCode(login);
    await bank.enterCode();
    await bank.read('有効期限の更新');
    await system.moveClock(system.offset() + 60_000);
    await token.page.bringToFront();
    await token.pressWord('clockCheck');
    await expect.poll(() => token.code(), { timeout: PATIENCE_MS }).not.toBe(login);
    const renewal = await token.code();
    await bank.openRenewal();
    await bank.typeCode(renewal);
    await shot(bank, 'renew');
    await bank.renew();
    const renewed = await bank.tokenEnd();
    expect(renewed).toBeGreaterThan(end + 4 * 365 * DAY_MS);
    await token.page.bringToFront();
    await token.checkForTransfers();
    await token.read(String(new Date(renewed).getUTCFullYear()));
    await system.mail(TARO.mail, 'トークンの有効期限更新のお知らせ');
  });

  test('suspends it in the token, which says so, as do the login and a mail', async () => {
    const { system, bank, token, shot } = onStage();
    await openSuspension(token);
    await shot(token, 'token-suspend');
    await suspend(token);
    await shot(token, 'token-suspended');
    const { text } = await system.mail(TARO.mail, 'ワンタイムパスワード利用停止のお知らせ');
    expect(text).toContain('お客さまのお申し出により');
    await bank.login(TARO);
    await bank.read('トークンを利用停止にしています');
    await bank.pressAndGo('お困りのとき');
    await bank.see('トークンが利用停止中のとき');
  });

  test('shows no code of it to somebody who reloads while the service cannot be asked', async () => {
    const { system, token, shot } = onStage();
    await system.stopService();
    await token.page.bringToFront();
    await token.reload();
    await token.readWord('suspendedTitle');
    await token.readWord('suspendedLastKnown');
    await shot(token, 'token-suspended-offline');
  });
});
