import { expect, test } from 'vitest';
import { untilHeardOf } from '../fixtures/background.ts';
import { TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import type { Stage } from '../stage.ts';

const NEW_ADDRESS = 'taro.mihon@mail.example';

/** The token where the customer confirms: over the bank's page in Chromium, in its own tab in Firefox. */
export async function confirmingToken({ browser, bank }: Stage): Promise<Token> {
  return new Token(await browser.openPopup(bank.page));
}

/**
 * What else a customer changes, on the stage of transfers that the token decides.
 * @param ready begins a story in a session of a customer with a token in use
 */
export function storiesOfChangesByApproval(onStage: () => Stage, ready: () => Promise<void>): void {
  test('a limit is changed once it is confirmed on the token, as a change of limit', async () => {
    await ready();
    const stage = onStage();
    const { bank, shot } = stage;
    const number = await bank.requestLimit(1_000_000);
    await shot(bank, 'limit-waiting');
    await untilHeardOf(stage.token.page, '1,000,000円');
    const token = await confirmingToken(stage);
    const question = await token.question(number, 'limitChangeTitle');
    for (const key of ['oldLimit', 'newLimit', 'limitFrom', 'appliedAt'] as const) {
      expect(question).toContain(await token.word(key));
    }
    expect(question).toContain('¥200,000');
    expect(question).toContain('¥1,000,000');
    // All of it could be read off the page and is the same.
    expect(question).not.toContain(await token.word('confirmUnread'));
    expect(question).not.toContain(await token.word('confirmDiffersTitle'));
    await shot(token, 'limit-question');
    await token.confirmChange();
    await bank.page.bringToFront();
    await bank.read('変更はまだ完了していません');
    await shot(bank, 'limit-confirmed');
    await bank.settleTransfer();
    await bank.see('振込・振替限度額の変更（受付完了）');
    await shot(bank, 'limit-done');
    await bank.openService('振込・振替限度額の変更');
    await bank.read('から 1,000,000円');
    await shot(bank, 'limit-input');
  });

  test('an address that is rejected on the token stays as it was', async () => {
    await ready();
    const stage = onStage();
    const { bank, system, shot } = stage;
    const number = await bank.requestAddress(NEW_ADDRESS);
    await shot(bank, 'email-waiting');
    await untilHeardOf(stage.token.page, NEW_ADDRESS);
    const token = await confirmingToken(stage);
    const question = await token.question(number, 'emailChangeTitle');
    expect(question).toContain(TARO.mail);
    expect(question).toContain(NEW_ADDRESS);
    expect(question).toContain(await token.word('onAcceptance'));
    await shot(token, 'email-question');
    await token.rejectTransfer();
    await token.readWord('changeRejectedBody');
    await shot(token, 'email-rejected');
    await bank.page.bringToFront();
    await bank.read('メールアドレスは変更されていません');
    await shot(bank, 'email-rejected-bank');
    await system.mail(TARO.mail, 'メールアドレスの変更の取引認証が拒否されたお知らせ');
    await bank.openService('メールアドレスの変更');
    await bank.read(TARO.mail);
  });

  test('a page that shows another address is called out in red, and cannot be confirmed', async () => {
    await ready();
    const stage = onStage();
    const { bank, shot } = stage;
    const number = await bank.requestAddress(NEW_ADDRESS);
    await bank.rewrite('新しいメールアドレス', 'jiro@mail.example');
    await untilHeardOf(stage.token.page, 'jiro@mail.example');
    const token = await confirmingToken(stage);
    await token.readWord('confirmDiffersTitle');
    await token.read(number);
    await shot(token, 'email-differs');
    expect(await token.offers('ok')).toBe(false);
    await token.rejectTransfer();
  });
}

/** The same where a code follows the decision. */
export function storiesOfChangesByCode(onStage: () => Stage): void {
  test('the code of a confirmed change of address is filled on its page, and both addresses hear of it', async () => {
    const stage = onStage();
    const { bank, system, shot } = stage;
    const number = await bank.requestAddress(NEW_ADDRESS);
    const token = await confirmingToken(stage);
    await token.question(number, 'emailChangeTitle');
    await token.confirmChange();
    const code = await token.confirmationCode();
    await shot(token, 'email-code');
    await bank.page.bringToFront();
    expect(await bank.filledConfirmationCode()).toBe(code);
    await shot(bank, 'email-code-filled');
    await bank.settleTransfer();
    await bank.see('メールアドレスの変更（受付完了）');
    await shot(bank, 'email-done');
    for (const address of [TARO.mail, NEW_ADDRESS]) {
      const { text } = await system.mail(address, 'メールアドレス変更のお知らせ');
      expect(text).toContain(NEW_ADDRESS);
    }
  });
}
