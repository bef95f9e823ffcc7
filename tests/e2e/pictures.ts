// node tests/e2e/pictures.ts: the pictures of the docs, made anew from the product as it is. tests/README.md says what it needs.
import {
  BANK,
  beside,
  type Cut,
  type Format,
  MAIN,
  onDesk,
  PHONE,
  POPUP,
  put,
  TOKEN_PAGE,
  take,
} from './album.ts';
import { untilHeardOf } from './fixtures/background.ts';
import { issueToken, putIntoUse } from './flows/issue.ts';
import { Bank, HANAKO, LOGIN_PASSWORD, TARO } from './pages/bank.ts';
import { Token } from './pages/token.ts';
import { buildForTests, type E2eBuild } from './setup.ts';
import type { Stage } from './stage.ts';
import { type SystemOptions, startSystem } from './system.ts';
import { launch } from './test-browser.ts';

type Set = Omit<Stage, 'shot'>;

const bankPicture = async ({ page }: Bank, name: string, cut: Cut = MAIN, format: Format = BANK) =>
  put(`transfers/${name}`, await take(page, format, cut));
const tokenPicture = async ({ page }: Token, name: string, format: Format = POPUP) =>
  put(`transfers/${name}`, await take(page, format));
/** The popup in a tab, whose size can be set. */
const popup = async ({ browser, token }: Set) =>
  new Token(await browser.newPage(token.page.url().replace(/token\.html.*/, 'popup.html')));
const WITH_MENU: Cut = { to: 'main' };

/** Pictures side by side, on a tab that is there for them alone. */
async function row({ browser }: Set, name: string, pictures: Buffer[], lay = beside): Promise<void> {
  const page = await browser.newPage();
  put(name, await lay(page, pictures));
  await page.close();
}

/** Questions that were asked have made room, and the session is still good. */
async function later({ bank, system }: Set, minutes = 4): Promise<void> {
  await bank.page.bringToFront();
  await bank.balance();
  await system.moveClock(system.offset() + minutes * 60_000);
}

/** A customer without a token transfers; then the same with the companion on a phone. */
async function onThePhone({ bank, browser, system }: Set): Promise<void> {
  await bank.login(HANAKO);
  await bank.enterTransfer(30_000, 'レイジ サクラ');
  await bankPicture(bank, 'direct');
  const issued = await issueToken(bank, system, HANAKO);
  const companion = new Token(await browser.newPage());
  await companion.page.goto(system.serviceUrl);
  await companion.enrol({ ...issued, suffix: '携帯' });
  await bank.page.bringToFront();
  await bank.openActivation();
  await companion.page.bringToFront();
  const code = await companion.code();
  await bank.typeCode(code);
  await bank.activate();
  const number = await bank.requestTransfer(150_000);
  await companion.page.bringToFront();
  await companion.question(number);
  await tokenPicture(companion, 'companion', PHONE);
  await companion.page.close();
  await bank.pressAndGo('申込を中止する');
  await bank.logout();
}

/** From the login to a token in use. */
async function beforeTheFirst({ bank, token, system }: Set): Promise<void> {
  await bank.page.goto(bank.url);
  await bank.type('ログインID', TARO.loginId);
  await bank.type('ログインパスワード', LOGIN_PASSWORD);
  await bankPicture(bank, 'login', WITH_MENU);
  await bank.login(TARO);
  await bank.openOtpMenu();
  await bankPicture(bank, 'otp-menu');
  const issued = await issueToken(bank, system, TARO);
  await bankPicture(bank, 'issued');
  await token.page.bringToFront();
  await token.fillEnrolment(issued);
  await tokenPicture(token, 'enrol', TOKEN_PAGE);
  await token.send();
  await token.finishEnrolment();
  await bank.page.bringToFront();
  await bank.openActivation();
  await bank.filledCode();
  await bankPicture(bank, 'activate');
  await bank.activate();
}

/** 振込 to the receipt. */
async function oneTransfer(set: Set): Promise<void> {
  const { bank, token } = set;
  await bank.page.goto(`${bank.url}/transfer`);
  await bankPicture(bank, 'menu', WITH_MENU);
  await bank.page.goto(`${bank.url}/transfer/new`);
  await bank.choose('登録済みの振込先', 'ミホン ジロウ');
  await bank.type('お振込金額', '150000');
  await bankPicture(bank, 'input');
  const number = await bank.requestTransfer(150_000);
  await bankPicture(bank, 'waiting');
  const left = await take(bank.page, { width: 780, scale: 1 }, WITH_MENU);
  await untilHeardOf(token.page, '150,000');
  const asked = await popup(set);
  await asked.question(number);
  await tokenPicture(asked, 'question');
  await asked.tick(await asked.word('confirmAgree'));
  const right = await take(asked.page, { width: 360, scale: 1 });
  await asked.pressUntil(await asked.word('ok'), await asked.word('confirmedBody'));
  await tokenPicture(asked, 'sent');
  await asked.page.close();
  await row(set, 'warifu', [left, right], onDesk);
  await bank.page.bringToFront();
  await bank.read('お取引はまだ完了していません');
  await bankPicture(bank, 'confirmed');
  await bank.settleTransfer('wrong1234');
  await bank.read('確認用パスワードが正しくありません');
  await bankPicture(bank, 'wrong-password', { from: 'main', to: 'main .section' });
  await bank.settleTransfer();
  await bank.see('振込（完了）');
  await bankPicture(bank, 'done');
  await bank.page.goto(`${bank.url}/accounts`);
  await bankPicture(bank, 'accounts');
}

/** What needs no token, and a limit. */
async function otherWays(set: Set): Promise<void> {
  const { bank, token } = set;
  await bank.page.goto(`${bank.url}/transfer/new`);
  await bank.tick('新しい振込先を入力する');
  await bank.type('金融機関', '見本');
  await bank.pressAndGo('金融機関を検索');
  await bankPicture(bank, 'search');
  await bank.type('金融機関', '9911');
  await bank.type('支店', '001');
  await bank.type('口座番号', '123');
  await bank.type('お振込先人名', 'テスト見本');
  await bank.pressAndGo('確認画面');
  await bankPicture(bank, 'errors');
  await bank.page.goto(`${bank.url}/transfer/new`);
  await bank.tick('お客さまご自身の口座へ振り替える');
  await bank.choose('振替先の口座', '貯蓄');
  await bank.type('お振込金額', '50000');
  await bank.pressAndGo('確認画面');
  await bankPicture(bank, 'own');
  const number = await bank.requestLimit(1_000_000);
  await bankPicture(bank, 'limit');
  await untilHeardOf(token.page, '1,000,000');
  const asked = await popup(set);
  await asked.question(number, 'limitChangeTitle');
  await asked.confirmChange();
  await asked.page.close();
  await bank.page.bringToFront();
  await bank.read('変更はまだ完了していません');
  await bank.settleTransfer();
  await bank.see('振込・振替限度額の変更（受付完了）');
  await bankPicture(bank, 'limit-done');
}

async function nothingNew(set: Set): Promise<void> {
  const { bank } = set;
  const calm = await popup(set);
  await calm.checkForTransfers();
  await calm.readWord('confirmNone');
  const left = await take(calm.page, POPUP);
  const number = await bank.requestTransfer(1_000);
  await calm.page.close();
  const asked = await popup(set);
  await asked.question(number);
  await asked.pressWord('back');
  await asked.readWord('confirmWaiting', '1');
  const right = await take(asked.page, POPUP);
  await asked.page.close();
  await row(set, 'transfers/inbox', [left, right]);
  await bank.pressAndGo('申込を中止する');
  await bankPicture(bank, 'bank-cancelled');
}

async function sayingNo(set: Set): Promise<void> {
  const { bank, browser, token, system } = set;
  await later(set);
  const refused = await bank.requestTransfer(1_000);
  await untilHeardOf(token.page, '1,000円');
  const no = await popup(set);
  await no.question(refused);
  await no.rejectTransfer();
  await tokenPicture(no, 'rejected');
  await no.page.close();
  await bank.page.bringToFront();
  await bank.read('「拒否」が選択されたため');
  await bankPicture(bank, 'bank-rejected');
  await bank.requestTransfer(3_000);
  await bank.rewrite('お振込先人名', 'ミホン タロウ');
  await untilHeardOf(token.page, 'ミホン タロウ');
  const altered = await popup(set);
  await altered.readWord('confirmDiffersTitle');
  await tokenPicture(altered, 'differs');
  await altered.rejectTransfer();
  await altered.page.close();
  await later(set);
  const first = await bank.requestTransfer(2_000);
  const other = new Bank(await browser.newPage(), system.bankUrl);
  await other.requestTransfer(2_000);
  const two = await popup(set);
  await two.readWord('confirmChooseLead');
  await two.read(first);
  await tokenPicture(two, 'two');
  await two.page.close();
  for (const one of [other, bank]) await one.pressAndGo('申込を中止する');
  await other.page.close();
}

/** An OK that does not arrive; the bank's page meanwhile. */
async function noAnswer(set: Set): Promise<void> {
  const { bank, token, system } = set;
  await later(set);
  const number = await bank.requestTransfer(4_000);
  await untilHeardOf(token.page, '4,000円');
  const asked = await popup(set);
  await asked.question(number);
  await asked.pressUntil(await asked.word('ok'), await asked.word('confirmAgreeFirst'));
  const unticked = await take(asked.page, POPUP);
  await asked.tick(await asked.word('confirmAgree'));
  system.holdService();
  await asked.pressUntil(await asked.word('ok'), await asked.word('sending'));
  const sending = await take(asked.page, POPUP);
  await system.stopService();
  await asked.readWord('confirmResend');
  const failed = await take(asked.page, POPUP);
  await asked.page.close();
  await row(set, 'transfers/not-sent', [unticked, sending, failed]);
  await bank.page.bringToFront();
  await bank.pressAndGo('最新の状況を表示');
  await bankPicture(bank, 'bank-silent');
  await system.startService();
  await bank.pressAndGo('申込を中止する');
}

/** A question whose time ends on screen, before anybody asks the service. */
async function whenItIsOver(late: Token): Promise<Buffer> {
  await late.page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 360_000;
  });
  await late.readWord('confirmExpiredTitle');
  return take(late.page, TOKEN_PAGE);
}

async function tooLate(set: Set): Promise<void> {
  const { bank, browser } = set;
  await later(set);
  const called = await bank.requestTransfer(1_000);
  const asked = new Token(await browser.openTokenPage('confirm'));
  await asked.question(called);
  await bank.pressBehind('申込を中止する');
  await asked.readWord('confirmGoneTitle');
  const gone = await take(asked.page, TOKEN_PAGE);
  await asked.page.close();
  const left = await bank.requestTransfer(1_000);
  const late = new Token(await browser.openTokenPage('confirm'));
  await late.question(left);
  const expired = await whenItIsOver(late);
  await late.page.close();
  for (const minutes of [3, 3]) {
    await set.system.moveClock(set.system.offset() + minutes * 60_000);
    await bank.page.bringToFront();
    await bank.page.reload();
  }
  await bank.read('を過ぎたため');
  await bankPicture(bank, 'bank-expired');
  await row(set, 'transfers/too-late', [expired, gone]);
}

async function notMine(set: Set): Promise<void> {
  const { bank, browser, token } = set;
  await later(set);
  const number = await bank.requestTransfer(5_000);
  await untilHeardOf(token.page, '5,000円');
  const asked = await popup(set);
  await asked.question(number);
  await asked.pressUntil(await asked.word('confirmNotMe'), await asked.word('notMeLead'));
  const sure = await take(asked.page, POPUP);
  await asked.pressUntil(await asked.word('notMeStop'), await asked.word('notMeDoneTitle'));
  const stopped = await take(asked.page, POPUP);
  await asked.page.close();
  await row(set, 'transfers/not-mine', [sure, stopped]);
  await bank.page.bringToFront();
  await bank.read('トークンを利用停止にしました');
  await bankPicture(bank, 'bank-not-me');
  await bank.page.goto(`${bank.url}/transfer`);
  await bankPicture(bank, 'history');
  const past = new Token(await browser.openTokenPage());
  await past.openHistory();
  await tokenPicture(past, 'past', TOKEN_PAGE);
}

/** The other mode. */
async function byCode(set: Set): Promise<void> {
  const { bank, browser } = set;
  await putIntoUse(set, TARO);
  const number = await bank.requestTransfer(50_000);
  const page = new Token(await browser.openTokenPage('confirm'));
  await page.question(number);
  await page.confirmTransfer();
  await page.confirmationCode();
  const shown = await take(page.page, POPUP);
  await bank.page.bringToFront();
  await bank.filledConfirmationCode();
  await bankPicture(bank, 'code-filled');
  const first = await popup(set);
  await first.code();
  const back = await take(first.page, POPUP);
  await first.page.close();
  await bank.page.bringToFront();
  await bank.type('取引認証コード', '12345678');
  await bank.settleTransfer();
  await bank.read('入力内容をご確認ください');
  await bankPicture(bank, 'code-wrong', { from: 'main', to: 'main .section' });
  await bank.filledConfirmationCode();
  await bank.settleTransfer();
  await bank.see('振込（完了）');
  await page.page.bringToFront();
  await page.checkForTransfers();
  await page.readWord('confirmCodeNone');
  await row(set, 'transfers/codes', [shown, back, await take(page.page, POPUP)]);
}

/** Plays something on a system and a browser of its own. */
async function play(
  build: E2eBuild,
  acts: readonly ((set: Set) => Promise<void>)[],
  options?: SystemOptions,
): Promise<void> {
  const system = await startSystem(build, options);
  const browser = await launch('chromium', build.output);
  try {
    const token = new Token(await browser.openTokenPage());
    if ((await token.language()) !== 'ja')
      throw new Error('this Chromium does not speak Japanese: Debian has that in chromium-l10n');
    const bank = new Bank(await browser.newPage(), system.bankUrl);
    for (const act of acts) await act({ system, browser, bank, token });
  } finally {
    await browser.close();
    await system.stop();
  }
}

const build = await buildForTests();
try {
  const approve = [
    onThePhone,
    beforeTheFirst,
    oneTransfer,
    otherWays,
    nothingNew,
    sayingNo,
    noAnswer,
    tooLate,
    notMine,
  ];
  await play(build, approve);
  await play(build, [byCode], { confirmation: 'code' });
} finally {
  await build.remove();
}
