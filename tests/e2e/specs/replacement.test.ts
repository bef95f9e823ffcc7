import { beforeAll, describe, expect, test } from 'vitest';
import { untilHeardOf } from '../fixtures/background.ts';
import { contentScripts } from '../fixtures/content-script.ts';
import { putIntoUse } from '../flows/issue.ts';
import { ACTIVATION_PASSWORD, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { useStage } from '../stage.ts';

/** 新しい端末でのトークン利用: from the extension of one browser to the companion. */
describe.each(['chromium', 'firefox'] as const)('a token on a new device in %s', (kind) => {
  const onStage = useStage(kind);
  /** What the device says its browser is. */
  const name = { chromium: 'Chrome', firefox: 'Firefox' }[kind];

  beforeAll(async () => {
    await putIntoUse(onStage(), TARO);
  });

  test('is confirmed on the old one, and takes its place with its first code', async () => {
    const { system, browser, bank, token, shot } = onStage();
    const companion = new Token(await browser.newPage());
    await companion.page.goto(system.serviceUrl);
    await bank.beginReplacement();
    await shot(bank, 'replace-set-up');
    const issued = {
      serviceId: await bank.shown('サービスID'),
      userId: await bank.shown('ユーザID'),
      activationPassword: ACTIVATION_PASSWORD,
    };
    await companion.page.bringToFront();
    await companion.enrol({ ...issued, suffix: '新端末' });
    await bank.page.bringToFront();
    const number = await bank.askAboutNewDevice();
    await shot(bank, 'replace-waiting');
    const serial = await bank.shown('新しい端末のシリアルNo');
    expect(await companion.text()).toContain(serial);
    await untilHeardOf(token.page, serial);
    const asked = new Token(await browser.openPopup(bank.page));
    const question = await asked.question(number, 'newDeviceTitle');
    expect(question).toContain(serial);
    expect(question).toContain(await asked.word('deviceCompanion'));
    expect(question).toContain(name);
    await shot(asked, 'replace-question');
    await asked.confirmNewDevice();
    await bank.page.bringToFront();
    await bank.read('お手続きはまだ完了していません');
    await bank.settleNewDevice();
    await shot(bank, 'replace-start');
    // The old token is in this browser: its code is not filled where the new token's code is asked for.
    const [report] = await (await contentScripts(browser, token.page)).settled(1);
    expect(report).toMatchObject({ kind: 'unrecognised', reason: 'screen' });
    expect(await bank.code()).toBe('');
    await companion.page.bringToFront();
    const code = await companion.code();
    await bank.page.bringToFront();
    await bank.typeCode(code);
    await bank.startNewDevice();
    await shot(bank, 'replace-complete');
    const { text } = await system.mail(TARO.mail, '新しい端末でのトークン利用開始のお知らせ');
    expect(text).toContain(serial);
  });

  test('the old one says that it was replaced, and the next login wants the new one’s code', async () => {
    const { bank, token, shot } = onStage();
    await token.page.bringToFront();
    await token.checkForTransfers();
    await token.read(`${await token.word('deviceCompanion')} ${name}`);
    await shot(token, 'replaced-token');
    await bank.login(TARO);
    await bank.see('ログイン（ワンタイムパスワード認証）');
  });
});
