import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ContentScripts, contentScripts } from '../../e2e/fixtures/content-script.ts';
import { disownLogin, hearOfLogin } from '../../e2e/flows/elsewhere.ts';
import { putIntoUseBySignature } from '../../e2e/flows/signed.ts';
import { Bank, TARO } from '../../e2e/pages/bank.ts';
import { useStage } from '../../e2e/stage.ts';
import type { SystemOptions } from '../../e2e/system.ts';
import { lookalikes, type Relay, startRelay } from './relay.ts';
import { typesCode } from './types-code.ts';

/** Longer than anything waits. */
const MINUTES_APART = 10;

const NAME = '見本 太郎';

/** The relay of today against a login that is signed: docs/THREATS.md says what it does in every mode. */
describe.each(['chromium', 'firefox'] as const)('a relay, in %s', (kind) => {
  /** A customer with a token in use at a bank, and what the relay needs of them. */
  function useVictim(options: SystemOptions) {
    const onStage = useStage(kind, { institution: 'aomoriken', ...options });
    let scripts: ContentScripts;
    let relay: Relay | undefined;
    beforeAll(async () => {
      const { browser, token } = onStage();
      await putIntoUseBySignature(onStage(), TARO);
      scripts = await contentScripts(browser, token.page);
    });
    afterEach(() => relay?.close());

    return {
      onStage,
      scripts: () => scripts,
      /** The victim gives ID and password at the relay, and sees BLI023 there. */
      async falls(host: string, alteration?: (html: string) => string) {
        const { bank, system } = onStage();
        relay = await startRelay(system.bankUrl, host);
        if (alteration) relay.alter(alteration);
        const shown = new Bank(bank.page, relay.url);
        await shown.login(TARO);
        await shown.read('BLI023');
        return { relay, shown };
      },
    };
  }

  const getsIn = async ({ attacker }: Relay) => (await attacker.open('/top')).includes(NAME);

  describe('against a login that is signed and nothing else', () => {
    const { onStage, scripts, falls } = useVictim({ login: ['signed'] });

    test.each(lookalikes('aomoriken'))(
      'at $host gets no signature, and does not get in',
      async ({ host, reached }) => {
        const { browser, system } = onStage();
        const { relay, shown } = await falls(host);
        const number = await shown.challengeNumber();
        for (const report of await scripts().settled(reached)) {
          expect(report).toMatchObject({ kind: 'unsigned', reason: 'sender-origin' });
        }
        // The token knows of the login, and takes it for what it is.
        await hearOfLogin(onStage(), number);
        expect(await getsIn(relay)).toBe(false);
        // The real page opens over it: its login is signed, which does not help the relay.
        const over = new Bank(await browser.newPage(), system.bankUrl);
        await over.login(TARO);
        await over.see('トップページ');
        await over.page.close();
        expect(await getsIn(relay)).toBe(false);
        await shown.asksForSignature();
      },
    );

    test('that shows a field for the code, and asks for the other way, is refused it by the bank', async () => {
      const { token } = onStage();
      const { relay, shown } = await falls('aomoriken-bank.localhost', asksForCode);
      const code = await typesCode(shown, token);
      await shown.read('ワンタイムパスワードの入力によるお手続きを承っておりません');
      expect(relay.typed.some((form) => form.get('otp') === code)).toBe(true);
      await relay.attacker.send(await relay.attacker.open('/login/otp'), '/login/otp/way', { way: 'code' });
      expect(await getsIn(relay)).toBe(false);
    });

    test('ends as the customer says that they know nothing of it', async () => {
      const { system, token } = onStage();
      // Of the logins before nobody waits any more.
      await system.moveClock(system.offset() + MINUTES_APART * 60_000);
      await token.page.bringToFront();
      await token.pressWord('confirmCheck');
      await token.lacksWord('elsewhereTitle');
      const { relay, shown } = await falls('aomoriken-bank.localhost');
      const number = await shown.challengeNumber();
      await hearOfLogin(onStage(), number);
      await disownLogin(token, number);
      await shown.read('「心当たりがない」が選択されたため');
      expect(await getsIn(relay)).toBe(false);
      await system.mail(TARO.mail, '利用停止');
    });
  });

  describe('against a login that is signed where the code is taken as well', () => {
    const { onStage, falls } = useVictim({ login: ['signed', 'code'] });

    test('gets in where the customer asks it for the code’s field and types the code', async () => {
      const { token } = onStage();
      const { relay, shown } = await falls('aomoriken-bank.localhost');
      await shown.useCode();
      await typesCode(shown, token);
      await shown.read(NAME);
      expect(await getsIn(relay)).toBe(true);
    });
  });
});

/** A field for the code instead of the challenge. */
const asksForCode = (html: string) =>
  html.replace(
    /<input type="hidden" name="challenge"[^>]*>/,
    '<p><label for="otp">ワンタイムパスワード</label><input id="otp" name="otp"></p>',
  );
