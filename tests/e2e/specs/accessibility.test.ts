import { describe, expect, test } from 'vitest';
import { faultsOf } from '../axe.ts';
import { issueToken } from '../flows/issue.ts';
import { nextStep } from '../flows/next-step.ts';
import { TARO } from '../pages/bank.ts';
import type { Screen } from '../pages/screen.ts';
import { Staff } from '../pages/staff.ts';
import { Token } from '../pages/token.ts';
import { useStage } from '../stage.ts';

/** Every page of bank and token, as axe sees it. One engine is enough: the pages are the same in the other. */
describe('axe finds nothing', () => {
  const onStage = useStage('chromium');
  const passes = async ({ page }: Screen, name: string) => {
    await page.bringToFront();
    expect({ name, faults: await faultsOf(page) }).toEqual({ name, faults: [] });
  };

  test('from トークン発行 to the code', async () => {
    const { bank, system, token } = onStage();
    await bank.page.goto(`${system.bankUrl}/`);
    await passes(bank, 'BLI001');
    await bank.login(TARO);
    await passes(bank, 'BPT001');
    await bank.openOtpMenu();
    await passes(bank, 'BOP001');
    const issued = await issueToken(bank, system, TARO);
    await passes(bank, 'BOT002');
    await token.page.bringToFront();
    await passes(token, '初期設定');
    await token.fillEnrolment({ ...issued, userId: '1' });
    await token.send();
    await token.readWord('userIdWrong');
    await passes(token, '初期設定, wrong');
    await token.fillEnrolment(issued);
    await token.tick(await token.word('agree'));
    await token.send();
    await token.readWord('enrolledBody');
    await passes(token, '初期設定完了');
    await token.pressWord('next');
    await token.see(await token.word('nameTitle'));
    await passes(token, 'トークン表示名設定');
    await token.pressWord('register');
    await token.see(await token.word('cautionTitle'));
    await passes(token, '注意メッセージ');
    await token.pressWord('ok');
    await token.see(await token.word('lockSetupTitle'));
    await passes(token, 'ロックの設定');
    await token.pressWord('lockPin');
    await passes(token, 'ロックの設定, PIN');
    await token.chooseNoLock();
    await token.code();
    await passes(token, 'code');
    await bank.page.bringToFront();
    await bank.openActivation();
    await bank.filledCode();
    await passes(bank, 'BOK001');
    await bank.activate();
    await passes(bank, 'BOK002');
  });

  test('設定 and what it leads to', async () => {
    const { token } = onStage();
    await token.page.bringToFront();
    await token.pressWord('settings');
    await token.see(await token.word('settings'));
    await passes(token, '設定');
    for (const title of [
      'addTitle',
      'historyTitle',
      'fillModeTitle',
      'renameTitle',
      'lockTitle',
      'suspendTitle',
      'removeTitle',
      'helpOpen',
    ] as const) {
      await token.pressWord(title);
      await token.see(await token.word(title));
      await passes(token, title);
      await token.pressWord('back');
      await token.see(await token.word('settings'));
    }
    await token.pressWord('back');
  });

  test('a login with a code, and a transfer with its confirmation', async () => {
    const { bank, browser } = onStage();
    await bank.page.bringToFront();
    await bank.logout();
    await passes(bank, 'logged out');
    for (const path of [
      '/timeout',
      '/first-use',
      '/help',
      '/login/stopped',
      '/login/suspended',
      '/login/expired',
    ]) {
      await bank.page.goto(`${bank.url}${path}`);
      await passes(bank, path);
    }
    await nextStep(onStage());
    await bank.login(TARO);
    await bank.filledCode();
    await passes(bank, 'BLI023');
    const filled = new Token(await browser.openPopup(bank.page));
    await filled.readWord('pageFilled');
    await passes(filled, 'popup');
    await bank.page.bringToFront();
    await bank.enterCode();
    const services = ['/services', '/services/limit', '/services/email'];
    const otp = ['/otp', '/otp/suspend', '/help'];
    for (const path of ['/transfer', '/transfer/new', '/accounts', ...services, ...otp]) {
      await bank.page.goto(`${bank.url}${path}`);
      await passes(bank, path);
    }
    const number = await bank.requestTransfer(150_000);
    await passes(bank, 'BFT003');
    const popup = new Token(await browser.openPopup(bank.page));
    await popup.question(number);
    await passes(popup, '取引認証');
    await popup.pressUntil(await popup.word('confirmNotMe'), await popup.word('notMeLead'));
    await passes(popup, '心当たりがない');
    await popup.pressUntil(await popup.word('notMeKeep'), await popup.word('confirmAgree'));
    await popup.tick(await popup.word('confirmAgree'));
    await passes(popup, '取引認証, ticked');
    await popup.pressUntil(await popup.word('ok'), await popup.word('confirmedBody'));
    await passes(popup, 'confirmed');
    await popup.pressUntil(await popup.word('ok'), await popup.word('confirmedBody'), false);
    await bank.page.bringToFront();
    await bank.read('お取引はまだ完了していません');
    await passes(bank, 'BFT003, confirmed');
    await bank.settleTransfer();
    await bank.see('振込（完了）');
    await passes(bank, 'BFT004');
  });

  test('a change of limit and one of address with their confirmations', async () => {
    const { bank, browser } = onStage();
    const changes = [
      [() => bank.requestLimit(1_000_000), 'limitChangeTitle'],
      [() => bank.requestAddress('taro.mihon@mail.example'), 'emailChangeTitle'],
    ] as const;
    for (const [request, heading] of changes) {
      const number = await request();
      await passes(bank, heading);
      const popup = new Token(await browser.openPopup(bank.page));
      await popup.question(number, heading);
      await passes(popup, heading);
      await popup.rejectTransfer();
      await popup.pressUntil(await popup.word('ok'), await popup.word('changeRejectedBody'), false);
      await bank.page.bringToFront();
      await bank.read('「拒否」が選択されたため');
      await passes(bank, `${heading}, rejected`);
    }
  });

  test('利用解除, what no page is for, and the lock', async () => {
    const { bank, system, token } = onStage();
    // Its page has asked the same, and says what was answered in the popup.
    await token.page.bringToFront();
    await token.pressUntil(await token.word('ok'), await token.word('confirmedBody'), false);
    await nextStep(onStage());
    await bank.openRelease();
    await bank.filledCode();
    await passes(bank, 'BOS001');
    await bank.release();
    await passes(bank, 'BOS002');
    await bank.page.goto(`${bank.url}/nowhere`);
    await passes(bank, '404');
    await bank.page.goto(bank.url.replace('senpoku', 'nobody'));
    await passes(bank, 'no institution');
    await bank.page.goto(system.inboxUrl);
    await passes(bank, 'inbox');
    await token.page.bringToFront();
    await token.lockWithPin('295173');
    await token.tryPin('806417');
    await passes(token, 'ロックされています');
    await bank.page.bringToFront();
    await bank.page.goto(system.serviceUrl);
    const companion = new Token(bank.page);
    await companion.readWord('send');
    await passes(companion, 'companion');
  });

  test('the start page, and every institution’s first page', async () => {
    const { bank, system } = onStage();
    await bank.page.bringToFront();
    await bank.page.goto(system.bankUrlOf('banks'));
    await passes(bank, 'start page');
    for (const key of ['aomoriken', 'akagi', 'akita', 'ehime']) {
      await bank.page.goto(system.bankUrlOf(key));
      await passes(bank, key);
    }
  });

  test('the staff console', async () => {
    const { browser, system } = onStage();
    const staff = new Staff(await browser.newPage(), system.staffUrl);
    await staff.page.goto(`${staff.url}/sign-in`);
    await passes(staff, 'sign-in');
    await staff.signIn('秋田県信用組合');
    await passes(staff, 'home');
    await staff.search('nobody99');
    await passes(staff, 'nobody found');
    await staff.search(TARO.loginId);
    await passes(staff, 'customer');
    await staff.beginAct('申込書の登録');
    await staff.pressAndGo('確認画面へ');
    await passes(staff, 'act, wrong');
    await staff.fillAct({ メールアドレス: TARO.mail });
    await passes(staff, 'act, to be confirmed');
    await staff.pressAndGo('登録する');
    await staff.read('申込書を登録しました。');
    await passes(staff, 'act, done');
    const akita = `${staff.url}/customers/akita-${TARO.loginId}`;
    await staff.page.goto(`${akita}/acts/limit`);
    await staff.pressAndGo('確認画面へ');
    await passes(staff, 'limit, wrong');
    await staff.type('変更後の限度額', '10000');
    await staff.type('理由', '窓口での申し出');
    await staff.pressAndGo('確認画面へ');
    await passes(staff, 'limit, to be confirmed');
    await staff.page.goto(`${akita}/papers/suspension`);
    await staff.pressAndGo('登録する');
    await passes(staff, 'paper, wrong');
    await staff.type('お持ちになった方', 'ご本人');
    await staff.pressAndGo('登録する');
    await passes(staff, 'paper');
    await staff.pressAndGo('書類を印刷する');
    await passes(staff, 'paper, to be printed');
    await staff.page.goto(`${staff.url}/forms/application`);
    await passes(staff, 'form, to be handed out');
    await staff.page.goto(`${staff.url}/nowhere`);
    await passes(staff, 'console, 404');
    await staff.changeTo('秋田県信用組合', 'supervisor');
    await passes(staff, 'queue of a supervisor');
    await staff.changeTo('秋田県信用組合', 'auditor');
    await staff.search(TARO.loginId);
    await passes(staff, 'customer, to an auditor');
    await staff.changeTo('愛媛信用金庫', 'supervisor');
    await staff.pressAndGo('トークンの取り込み');
    await passes(staff, 'import');
    await staff.pressAndGo('取り込む');
    await passes(staff, 'import, wrong');
    await staff.chooseFile('ファイル', 'tokens.csv', 'serial,kind,key\nx,totp,00\n');
    await staff.type('理由', '納品分の登録');
    await staff.pressAndGo('取り込む');
    await passes(staff, 'import, nothing to take');
    await staff.chooseFile(
      'ファイル',
      'tokens.csv',
      `serial,kind,key\nAXE000001,totp,${'ab'.repeat(20)}\nx,totp,00\n`,
    );
    await staff.pressAndGo('取り込む');
    await staff.read('取り込みが完了しました。');
    await passes(staff, 'import, done');
    await staff.page.close();
  });
});
