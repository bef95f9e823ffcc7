import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ContentScripts, contentScripts } from '../../e2e/fixtures/content-script.ts';
import { putIntoUse } from '../../e2e/flows/issue.ts';
import { nextStep } from '../../e2e/flows/next-step.ts';
import { Bank, LOGIN_PASSWORD, TARO } from '../../e2e/pages/bank.ts';
import { useStage } from '../../e2e/stage.ts';
import { lookalikes, type Relay, startRelay } from './relay.ts';
import { typesCode } from './types-code.ts';

/** What it does to a customer who types codes: docs/THREATS.md says what it does in every mode. */
describe.each(['chromium', 'firefox'] as const)('a relay, against a code that is typed, in %s', (kind) => {
  const onStage = useStage(kind);
  let scripts: ContentScripts;
  let relay: Relay;

  beforeAll(async () => {
    const { browser, token } = onStage();
    await putIntoUse(onStage(), TARO);
    scripts = await contentScripts(browser, token.page);
  });
  afterEach(() => relay?.close());

  test.each(lookalikes('senpoku'))(
    'at $host is filled by nobody, and succeeds where the customer types',
    async ({ host, reached }) => {
      const { bank, system, token } = onStage();
      relay = await startRelay(system.bankUrl, host);
      await nextStep(onStage());
      const shown = new Bank(bank.page, relay.url);
      await shown.login(TARO);
      await shown.read('BLI023');
      for (const report of await scripts.settled(reached)) {
        expect(report).toMatchObject({ kind: 'refused', reason: 'sender-origin' });
      }
      expect(await shown.code()).toBe('');
      const code = await typesCode(shown, token);
      await shown.read('見本 太郎');
      expect(relay.typed.flatMap((form) => [...form.values()])).toEqual(
        expect.arrayContaining([TARO.loginId, LOGIN_PASSWORD, code]),
      );
      expect(await relay.attacker.open('/top')).toContain('見本 太郎');
    },
  );
});
