import { beforeAll, describe, expect, test } from 'vitest';
import { untilHeardOf } from '../fixtures/background.ts';
import { putIntoUse } from '../flows/issue.ts';
import { Bank, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { useStage } from '../stage.ts';
import { confirmingToken, storiesOfChangesByApproval, storiesOfChangesByCode } from './changes.ts';

const MINUTE = 60_000;

describe.each(['chromium', 'firefox'] as const)('取引認証 by approval in %s', (kind) => {
  const onStage = useStage(kind);
  /** Moved on from test to test: so each finds all places to be asked free. */
  let offset = 0;
  const later = async (minutes: number) => {
    offset += minutes * MINUTE;
    await onStage().system.moveClock(offset);
  };
  /** The same, with the session in use just before: five idle minutes would end it. */
  const laterInSession = async () => {
    await onStage().bank.page.bringToFront();
    await onStage().bank.balance();
    await later(4);
  };

  beforeAll(async () => {
    await putIntoUse(onStage(), TARO);
  });

  test('the transfer is shown, confirmed, followed without a reload, and done', async () => {
    const stage = onStage();
    const { bank, shot } = stage;
    const before = await bank.balance();
    const number = await bank.requestTransfer(150_000);
    await shot(bank, 'transfer-waiting');
    await bank.markDocument();
    const token = await confirmingToken(stage);
    const question = await token.question(number);
    for (const item of ['ミホン ジロウ', '150,000', number]) expect(question).toContain(item);
    expect(await token.hasCode()).toBe(false);
    await shot(token, 'confirm-question');
    await token.confirmTransfer();
    await bank.page.bringToFront();
    await bank.read('お取引はまだ完了していません');
    expect(await bank.isMarkedDocument()).toBe(true);
    await shot(bank, 'transfer-confirmed');
    await bank.settleTransfer();
    await bank.see('振込（完了）');
    await bank.read('受付番号');
    await shot(bank, 'transfer-done');
    expect(await bank.balance()).toBe(before - 150_000);
  });

  test('rejected: the page says so, and nothing moves', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank, shot } = stage;
    const before = await bank.balance();
    const number = await bank.requestTransfer(1_000);
    const token = await confirmingToken(stage);
    await token.question(number);
    await token.rejectTransfer();
    await shot(token, 'confirm-rejected');
    await bank.page.bringToFront();
    await bank.read('「拒否」が選択されたため');
    await shot(bank, 'transfer-rejected');
    expect(await bank.balance()).toBe(before);
  });

  test('nobody answers: expired, on both sides', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank, shot } = stage;
    const number = await bank.requestTransfer(1_000);
    const token = await confirmingToken(stage);
    await token.question(number);
    // In two goes: five idle minutes would end the session as well.
    await later(3);
    await bank.page.bringToFront();
    await bank.page.reload();
    await later(3);
    await bank.read('有効期限（5分）を過ぎたため');
    await shot(bank, 'transfer-expired');
  });

  test('cancelled at the bank: gone from the token', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank, browser, shot } = stage;
    const number = await bank.requestTransfer(1_000);
    const token = new Token(await browser.openTokenPage('confirm'));
    await token.question(number);
    await bank.pressBehind('申込を中止する');
    await token.readWord('confirmGoneTitle');
    await shot(token, 'confirm-gone');
    await token.page.close();
  });

  test('C2: two at once, the same payee and amount, told apart by their numbers', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank, browser, system, shot } = stage;
    const first = await bank.requestTransfer(2_000);
    const other = new Bank(await browser.newPage(), system.bankUrl);
    const second = await other.requestTransfer(2_000);
    expect(second).not.toBe(first);
    const token = new Token(await browser.openTokenPage('confirm'));
    await token.readWord('confirmChooseLead');
    const list = await token.text();
    for (const number of [first, second]) expect(list).toContain(number);
    await shot(token, 'confirm-two');
    await token.openTransfer(second);
    await token.question(second);
    await token.confirmTransfer();
    await other.page.bringToFront();
    await other.settleTransfer();
    await other.see('振込（完了）');
    await bank.page.bringToFront();
    await bank.read('確認をお待ちしています');
    await bank.pressAndGo('申込を中止する');
    await token.page.close();
    await other.page.close();
  });

  test('D3: a page that shows another payee is called out in red, and cannot be confirmed', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank, shot } = stage;
    const number = await bank.requestTransfer(3_000);
    // What malware in the page would do: the customer is to believe in another payee.
    await bank.rewrite('お振込先人名', 'ミホン タロウ');
    await untilHeardOf(stage.token.page, 'ミホン タロウ');
    const token = await confirmingToken(stage);
    await token.readWord('confirmDiffersTitle');
    await token.read(number);
    expect(await token.text()).toContain('ミホン ジロウ');
    await shot(token, 'confirm-differs');
    expect(await token.offers('ok')).toBe(false);
    await token.rejectTransfer();
    await bank.page.bringToFront();
    await bank.read('「拒否」が選択されたため');
  });

  test('what cannot be read off the page is said calmly, and OK stays', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank, shot } = stage;
    const number = await bank.requestTransfer(3_000);
    await bank.rewrite('お振込金額', '***円');
    await untilHeardOf(stage.token.page, '***円');
    const token = await confirmingToken(stage);
    await token.question(number);
    await token.readWord('confirmUnreadField', await token.word('amount'));
    expect(await token.text()).not.toContain(await token.word('confirmDiffersTitle'));
    await shot(token, 'confirm-unread');
    await token.confirmTransfer();
    await bank.page.bringToFront();
    await bank.read('お取引はまだ完了していません');
    await bank.pressAndGo('申込を中止する');
  });

  test('name and amount written the page’s own way are not called out', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank } = stage;
    const number = await bank.requestTransferTo('カ)ABC-ミホンセンター', 3_000);
    await bank.rewrite('お振込先人名', '（カ）ABC\u2212ミホンセンタ\u2015　様');
    await bank.rewrite('お振込金額', '3,000円（手数料660円）');
    await untilHeardOf(stage.token.page, '(手数料660円)');
    const token = await confirmingToken(stage);
    const question = await token.question(number);
    for (const key of ['confirmDiffersTitle', 'confirmUnread'] as const) {
      expect(question).not.toContain(await token.word(key));
    }
    for (const field of ['payee', 'amount'] as const) {
      const label = await token.word(field);
      expect(question).not.toContain(await token.word('confirmUnreadField', label));
    }
    await token.rejectTransfer();
  });

  test('a page that was left cannot be compared, and that is said', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank, browser } = stage;
    const number = await bank.requestTransfer(3_000);
    const token = new Token(await browser.openTokenPage('confirm'));
    await token.question(number);
    await bank.balance();
    await token.checkForTransfers();
    await token.readWord('confirmUnread');
    await token.rejectTransfer();
    await token.page.close();
  });

  test('a page that only changes its address is compared still', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank } = stage;
    const number = await bank.requestTransfer(3_000);
    await bank.rewrite('お振込金額', '3,000円（手数料660円）');
    await untilHeardOf(stage.token.page, '(手数料660円)');
    await bank.changeAddress();
    const token = await confirmingToken(stage);
    expect(await token.question(number)).not.toContain(await token.word('confirmUnread'));
    await token.rejectTransfer();
  });

  test('the service restarts between the confirmation and 確定する', async () => {
    await laterInSession();
    const stage = onStage();
    const { browser, system } = stage;
    const page = new Bank(await browser.newPage(), system.bankUrl);
    const before = await page.balance();
    const number = await page.requestTransfer(4_000);
    const token = new Token(await browser.openTokenPage('confirm'));
    await token.question(number);
    await token.confirmTransfer();
    await page.page.bringToFront();
    await page.read('お取引はまだ完了していません');
    await system.stopService();
    await page.settleTransfer();
    await page.read('ただいまお手続きができません');
    await system.startService();
    await page.settleTransfer();
    await page.see('振込（完了）');
    expect(await page.balance()).toBe(before - 4_000);
    await token.page.close();
  });

  if (kind === 'chromium') {
    describe('where the popup is over the page', () => {
      test('a transfer comes through with a background that is killed at every step', async () => {
        const stage = onStage();
        const { bank, browser } = stage;
        await laterInSession();
        await browser.killBackground();
        const number = await bank.requestTransfer(1_000);
        await browser.killBackground();
        const token = await confirmingToken(stage);
        await token.question(number);
        await browser.killBackground();
        await token.confirmTransfer();
        await browser.killBackground();
        await bank.page.bringToFront();
        await bank.settleTransfer();
        await bank.see('振込（完了）');
      });

      test('the badge counts what waits, the popup shows it, and its button finds it again', async () => {
        const stage = onStage();
        const { bank, browser, shot } = stage;
        await laterInSession();
        const number = await bank.requestTransfer(1_000);
        await browser.badgeOfAll('1');
        const token = await confirmingToken(stage);
        await token.question(number);
        await shot(token, 'popup-confirm');
        await token.pressWord('back');
        await token.checkForTransfers();
        await token.question(number);
        await token.rejectTransfer();
        await browser.badgeOfAll('');
      });
    });
  }

  describe('what else changes', () => {
    storiesOfChangesByApproval(onStage, laterInSession);
  });

  test('“not me” stops the token, and a mail says so', async () => {
    await laterInSession();
    const stage = onStage();
    const { bank, system, shot } = stage;
    const number = await bank.requestTransfer(5_000);
    const token = await confirmingToken(stage);
    await token.question(number);
    await token.disownTransfer();
    await shot(token, 'confirm-not-me');
    await bank.page.bringToFront();
    await bank.read('トークンを利用停止にしました');
    await shot(bank, 'transfer-not-me');
    await system.mail(TARO.mail, '利用停止');
    await bank.openOtpMenu();
    await bank.read('利用停止中');
  });
});

describe.each(['chromium', 'firefox'] as const)('取引認証 by code in %s', (kind) => {
  const onStage = useStage(kind, { confirmation: 'code' });

  beforeAll(async () => {
    await putIntoUse(onStage(), TARO);
  });

  test('D1: the code exists only after the confirmation, and is filled', async () => {
    const stage = onStage();
    const { bank, shot } = stage;
    const before = await bank.balance();
    const number = await bank.requestTransfer(50_000);
    const token = await confirmingToken(stage);
    await token.question(number);
    expect(await token.hasCode()).toBe(false);
    await token.confirmTransfer();
    const code = await token.confirmationCode();
    await shot(token, 'confirm-code');
    await bank.page.bringToFront();
    expect(await bank.filledConfirmationCode()).toBe(code);
    await shot(bank, 'transfer-code-filled');
    await bank.settleTransfer('wrong1234');
    await bank.see('振込（取引認証）');
    expect(await bank.filledConfirmationCode()).toBe(code);
    await bank.settleTransfer();
    await bank.see('振込（完了）');
    expect(await bank.balance()).toBe(before - 50_000);
  });

  test('W3: a login code is refused there, and kindly explained', async () => {
    const stage = onStage();
    const { bank, browser } = stage;
    const code = await new Token(await browser.openTokenPage()).code();
    await bank.page.bringToFront();
    const number = await bank.requestTransfer(1_000);
    const token = new Token(await browser.openTokenPage('confirm'));
    await token.question(number);
    await token.confirmTransfer();
    const right = await token.confirmationCode();
    expect(code).not.toBe(right);
    await bank.page.bringToFront();
    await bank.filledConfirmationCode();
    await bank.type('取引認証コード', code);
    await bank.settleTransfer();
    await bank.read('取引認証コード');
    expect(await bank.heading()).toBe('振込（取引認証）');
    await bank.type('取引認証コード', right);
    await bank.settleTransfer();
    await bank.see('振込（完了）');
  });

  describe('what else changes', () => {
    storiesOfChangesByCode(onStage);
  });
});
