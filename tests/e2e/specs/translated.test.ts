import { Secret, TOTP } from 'otpauth';
import { beforeAll, describe, expect, test } from 'vitest';
import { inOneStep } from '../../service/one-step.ts';
import { takeKeys } from '../fixtures/vault.ts';
import { putIntoUse } from '../flows/issue.ts';
import { TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { useStage } from '../stage.ts';
import { replaceTexts, setClockOn, stopTimeouts, wrapTexts } from '../translator.ts';

const PERIOD_MS = 60_000;

/** The token's own pages under a translator that ignores `translate="no"`: what they show stays right. */
describe.each(['chromium', 'firefox'] as const)('translated in %s', (kind) => {
  const onStage = useStage(kind, 'once');
  let codeAt: (ms: number) => string;

  /** Sets the page's clock to ten seconds into a later step; gives that step's code. */
  const stepsOn = async ({ page }: Token, steps: number): Promise<string> => {
    const now = await page.evaluate(() => Date.now());
    const then = now - (now % PERIOD_MS) + steps * PERIOD_MS + 10_000;
    await setClockOn(page, then - now);
    return codeAt(then);
  };

  const fresh = async (): Promise<Token> => {
    const { token } = onStage();
    await token.page.bringToFront();
    await token.reload();
    await token.code();
    return token;
  };

  beforeAll(async () => {
    const { token } = onStage();
    await putIntoUse(onStage(), TARO);
    const { otpKey } = await takeKeys(token.page);
    const secret = new Secret({ buffer: Uint8Array.from(otpKey).buffer });
    const totp = new TOTP({ secret, algorithm: 'SHA256', digits: 8, period: PERIOD_MS / 1000 });
    codeAt = (timestamp) => totp.generate({ timestamp });
  });

  test('asks not to be translated', async () => {
    const { token } = onStage();
    expect(await token.refusesTranslation()).toBe(true);
  });

  test('every text in two elements more: the next code comes, and its seconds run', async () => {
    const token = await fresh();
    const dead = await token.code();
    await wrapTexts(token.page);
    const next = await stepsOn(token, 1);
    await token.codeIs(next);
    expect(await token.secondsLeft()).toBeGreaterThan(40);
    expect((await token.text()).replace(/\s/g, '')).not.toContain(dead);
    await token.codeIs(await stepsOn(token, 1));
  });

  test('every text replaced: all of them come back, and go on', async () => {
    const token = await fresh();
    const before = await token.text();
    await replaceTexts(token.page);
    await token.reads(before);
    await token.codeIs(await stepsOn(token, 1));
    await replaceTexts(token.page);
    await token.reads(before);
    expect(await token.secondsLeft()).toBeGreaterThan(40);
  });

  test('no timer comes any more: the clock alone takes a dead code off the screen', async () => {
    const token = await fresh();
    await inOneStep();
    const dead = await token.code();
    await stopTimeouts(token.page);
    const next = await stepsOn(token, 1);
    await token.codeIs(next);
    await token.codeIs(await stepsOn(token, 30));
    expect(await token.secondsLeft()).toBeGreaterThan(40);
    // set back
    await token.codeIs(await stepsOn(token, -31));
    expect(await token.code()).toBe(dead);
  });

  test('a transfer is asked about and confirmed on a page whose texts are not left alone', async () => {
    const { bank, browser } = onStage();
    await bank.page.bringToFront();
    const number = await bank.requestTransfer(150_000);
    const token = new Token(await browser.openPopup(bank.page));
    await wrapTexts(token.page);
    const question = await token.question(number);
    await replaceTexts(token.page);
    await token.reads(question);
    for (const item of ['ミホン ジロウ', '¥150,000', number]) expect(await token.text()).toContain(item);
    const minutes = await token.minutesLeft();
    await setClockOn(token.page, PERIOD_MS);
    await token.readWord('spanMinutes', String(minutes - 1));
    await token.confirmTransfer();
    await bank.page.bringToFront();
    await bank.settleTransfer();
    await bank.see('振込（完了）');
  });

  test('the history of it comes back as well', async () => {
    const token = await fresh();
    await wrapTexts(token.page);
    await token.openHistory();
    const history = await token.text();
    for (const part of ['150,000', 'ミホン ジロウ']) expect(history).toContain(part);
    await replaceTexts(token.page);
    await token.reads(history);
  });
});
