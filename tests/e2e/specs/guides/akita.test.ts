import { describe, expect, test } from 'vitest';
import { nextStep } from '../../flows/next-step.ts';
import { ACTIVATION_PASSWORD, TARO } from '../../pages/bank.ts';
import { Staff } from '../../pages/staff.ts';
import { useStage } from '../../stage.ts';

/** The guide of 秋田県信用組合, 「ワンタイムパスワード機能」設定方法について, number by number. */
describe.each(['chromium', 'firefox'] as const)('秋田県信用組合 in %s', (kind) => {
  const onStage = useStage(kind, { institution: 'akita' });
  let staff: Staff;

  test('１ (1) at the counter first: before the paper is registered nothing is offered', async () => {
    const { bank, shot } = onStage();
    await bank.login(TARO);
    expect(await bank.text()).not.toContain('ワンタイムパスワード申請');
    // Who knows the address gets no further either.
    await bank.page.goto(`${bank.url}/otp/issue`);
    await bank.read('窓口でのお申し込みが必要です');
    await shot(bank, 'akita-before');
  });

  test('１ (2) staff register the paper, and a mail says so', async () => {
    const { browser, system, shot } = onStage();
    staff = new Staff(await browser.newPage(), system.staffUrl);
    await staff.signIn('秋田県信用組合');
    await shot(staff, 'akita-staff-home');
    await staff.search(TARO.loginId);
    await shot(staff, 'akita-staff-customer');
    await staff.beginAct('申込書の登録');
    await staff.fillAct({ メールアドレス: TARO.mail });
    await staff.pressAndGo('登録する');
    await staff.read('申込書を登録しました。');
    await shot(staff, 'akita-staff-registered');
    await system.mail(TARO.mail, 'ワンタイムパスワード申請お取扱い開始のご案内');
  });

  test('２ (1)〜(6) トークン発行', async () => {
    const { bank, system, shot } = onStage();
    await bank.page.bringToFront();
    // (1) メニューバーから「ワンタイムパスワード申請」
    await bank.page.goto(`${bank.url}/top`);
    await bank.pressAndGo('ワンタイムパスワード申請');
    await bank.read('（未登録）');
    await shot(bank, 'akita-2-1');
    // (2) 「トークン発行」
    await bank.pressAndGo('トークン発行');
    // (3) メールアドレスと「利用開始パスワード」, 「次へ」
    await bank.fillIssue(TARO.mail);
    // (4) 「確認用パスワード」, 「確定する」
    await shot(bank, 'akita-2-4');
    await bank.confirmIssue();
    // (5)・(6) 「サービスＩＤ」と「ユーザＩＤ」, and the mail
    await shot(bank, 'akita-2-5');
    const { text } = await system.mail(TARO.mail, 'トークン発行のご案内');
    expect(text).toContain(await bank.shown('ユーザID'));
  });

  test('２ (7)〜(11) 初期設定, ワンタイムパスワード利用開始, サービス利用中', async () => {
    const { bank, token, shot } = onStage();
    const [serviceId, userId] = [await bank.shown('サービスID'), await bank.shown('ユーザID')];
    // (7)
    await token.page.bringToFront();
    await token.enrol({ serviceId, userId, activationPassword: ACTIVATION_PASSWORD });
    await shot(token, 'akita-2-7');
    // (8)
    await bank.page.bringToFront();
    await bank.pressAndGo('ワンタイムパスワード申請内容選択へ');
    await bank.pressAndGo('ワンタイムパスワード利用開始');
    // (9)
    await bank.filledCode();
    await shot(bank, 'akita-2-9');
    await bank.activate();
    // (10)
    await bank.pressAndGo('ワンタイムパスワード申請内容選択へ');
    // (11)
    await bank.read('サービス利用中');
    await shot(bank, 'akita-2-11');
    await bank.pressAndGo('トップページへ');
    await bank.see('トップページ');
  });

  test('３ (2) ten wrong codes in a row stop the service, until staff lift it', async () => {
    const { bank, system, shot } = onStage();
    await nextStep(onStage());
    await bank.login(TARO);
    for (let wrong = 1; wrong <= 10; wrong += 1) {
      await bank.see('ログイン（ワンタイムパスワード認証）');
      await bank.typeCode('00000000');
      await bank.enterCode();
    }
    await bank.login(TARO);
    await bank.see('ワンタイムパスワード認証の停止');
    await shot(bank, 'akita-3-2');
    await system.mail(TARO.mail, '認証停止');
    await staff.search(TARO.loginId);
    await staff.act('認証停止の解除', '秋田県信用組合');
    await staff.read('認証停止を解除しました。');
    await bank.page.bringToFront();
    await nextStep(onStage());
    await bank.login(TARO);
    await bank.filledCode();
    await bank.enterCode();
    await bank.see('トップページ');
  });

  test('３ (1) a lost telephone: 利用停止 at the counter, and its end', async () => {
    const { bank, system, shot } = onStage();
    await staff.search(TARO.loginId);
    await staff.act('利用停止', '秋田県信用組合');
    await shot(staff, 'akita-3-1-staff');
    await system.mail(TARO.mail, '利用停止');
    await bank.page.bringToFront();
    await bank.login(TARO);
    expect(await bank.heading()).not.toBe('トップページ');
    await shot(bank, 'akita-3-1');
    await staff.search(TARO.loginId);
    await staff.act('利用停止の解除', '秋田県信用組合');
    await staff.read('利用停止を解除しました。');
  });

  test('３ (3) 利用解除 by staff only', async () => {
    const { bank, system, shot } = onStage();
    await bank.page.bringToFront();
    await nextStep(onStage());
    await bank.login(TARO);
    await bank.filledCode();
    await bank.enterCode();
    await bank.see('トップページ');
    await bank.page.goto(`${bank.url}/otp/release`);
    await bank.read('利用解除は、お取引店舗の窓口');
    await shot(bank, 'akita-3-3');
    await staff.search(TARO.loginId);
    await staff.act('利用解除', '秋田県信用組合');
    await staff.read('利用解除しました。');
    await system.mail(TARO.mail, '利用解除');
    await bank.page.bringToFront();
    await bank.login(TARO);
    await bank.see('トップページ');
  });
});
