import { describe, expect, test } from 'vitest';
import { mailPassword } from '../../flows/issue.ts';
import { nextStep } from '../../flows/next-step.ts';
import { ACTIVATION_PASSWORD, TARO } from '../../pages/bank.ts';
import { useStage } from '../../stage.ts';

/** The guide of 仙北信用組合, 「ワンタイムパスワード申請」, heading by heading and step by step. */
describe.each(['chromium', 'firefox'] as const)('仙北信用組合 in %s', (kind) => {
  const onStage = useStage(kind, { institution: 'senpoku' });
  let first = '';

  test('ワンタイムパスワード未利用時の一日あたりの振込・振替限度額は20万円まで', async () => {
    const { bank, shot } = onStage();
    await bank.login(TARO);
    await bank.enterTransfer(200_001);
    await bank.read('一日あたりの振込・振替限度額（200,000円）を超えています');
    await shot(bank, 'senpoku-limit');
  });

  test('ソフトウェアトークンの発行 手順1〜6', async () => {
    const { bank, system, shot } = onStage();
    // 手順1・2 【ワンタイムパスワード申請】→【ワンタイムパスワード申請】、「トークン発行」
    await bank.openOtpSubmenu();
    await bank.read('（未登録）');
    await shot(bank, 'senpoku-issue-2');
    await bank.pressAndGo('トークン発行');
    // 手順3 ソフトウェアトークン発行情報の入力
    await bank.read('BOT001');
    await shot(bank, 'senpoku-issue-3');
    await bank.fillIssue(TARO.mail);
    // 手順4 確認用パスワード・メール通知パスワード
    await bank.read('送信日時');
    await bank.read(TARO.mail);
    await shot(bank, 'senpoku-issue-4');
    await bank.confirmIssue(await mailPassword(system, TARO.mail));
    // 手順5・6 トークン情報、「トークン発行のご案内」のメール
    await bank.read('BOT002');
    await shot(bank, 'senpoku-issue-5');
    const { text } = await system.mail(TARO.mail, 'トークン発行のご案内');
    expect(text).toContain(await bank.shown('ユーザID'));
  });

  test('ワンタイムパスワードアプリの初期設定 手順1・2', async () => {
    const { bank, token, shot } = onStage();
    const [serviceId, userId] = [await bank.shown('サービスID'), await bank.shown('ユーザID')];
    await token.page.bringToFront();
    await token.fillEnrolment({ serviceId, userId, activationPassword: ACTIVATION_PASSWORD });
    await shot(token, 'senpoku-setup-1');
    await token.send();
    await token.readWord('enrolledBody');
    await shot(token, 'senpoku-setup-2');
    await token.finishEnrolment('本店用');
    // 8桁のワンタイムパスワード、信用組合名称、シリアルNo、利用開始日、有効期限
    expect(await token.code()).toMatch(/^[0-9]{8}$/);
    const text = await token.text();
    expect(text).toContain('仙北信用組合（本店用）');
    for (const word of ['serial', 'enrolledOn', 'expiresOn'] as const) {
      expect(text).toContain(await token.word(word));
    }
    await shot(token, 'senpoku-setup-code');
  });

  test('ワンタイムパスワード利用開始登録 手順1〜4', async () => {
    const { bank, shot } = onStage();
    await bank.page.bringToFront();
    // 手順1・2 「ワンタイムパスワード申請」→「ワンタイムパスワード申請」、「ワンタイムパスワード利用開始」
    await bank.openOtpSubmenu();
    await bank.read('トークン発行済');
    await bank.pressAndGo('ワンタイムパスワード利用開始');
    first = await bank.filledCode();
    await shot(bank, 'senpoku-start-3');
    await bank.activate();
    await shot(bank, 'senpoku-start-4');
    await bank.openOtpMenu();
    await bank.read('サービス利用中');
    await bank.logout();
  });

  test('資金移動の際は取引のつど、別のワンタイムパスワードで本人確認を行う', async () => {
    const { bank } = onStage();
    await nextStep(onStage());
    await bank.login(TARO);
    await bank.see('ログイン（ワンタイムパスワード認証）');
    const second = await bank.filledCode();
    expect(second).not.toBe(first);
    await bank.enterCode();
    await bank.see('トップページ');
  });

  test('ワンタイムパスワード利用解除 手順1〜4', async () => {
    const { bank, system, shot } = onStage();
    await nextStep(onStage());
    // 手順1・2 【ワンタイムパスワード申請】→【ワンタイムパスワード申請】、「ワンタイムパスワード利用解除」
    await bank.openOtpSubmenu();
    await bank.pressAndGo('ワンタイムパスワード利用解除');
    // 手順3 確認用パスワード、ワンタイムパスワードを入力し、「解除する」
    await bank.read('BOS001');
    await bank.filledCode();
    await shot(bank, 'senpoku-release-3');
    await bank.release();
    // 手順4 利用解除の完了; the next login asks for no code
    await shot(bank, 'senpoku-release-4');
    await system.mail(TARO.mail, '利用解除');
    await bank.logout();
    await bank.login(TARO);
    await bank.see('トップページ');
  });
});
