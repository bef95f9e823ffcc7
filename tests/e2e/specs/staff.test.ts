import type { Page } from 'puppeteer';
import { describe, expect, test } from 'vitest';
import { TARO } from '../pages/bank.ts';
import { Staff } from '../pages/staff.ts';
import { useStage } from '../stage.ts';

/** Pages of a document as it is printed. */
async function printed(page: Page): Promise<number> {
  const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

describe('forms on paper', () => {
  const onStage = useStage('chromium', 'once');

  test('each is one A4 page, empty and filled in, also with the longest that can be typed', async () => {
    const { browser, system } = onStage();
    const staff = new Staff(await browser.newPage(), system.staffUrl);
    await staff.signIn('秋田県信用組合');
    for (const kind of ['application', 'suspension', 'cancellation']) {
      await staff.page.goto(`${staff.url}/forms/${kind}`);
      await staff.see(await staff.heading());
      expect([kind, await printed(staff.page)]).toEqual([kind, 1]);
      await staff.page.goto(`${staff.url}/customers/akita-${TARO.loginId}/papers/${kind}`);
      await staff.type('お持ちになった方', '代理'.repeat(30));
      await staff.type('ご依頼の内容', '依頼の内容'.repeat(40));
      await staff.pressAndGo('登録する');
      await staff.pressAndGo('書類を印刷する');
      expect([kind, await printed(staff.page)]).toEqual([kind, 1]);
      const overflows = await staff.page.$eval('.sheet', (sheet) => sheet.scrollHeight > sheet.clientHeight);
      expect([kind, overflows]).toEqual([kind, false]);
    }
    await staff.page.close();
  });
});
