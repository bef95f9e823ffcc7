import { beforeAll, describe, expect, test } from 'vitest';
import { untilHeardOf } from '../../fixtures/background.ts';
import { nextStep } from '../../flows/next-step.ts';
import { ShinkinBank, TARO_CONTRACT } from '../../pages/shinkin-bank.ts';
import { Staff } from '../../pages/staff.ts';
import { Token } from '../../pages/token.ts';
import { useStage } from '../../stage.ts';

const EHIME = '愛媛信用金庫';

/**
 * The guide of 愛媛信用金庫, 「現在登録しているソフトウェアトークンが表示できなくなった場合のお手続きについて」, ① to ⑧: first ③ to ⑧ by a
 * customer who has no token yet, then the whole of it by one whose token is lost. Between them, what the token is for.
 */
describe.each(['chromium', 'firefox'] as const)('愛媛信用金庫 in %s', (kind) => {
  const onStage = useStage(kind, { institution: 'ehime' });
  let bank: ShinkinBank;
  let serial = '';

  beforeAll(() => {
    const { bank: page, system } = onStage();
    bank = new ShinkinBank(page.page, system.bankUrl);
  });

  test('③ the app makes a token, which shows シリアル番号 and ワンタイムパスワード together', async () => {
    const { token, shot } = onStage();
    await token.page.bringToFront();
    serial = await token.make(EHIME);
    expect(serial).toMatch(/^[2-9A-HJKMNP-Z]{10}$/);
    expect(await token.code()).toMatch(/^[0-9]{6}$/);
    await token.readWord('unregisteredTitle');
    await shot(token, 'ehime-3');
  });

  test('③ asked for again meanwhile, it is offered instead of another', async () => {
    const { token, shot } = onStage();
    await token.pressWord('settings');
    await token.pressWord('addTitle');
    await token.pressWord('makeTitle');
    for (const tick of [EHIME, await token.word('agree')]) await token.tick(tick);
    await token.pressWord('makeDo');
    await token.readWord('makeWaitingTitle');
    await token.read(serial);
    await shot(token, 'ehime-3-again');
    await token.pressWord('makeWaitingTake');
    await token.readWord('unregisteredTitle');
    expect(await token.serial()).toBe(serial);
  });

  test('④・⑤・⑥ ログインページ, 「利用開始」, 契約者ID and ログインパスワード', async () => {
    const { shot } = onStage();
    await bank.page.bringToFront();
    await bank.page.goto(`${bank.url}/`);
    await bank.see('ログイン');
    await shot(bank, 'ehime-5');
    await bank.begin('利用開始', TARO_CONTRACT);
  });

  test('⑦ シリアル番号 and ワンタイムパスワード are filled, each in its field; 認証しない is chosen', async () => {
    const { shot } = onStage();
    expect(await bank.filledSerial()).toBe(serial);
    expect(await bank.filledCode()).toMatch(/^[0-9]{6}$/);
    expect(await bank.chosenLoginOtp()).toBe('認証しない');
    await bank.tick('認証する');
    await bank.typePositions(TARO_CONTRACT);
    await shot(bank, 'ehime-7');
    await bank.pressAndGo('登録');
  });

  test('⑧ 処理結果 with 受付番号 and 受付時刻, and the mail', async () => {
    const { system, token, shot } = onStage();
    await bank.see('ワンタイムパスワード利用開始（処理結果）');
    const said = await bank.text();
    for (const name of ['受付番号', '受付時刻', serial, '認証する']) expect(said).toContain(name);
    await shot(bank, 'ehime-8');
    const { text } = await system.mail(TARO_CONTRACT.email, '利用登録完了');
    expect(text).toContain(serial);
    await token.page.bringToFront();
    await token.lacksWord('unregisteredTitle');
    await shot(token, 'ehime-8-token');
  });

  test('ログイン with the code, as it was chosen', async () => {
    const { shot } = onStage();
    await nextStep(onStage());
    await bank.login(TARO_CONTRACT);
    await bank.see('ワンタイムパスワード認証');
    await bank.filledCode();
    await shot(bank, 'ehime-login');
    await bank.pressAndGo('認証');
    await bank.see('トップページ');
  });

  test('振込 is confirmed on the token, and settled with two digits of the 資金移動用パスワード', async () => {
    const { browser, token, shot } = onStage();
    const before = await bank.balance();
    const number = await bank.requestTransfer(30_000);
    await untilHeardOf(token.page, 'ミホン ジロウ');
    await browser.badgeOfAll('1');
    const app = new Token(await browser.openPopup(bank.page));
    const question = await app.question(number);
    expect(question).toContain(EHIME);
    // What the page shows was read, and is the same.
    for (const key of ['confirmDiffersTitle', 'confirmUnread'] as const) {
      expect(question).not.toContain(await app.word(key));
    }
    await app.confirmTransfer();
    await bank.page.bringToFront();
    await bank.read('お取引はまだ完了していません');
    await shot(bank, 'ehime-transfer');
    await bank.settleByPositions(TARO_CONTRACT);
    await bank.see('振込（完了）');
    expect(await bank.balance()).toBe(before - 30_000);
  });

  test('振込 on a page that shows another payee is called out in red', async () => {
    const { browser, token, shot } = onStage();
    const number = await bank.requestTransfer(20_000);
    await bank.rewrite('お振込先人名', 'ミホン タロウ');
    await untilHeardOf(token.page, 'ミホン タロウ');
    const app = new Token(await browser.openPopup(bank.page));
    await app.readWord('confirmDiffersTitle');
    await app.read(number);
    expect(await app.offers('ok')).toBe(false);
    await shot(app, 'ehime-differs');
    await app.rejectTransfer();
    await bank.page.bringToFront();
    await bank.read('「拒否」が選択されたため');
  });

  test('交換: the old token’s code and the new one’s serial and code, each in its own field', async () => {
    const { system, token, shot } = onStage();
    await nextStep(onStage());
    await token.page.bringToFront();
    const old = serial;
    await token.pressWord('settings');
    await token.pressWord('addTitle');
    serial = await token.make(EHIME);
    expect(serial).not.toBe(old);
    await bank.begin('交換', TARO_CONTRACT);
    expect(await bank.filledSerial('新しいシリアル番号')).toBe(serial);
    const codes = [
      await bank.filled('現在のワンタイムパスワード'),
      await bank.filled('新しいワンタイムパスワード'),
    ];
    await token.page.bringToFront();
    expect(codes[0]).not.toBe(codes[1]);
    await bank.page.bringToFront();
    await bank.typePositions(TARO_CONTRACT);
    await shot(bank, 'ehime-exchange');
    await bank.pressAndGo('交換');
    await bank.see('ワンタイムパスワード交換（処理結果）');
    await system.mail(TARO_CONTRACT.email, '交換完了');
  });

  test('① 解約届: printed from お困りのとき, handed in at the counter', async () => {
    const { browser, shot } = onStage();
    await bank.page.goto(`${bank.url}/help`);
    await bank.pressAndGo('「ワンタイムパスワードサービス ソフトウェアトークン解約届」');
    await bank.read('代表口座');
    if (browser.kind === 'chromium') expect(await bank.printedPages()).toBe(1);
    await shot(bank, 'ehime-1');
  });

  test('② staff stop it, and a mail says so', async () => {
    const { browser, system, shot } = onStage();
    const staff = new Staff(await browser.newPage(), system.staffUrl);
    await staff.signIn(EHIME);
    await staff.search(TARO_CONTRACT.loginId);
    await shot(staff, 'ehime-2');
    await staff.act('利用解除', EHIME);
    await system.mail(TARO_CONTRACT.email, '利用中止');
    await staff.page.close();
  });

  test('③〜⑧ again with a new token', async () => {
    const { token, system, shot } = onStage();
    await token.page.bringToFront();
    // The old one says so first: its card is taller than the code's, and moves what is pressed next.
    await token.readWord('overTitle');
    await nextStep(onStage());
    await token.page.bringToFront();
    await token.pressWord('settings');
    await token.pressWord('addTitle');
    serial = await token.make(EHIME);
    await bank.begin('利用開始', TARO_CONTRACT);
    expect(await bank.filledSerial()).toBe(serial);
    await bank.filledCode();
    await bank.typePositions(TARO_CONTRACT);
    await bank.pressAndGo('登録');
    await bank.see('ワンタイムパスワード利用開始（処理結果）');
    expect(await bank.text()).toContain('認証しない');
    await shot(bank, 'ehime-again');
    await bank.login(TARO_CONTRACT);
    await bank.see('トップページ');
    await system.mail(TARO_CONTRACT.email, '利用登録完了');
  });
});
