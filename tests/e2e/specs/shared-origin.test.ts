import { beforeAll, describe, expect, test } from 'vitest';
import type { FillReport } from '../../../core/messages/fill.ts';
import { institutionOf } from '../../institutions.ts';
import { THE_CODE } from '../fill-stage.ts';
import { contentScripts, forgetFilledSteps } from '../fixtures/content-script.ts';
import { FixtureSite } from '../fixtures/site.ts';
import { putIntoUse } from '../flows/issue.ts';
import { nextStep } from '../flows/next-step.ts';
import { Bank, HANAKO, TARO } from '../pages/bank.ts';
import { Token } from '../pages/token.ts';
import { useSharedOriginStage } from '../shared-origin-stage.ts';

const SHARING = { sharing: ['akagi', 'senpoku'] };

/** The real bank, with two institutions on one origin in two tabs, and the tokens of both in one app. */
describe.each(['chromium', 'firefox'] as const)('institutions that share an origin, in %s', (kind) => {
  const onStage = useSharedOriginStage(kind, SHARING);
  /** In a tab of its own. */
  let akagi: Bank;

  beforeAll(async () => {
    const { bank, browser, system } = onStage();
    await putIntoUse(onStage(), TARO);
    akagi = new Bank(await browser.newPage(), system.bankUrlOf('akagi'));
    const second = new Token(await browser.openTokenPage('add'));
    await putIntoUse(
      { bank: akagi, token: second, system: { ...system, institution: institutionOf('akagi') } },
      HANAKO,
    );
    await second.page.close();
    expect(new URL(akagi.url).origin).toBe(new URL(bank.url).origin);
  });

  test('each login is filled with the code of its own institution’s token', async () => {
    const { bank, shot } = onStage();
    await nextStep(onStage());
    await bank.login(TARO);
    await akagi.loginAlso(HANAKO);
    const one = await bank.filledCode();
    await shot(bank, 'shared-senpoku');
    const other = await akagi.filledCode();
    await shot(akagi, 'shared-akagi');
    expect(one).not.toBe(other);
    await akagi.enterCode();
    await akagi.see('トップページ');
    await bank.enterCode();
    await bank.see('トップページ');
    await akagi.read('あかぎ信用組合');
    await bank.read('仙北信用組合');
  });

  test('a transfer of one is confirmed and made while the other is open beside it', async () => {
    const { bank, browser } = onStage();
    const before = [await bank.balance(), await akagi.balance()];
    const number = await akagi.requestTransfer(30_000);
    await bank.page.bringToFront();
    await bank.page.goto(`${bank.url}/transfer`);
    await akagi.page.bringToFront();
    const app = new Token(await browser.openPopup(akagi.page));
    expect(await app.question(number)).toContain('あかぎ信用組合');
    await app.confirmTransfer();
    await akagi.page.bringToFront();
    expect(await akagi.filledConfirmationCode()).toMatch(/^[0-9]{8}$/);
    await akagi.settleTransfer();
    await akagi.see('振込（完了）');
    expect([await bank.balance(), await akagi.balance()]).toEqual([before[0], (before[1] ?? 0) - 30_000]);
  });

  test('the bank’s own page without its header is not filled, and with another’s with the other’s code', async () => {
    const { bank, browser, token } = onStage();
    await bank.login(TARO);
    await bank.see('ログイン（ワンタイムパスワード認証）');
    const [address, html] = [bank.page.url(), await bank.page.content()];
    await bank.page.close();
    await akagi.page.close();
    const site = await FixtureSite.in(await browser.newPage());
    const scripts = await contentScripts(browser, token.page);
    /** Shows the page again, and says what the token made of it. */
    const show = async (changed: string): Promise<FillReport | undefined> => {
      await forgetFilledSteps(token.page);
      await site.page.bringToFront();
      await site.show(address, { body: Buffer.from(changed), contentType: 'text/html; charset=UTF-8' });
      const [report] = await scripts.settled(1);
      return report;
    };
    expect(await show(html)).toMatchObject({ kind: 'filled' });
    const own = await site.filledIn();
    expect(own).toEqual(THE_CODE);

    const nobody = html.replace(/<header[\s\S]*?<\/header>/, '');
    const both = html.replace('</header>', '<p>あかぎ信用組合</p></header>');
    for (const changed of [nobody, both]) {
      expect(changed).not.toBe(html);
      expect(await show(changed)).toMatchObject({ kind: 'refused', reason: 'institution-unknown' });
      expect(await site.filledIn()).toEqual([]);
    }

    const others = html.replace('仙北信用組合</span>', 'あかぎ信用組合</span>').replace('：9904', '：9903');
    expect(await show(others)).toMatchObject({ kind: 'filled' });
    expect(await site.filledIn()).not.toEqual(own);
  });
});
