import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putIntoUse } from '../../e2e/flows/issue.ts';
import { nextStep } from '../../e2e/flows/next-step.ts';
import { Bank, TARO } from '../../e2e/pages/bank.ts';
import { Token } from '../../e2e/pages/token.ts';
import { useStage } from '../../e2e/stage.ts';
import type { SystemOptions } from '../../e2e/system.ts';
import { lookalikes, type Relay, startRelay } from './relay.ts';
import { typesCode } from './types-code.ts';

const YEN = 15_000;

/** What the relay that got in by a typed code can do with transfers. */
describe.each(['chromium', 'firefox'] as const)('a transfer at a relay, in %s', (kind) => {
  /** A customer who has logged in at the relay. */
  function useVictim(options?: SystemOptions) {
    const onStage = useStage(kind, options);
    let relay: Relay | undefined;
    let shown: Bank | undefined;
    beforeAll(async () => {
      await putIntoUse(onStage(), TARO);
      const { bank, system, token } = onStage();
      // The bank's own name: the reader comes to its pages, and the browser alone tells them apart.
      relay = await startRelay(system.bankUrl, lookalikes('senpoku').at(-1)?.host ?? '');
      await nextStep(onStage());
      shown = new Bank(bank.page, relay.url);
      await shown.login(TARO);
      await typesCode(shown, token);
      await shown.see('トップページ');
    });
    afterAll(() => relay?.close());
    return {
      onStage,
      /** The customer enters it at the relay, and the token asks. */
      async asked() {
        const { bank, browser } = onStage();
        if (shown === undefined) throw new Error('the victim is not there');
        const number = await shown.requestTransfer(YEN);
        const app = new Token(await browser.openPopup(bank.page));
        expect(await app.question(number)).toContain('15,000');
        return { app, shown };
      },
    };
  }

  describe('where the decision is enough', () => {
    const { onStage, asked } = useVictim();

    test('the customer enters a transfer there, and confirms it', async () => {
      const { app, shown } = await asked();
      await app.confirmTransfer();
      await onStage().bank.page.bringToFront();
      await shown.read('お取引はまだ完了していません');
    });
  });

  describe('where the decision has to say on which page it was seen', () => {
    const { onStage, asked } = useVictim({ confirmation: { mode: 'approve', originBound: true } });

    test('what the bank’s own page shows is confirmed', async () => {
      const { bank, browser } = onStage();
      await nextStep(onStage());
      await bank.login(TARO);
      await bank.filledCode();
      await bank.enterCode();
      const number = await bank.requestTransfer(YEN);
      const app = new Token(await browser.openPopup(bank.page));
      await app.question(number);
      await app.confirmTransfer();
      await bank.page.bringToFront();
      await bank.settleTransfer();
      await bank.see('振込（完了）');
    });

    test('nothing is confirmed for a page that is not the bank’s', async () => {
      const { bank } = onStage();
      const { app, shown } = await asked();
      await app.tick(await app.word('confirmAgree'));
      await app.pressUntil(await app.word('ok'), await app.word('confirmOriginRequired'));
      await bank.page.bringToFront();
      expect(await shown.text()).not.toContain('お取引はまだ完了していません');
    });
  });
});
