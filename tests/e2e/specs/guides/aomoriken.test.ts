import { describe, expect, test } from 'vitest';
import { faultsOf } from '../../axe.ts';
import { nextStep } from '../../flows/next-step.ts';
import { ACTIVATION_PASSWORD, TARO } from '../../pages/bank.ts';
import { Token } from '../../pages/token.ts';
import { type Stage, useStage } from '../../stage.ts';

/** The guide of 青森県信用組合, 「ワンタイムパスワード ご利用手順書」, chapter by chapter and step by step. */
describe.each(['chromium', 'firefox'] as const)('青森県信用組合 in %s', (kind) => {
  const onStage = useStage(kind, { institution: 'aomoriken' });

  test('ワンタイムパスワードアプリのダウンロード 手順1〜6', async () => {
    const { bank, system, shot } = onStage();
    await bank.login(TARO);
    // 手順1 メニューより「ワンタイムパスワード申請」、サブメニューより「ワンタイムパスワード申請」
    await bank.openOtpSubmenu();
    // 手順2 「トークン発行」ボタンをクリック
    await bank.read('（未登録）');
    await shot(bank, 'aomoriken-download-2');
    await bank.pressAndGo('トークン発行');
    // 手順3 送信先メールアドレスと利用開始パスワードを入力し、「次へ」
    await bank.read('BOT001');
    await shot(bank, 'aomoriken-download-3');
    await bank.fillIssue(TARO.mail);
    // 手順4 送付先メールアドレスを確認し、「確認用パスワード」を入力し、「確定する」
    await bank.read(TARO.mail);
    expect(await bank.text()).not.toContain('メール通知パスワード');
    await shot(bank, 'aomoriken-download-4');
    await bank.confirmIssue();
    // 手順5 「サービスID」と「ユーザID」
    await bank.read('BOT002');
    await shot(bank, 'aomoriken-download-5');
    // 手順6 「トークン発行のご案内」のメール
    const { from, text } = await system.mail(TARO.mail, 'トークン発行のご案内');
    expect(from).toContain('otp@aomoriken.example');
    expect(text).toContain(`サービスID：${await bank.shown('サービスID')}`);
    expect(text).toContain(`ユーザID：${await bank.shown('ユーザID')}`);
    expect(text).toContain(system.institution.serviceOrigin.split(':')[1]);
  });

  test('ワンタイムパスワードアプリの初期設定 手順1〜3', async () => {
    const { bank, token, shot } = onStage();
    const [serviceId, userId] = [await bank.shown('サービスID'), await bank.shown('ユーザID')];
    // 手順1 サービスID、ユーザID、利用開始パスワードを入力し、「送信」
    await token.page.bringToFront();
    await token.fillEnrolment({ serviceId, userId, activationPassword: ACTIVATION_PASSWORD });
    await shot(token, 'aomoriken-setup-1');
    await token.send();
    // 手順2 初期設定完了、「次へ」
    await token.readWord('enrolledBody');
    await shot(token, 'aomoriken-setup-2');
    await token.finishEnrolment();
    // 手順3 ワンタイムパスワードの表示
    expect(await token.code()).toMatch(/^[0-9]{8}$/);
    expect(await token.text()).toContain('青森県信用組合');
    await shot(token, 'aomoriken-setup-3');
    // The guide types its codes; the token would sign without one.
    await token.openFillMode();
    await token.tick(await token.word('fillOnRequest'));
    await token.readWord('fillModeSaved', await token.word('fillOnRequest'));
    await token.pressWord('back');
    await token.pressWord('back');
  });

  test('ワンタイムパスワード利用開始認証 手順1〜3', async () => {
    const { bank, shot } = onStage();
    await bank.page.bringToFront();
    // メニューより「ワンタイムパスワード申請」、サブメニューより「ワンタイムパスワード申請」
    await bank.openOtpSubmenu();
    // 手順1 「ワンタイムパスワード利用開始」ボタンをクリック
    await bank.read('トークン発行済');
    await shot(bank, 'aomoriken-start-1');
    await bank.pressAndGo('ワンタイムパスワード利用開始');
    // 手順2 ワンタイムパスワードを入力し、「利用開始する」
    await bank.asksForSignature();
    await shot(bank, 'aomoriken-start-2-signature');
    await bank.useCode();
    await typeCode(onStage());
    await shot(bank, 'aomoriken-start-2');
    await bank.activate();
    // 手順3 ソフトウェアトークン完了
    await shot(bank, 'aomoriken-start-3');
    await bank.pressAndGo('ワンタイムパスワード申請内容選択へ');
    await bank.read('サービス利用中');
    await bank.logout();
  });

  test('ログイン 手順1〜3', async () => {
    const { bank, shot } = onStage();
    await nextStep(onStage());
    // 手順1・2 「ログインID」、「ログインパスワード」を入力して「ログイン」
    await bank.login(TARO);
    // 手順3 ワンタイムパスワード認証
    await bank.see('ログイン（ワンタイムパスワード認証）');
    await bank.asksForSignature();
    await shot(bank, 'aomoriken-login-3-signature');
    expect(await faultsOf(bank.page)).toEqual([]);
    await bank.useCode();
    await typeCode(onStage());
    await shot(bank, 'aomoriken-login-3');
    await bank.enterCode();
    await bank.see('トップページ');
    await shot(bank, 'aomoriken-login-top');
  });

  test('振込手続 手順1〜6', async () => {
    const { bank, browser, shot } = onStage();
    const before = await bank.balance();
    // 手順1・2 振込先や振込金額等を入力し、「確認画面」
    const number = await bank.requestTransfer(150_000);
    await shot(bank, 'aomoriken-transfer-2');
    // 手順3・4 取引内容の確認
    const app = new Token(await browser.openPopup(bank.page));
    const question = await app.question(number);
    for (const item of ['requestedAt', 'destination', 'payee', 'amount'] as const) {
      expect(question).toContain(await app.word(item));
    }
    expect(question).toContain('ミホン ジロウ');
    expect(question).toContain('150,000');
    await shot(app, 'aomoriken-transfer-4');
    // 手順4・5 「お取引内容を確認しました。」「OK」、もう一度「OK」
    await app.confirmTransfer();
    // 手順6 「確認用パスワード」を入力して「確定する」
    await bank.page.bringToFront();
    await bank.read('お取引はまだ完了していません');
    await shot(bank, 'aomoriken-transfer-6');
    await bank.settleTransfer();
    await bank.see('振込（完了）');
    await shot(bank, 'aomoriken-transfer-done');
    expect(await bank.balance()).toBe(before - 150_000);
  });
});

/** Types the code that the token shows. */
async function typeCode({ bank, token }: Stage): Promise<void> {
  await token.page.bringToFront();
  const code = await token.code();
  await bank.page.bringToFront();
  await bank.typeCode(code);
}
