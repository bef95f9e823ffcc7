import { describe, expect, test } from 'vitest';
import { contentScripts } from '../fixtures/content-script.ts';
import { disownLogin, hearOfLogin } from '../flows/elsewhere.ts';
import { issueToken } from '../flows/issue.ts';
import { putIntoUseBySignature, startBySignature } from '../flows/signed.ts';
import { Visitor } from '../flows/visitor.ts';
import { TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { useStage } from '../stage.ts';

const DAY_MS = 24 * 60 * 60_000;

/** 青森県信用組合 asks the token itself for login, 利用開始 and 利用解除: nothing is typed, and no button pressed. */
describe.each(['chromium', 'firefox'] as const)('login by signature, in %s', (kind) => {
  const onStage = useStage(kind, { institution: 'aomoriken' });

  test('利用開始 goes on by itself', async () => {
    const { bank, shot } = onStage();
    await putIntoUseBySignature(onStage(), TARO);
    await shot(bank, 'signed-start');
    await bank.logout();
  });

  test('a login goes on by itself, and the next one in the same minute as well', async () => {
    const { bank, shot } = onStage();
    for (const _time of ['once', 'again']) {
      await bank.login(TARO);
      await bank.see('トップページ');
    }
    await shot(bank, 'signed-top');
  });

  test('the code is typed where the customer asks for its field, and only then', async () => {
    const { bank, browser, token, shot } = onStage();
    await token.page.bringToFront();
    await token.lockWithPin('258036');
    await bank.login(TARO);
    await bank.asksForSignature();
    await shot(bank, 'signed-waits');
    await bank.useCode();
    // The field is read while the token is locked, and stays empty until the customer fills it.
    const [report] = await (await contentScripts(browser, token.page)).settled(1);
    expect(report).toMatchObject({ kind: 'refused', reason: 'locked' });
    await token.page.bringToFront();
    await token.unlockWithPin('258036');
    const code = await token.code();
    await bank.page.bringToFront();
    expect(await bank.code()).toBe('');
    await bank.typeCode(code);
    await bank.enterCode();
    await bank.see('トップページ');
  });

  test('利用解除 asks for the 確認用パスワード alone', async () => {
    const { bank, shot } = onStage();
    await bank.openRelease();
    await bank.read('トークンアプリで確認されました');
    await shot(bank, 'signed-release');
    await bank.release();
  });

  test('a device that is a day behind signs nevertheless, for the next token', async () => {
    const { bank, browser, system } = onStage();
    await system.moveClock(DAY_MS);
    await bank.login(TARO);
    const issued = await issueToken(bank, system, TARO);
    const adding = new Token(await browser.openTokenPage('add'));
    await adding.enrol(issued);
    await adding.page.close();
    await startBySignature(onStage());
    await bank.login(TARO);
    await bank.see('トップページ');
  });

  test('a login somewhere else is shown as what it is, and 心当たりがない stops the token', async () => {
    const { bank, system, token, shot } = onStage();
    const elsewhere = new Visitor(system.bankUrl);
    const page = await elsewhere.login(TARO);
    const [, number = ''] = /confirmation-number">([0-9]{2})</.exec(page) ?? [];
    await hearOfLogin(onStage(), number);
    await shot(token, 'signed-elsewhere');
    await disownLogin(token, number);
    await shot(token, 'signed-disowned');
    expect(await elsewhere.open('/top')).not.toContain('見本 太郎');
    await bank.login(TARO);
    await bank.read('利用停止');
    await system.mail(TARO.mail, '利用停止');
  });
});
