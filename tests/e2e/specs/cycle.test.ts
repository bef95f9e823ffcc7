import { describe, expect, test } from 'vitest';
import { issueToken } from '../flows/issue.ts';
import { nextStep } from '../flows/next-step.ts';
import { TARO } from '../pages/bank.ts';
import { useStage } from '../stage.ts';

/** The whole life of a token, as the guides tell it, on real pages with real mail. */
describe.each(['chromium', 'firefox'] as const)('the whole cycle in %s', (kind) => {
  const onStage = useStage(kind, 'once');

  test('apply, set up, start, log in with the code filled, release', async () => {
    const { system, bank, token, shot } = onStage();
    await token.page.bringToFront();
    await shot(token, 'token-first');
    await bank.page.bringToFront();
    await bank.page.goto(`${system.bankUrl}/`);
    await shot(bank, 'BLI001');
    await bank.login(TARO);
    await shot(bank, 'BPT001');
    await bank.openOtpMenu();
    await bank.read('（未登録）');
    await shot(bank, 'BOP001');

    const issued = await issueToken(bank, system, TARO);
    await shot(bank, 'BOT002');
    const { text } = await system.mail(TARO.mail, 'トークン発行のご案内');
    expect(text).toContain(issued.serviceId);
    expect(text).toContain(issued.userId);

    await token.page.bringToFront();
    await token.fillEnrolment(issued);
    await shot(token, 'token-enrol');
    await token.send();
    await token.readWord('enrolledBody');
    await shot(token, 'token-enrolled');
    await token.finishEnrolment('本店用');
    await shot(token, 'token-code');
    expect(await token.text()).toContain('仙北信用組合（本店用）');

    await bank.page.bringToFront();
    await bank.openOtpMenu();
    await bank.read('トークン発行済');
    await bank.openActivation();
    const first = await bank.filledCode();
    await shot(bank, 'activation-filled');
    await bank.activate();
    await shot(bank, 'activation-done');
    await bank.openOtpMenu();
    await bank.read('サービス利用中');
    await bank.logout();

    await nextStep(onStage());
    await bank.login(TARO);
    await bank.see('ログイン（ワンタイムパスワード認証）');
    const second = await bank.filledCode();
    expect(second).not.toBe(first);
    await shot(bank, 'BLI023-filled');
    await bank.enterCode();
    await bank.see('トップページ');

    await nextStep(onStage());
    await bank.openRelease();
    const third = await bank.filledCode();
    expect([first, second]).not.toContain(third);
    await shot(bank, 'BOS001-filled');
    await bank.release();
    await shot(bank, 'release-done');
    await bank.logout();

    await bank.login(TARO);
    await bank.see('トップページ');
    await system.mail(TARO.mail, '利用解除');
  });
});
