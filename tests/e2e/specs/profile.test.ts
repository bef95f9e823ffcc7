import { cpSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newProfile } from '../browser-options.ts';
import { sendDecision } from '../fixtures/background.ts';
import { type TakenKeys, takeKeys } from '../fixtures/vault.ts';
import { obtainToken } from '../flows/issue.ts';
import { ownBuild } from '../own-build.ts';
import { Bank, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { type Content, filesWith, isVaultFile, readProfile } from '../profile-files.ts';
import { useStage } from '../stage.ts';
import { launch, type TestBrowser } from '../test-browser.ts';

const PIN = '295173';

/** A PIN is set on a token that had none, the browser ends, and somebody takes the folder of its profile along. */
describe.each(['chromium', 'firefox'] as const)('a copied profile of %s with a PIN', (kind) => {
  const onStage = useStage(kind);
  let keys: TakenKeys;
  let contents: readonly Content[];
  let thief: TestBrowser;
  let copied: Token;

  beforeAll(async () => {
    const { bank, browser, token } = onStage();
    const issued = await obtainToken(onStage(), TARO);
    await token.page.bringToFront();
    await token.enrol(issued);
    keys = await takeKeys(token.page);
    await token.setPin(PIN);
    await bank.page.bringToFront();
    await bank.openActivation();
    await bank.filledCode();
    await bank.activate();
    await browser.end();
    contents = readProfile(browser.profile);
    const copy = newProfile();
    cpSync(browser.profile, copy, { recursive: true });
    thief = await launch(kind, ownBuild().output, { profile: copy });
    copied = new Token(await thief.openTokenPage());
  });
  afterAll(() => thief?.close());

  test('is read to the last byte: what is not secret is found in it', () => {
    const vault = contents.filter(isVaultFile);
    expect(filesWith(vault, Buffer.from(keys.serial))).not.toEqual([]);
    expect(filesWith(vault, keys.publicKey)).not.toEqual([]);
    expect(filesWith(vault, keys.sealedOtpKey)).not.toEqual([]);
  });

  test('holds no OTP secret and no signing key, in no form', () => {
    expect(filesWith(contents, keys.otpKey)).toEqual([]);
    expect(filesWith(contents, keys.signingKey)).toEqual([]);
  });

  test('holds nothing that opened the vault before there was a PIN', () => {
    expect(filesWith(contents, keys.wrappedVaultKey)).toEqual([]);
  });

  test('opens on the locked screen: no code, no key, nothing filled, nothing approved', async () => {
    await copied.see(await copied.word('lockedTitle'));
    expect(await copied.hasCode()).toBe(false);
    expect(await copied.text()).not.toContain('仙北');
    await expect(takeKeys(copied.page)).rejects.toThrow();
    for (const decision of ['confirmed', 'rejected', 'not-me'] as const) {
      expect(await sendDecision(copied.page, keys.tokenId, decision)).toEqual({
        kind: 'refused',
        reason: 'locked',
      });
    }
    const bank = new Bank(await thief.newPage(), onStage().system.bankUrl);
    await bank.login(TARO);
    await bank.see('ログイン（ワンタイムパスワード認証）');
    const popup = new Token(await thief.openPopup(bank.page));
    await popup.see(await popup.word('lockedTitle'));
    expect(await popup.hasCode()).toBe(false);
    expect(await bank.code()).toBe('');
  });

  test('opens with the PIN, and with nothing else', async () => {
    await copied.page.bringToFront();
    await copied.tryPin('806417');
    await copied.readWord('pinWrong');
    expect(await copied.hasCode()).toBe(false);
    await copied.unlockWithPin(PIN);
  });
});
