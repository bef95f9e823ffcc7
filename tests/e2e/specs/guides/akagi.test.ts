import { beforeAll, describe, expect, test } from 'vitest';
import { SENPOKU } from '../../../institutions.ts';
import { putIntoUse } from '../../flows/issue.ts';
import { nextStep } from '../../flows/next-step.ts';
import { ACTIVATION_PASSWORD, Bank, TARO } from '../../pages/bank.ts';
import { Token } from '../../pages/token.ts';
import { useStage } from '../../stage.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * The guide of あかぎ信用組合, 「ワンタイムパスワードご利用手順説明書」, step by step, with the app of a customer who has the
 * token of another institution already (STEP 2B). After each step the customer breaks off and comes back.
 */
describe.each(['chromium', 'firefox'] as const)('あかぎ信用組合 in %s', (kind) => {
  const onStage = useStage(kind, { institution: 'akagi' });
  /** Closes the browser's session in the middle and comes back by the menu (STEP 1-1 to 3). */
  const breakOff = async () => {
    const { bank } = onStage();
    await bank.page.bringToFront();
    await bank.login(TARO);
    await bank.openOtpSubmenu();
  };

  beforeAll(async () => {
    const { bank, token, system } = onStage();
    const senpoku = new Bank(bank.page, system.bankUrlOf('senpoku'));
    await putIntoUse({ bank: senpoku, token, system: { ...system, institution: SENPOKU } }, TARO);
  });

  test('STEP 1 ワンタイムパスワード・トークン発行申請 1〜8', async () => {
    const { bank, shot } = onStage();
    await breakOff();
    await bank.read('（未登録）');
    await bank.pressAndGo('トークン発行');
    await bank.read('BOT001');
    await shot(bank, 'akagi-1-5');
    await breakOff();
    await bank.read('（未登録）');
    await bank.pressAndGo('トークン発行');
    await bank.fillIssue(TARO.mail);
    await shot(bank, 'akagi-1-6');
    await bank.confirmIssue();
    await shot(bank, 'akagi-1-7');
    await bank.pressAndGo('ワンタイムパスワード申請内容選択へ');
    await bank.read('トークン発行済');
    await shot(bank, 'akagi-1-8');
  });

  test('STEP 2B トークンの追加 1〜9', async () => {
    const { bank, token, shot } = onStage();
    await breakOff();
    await bank.read('トークン発行済');
    const [serviceId, userId] = [await bank.shown('サービスID'), await bank.shown('ユーザID')];
    // 3・4 「設定」→「トークン追加」
    await token.page.bringToFront();
    await token.pressWord('settings');
    await token.pressWord('addTitle');
    // 5 サービスID、ユーザーID、利用開始パスワード、「上記の内容に同意する」、「送信」
    await token.fillEnrolment({ serviceId, userId, activationPassword: ACTIVATION_PASSWORD });
    await shot(token, 'akagi-2B-5');
    await token.send();
    // 6 「トークン追加が正常に完了しました。」「次へ」
    await token.readWord('addedBody');
    await shot(token, 'akagi-2B-6');
    // 7 トークン表示名設定, 8 注意メッセージ, 9 ワンタイムパスワード表示
    await token.finishEnrolment('本店用');
    expect(await token.text()).toContain('あかぎ信用組合（本店用）');
    await shot(token, 'akagi-2B-9');
  });

  test('トークン選択', async () => {
    const { token, shot } = onStage();
    const own = await token.code();
    await token.chooseToken('仙北信用組合');
    expect(await token.code()).not.toBe(own);
    await token.pressWord('chooseTitle');
    await token.read('あかぎ信用組合（本店用）');
    await shot(token, 'akagi-choose');
    await token.pressWord('back');
    await token.chooseToken('あかぎ信用組合');
  });

  test('STEP 3 ワンタイムパスワードの利用開始 1〜5', async () => {
    const { bank, shot } = onStage();
    await breakOff();
    await bank.pressAndGo('ワンタイムパスワード利用開始');
    await bank.filledCode();
    await breakOff();
    await bank.read('トークン発行済');
    await nextStep(onStage());
    await bank.pressAndGo('ワンタイムパスワード利用開始');
    await bank.filledCode();
    await shot(bank, 'akagi-3-2');
    await bank.activate();
    await shot(bank, 'akagi-3-3');
    await bank.pressAndGo('ワンタイムパスワード申請内容選択へ');
    await bank.read('サービス利用中');
    await bank.pressAndGo('トップページへ');
    await bank.see('トップページ');
    await bank.logout();
  });

  test('STEP 4 ワンタイムパスワード導入後のご利用について 1〜2', async () => {
    const { bank, shot } = onStage();
    await nextStep(onStage());
    await bank.login(TARO);
    await bank.see('ログイン（ワンタイムパスワード認証）');
    await bank.filledCode();
    await shot(bank, 'akagi-4-2');
    await bank.enterCode();
    await bank.see('トップページ');
  });

  test('取引認証: the code for the transfer exists only after the confirmation', async () => {
    const { bank, browser, shot } = onStage();
    const before = await bank.balance();
    const number = await bank.requestTransfer(30_000);
    const app = new Token(await browser.openPopup(bank.page));
    expect(await app.question(number)).toContain('あかぎ信用組合');
    expect(await app.hasCode()).toBe(false);
    await app.confirmTransfer();
    const code = await app.confirmationCode();
    await shot(app, 'akagi-transfer-code');
    await bank.page.bringToFront();
    expect(await bank.filledConfirmationCode()).toBe(code);
    await shot(bank, 'akagi-transfer-filled');
    await bank.settleTransfer();
    await bank.see('振込（完了）');
    expect(await bank.balance()).toBe(before - 30_000);
  });

  test('利用解除, and トークン発行 again from the next day on', async () => {
    const { bank, system, shot } = onStage();
    await nextStep(onStage());
    await bank.openRelease();
    await bank.filledCode();
    await bank.release();
    await bank.openOtpMenu();
    await bank.pressAndGo('トークン発行');
    await bank.read('翌日以降');
    await shot(bank, 'akagi-reissue-refused');
    await system.moveClock(system.offset() + DAY_MS);
    await bank.login(TARO);
    await bank.see('トップページ');
    await bank.enterIssue(TARO.mail);
    await shot(bank, 'akagi-reissue');
  });
});
