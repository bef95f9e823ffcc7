import { describe, expect, test } from 'vitest';
import { DEMO_STAFF } from '../../../bank/store/demo-staff.ts';
import { faultsOf } from '../axe.ts';
import { plugInAuthenticator } from '../fixtures/authenticator.ts';
import { TARO } from '../pages/bank.ts';
import { Staff } from '../pages/staff.ts';
import { useStage } from '../stage.ts';

describe('forms on paper', () => {
  const onStage = useStage('chromium');

  test('each is one A4 page, empty and filled in, also with the longest that can be typed', async () => {
    const { browser, system } = onStage();
    const staff = new Staff(await browser.newPage(), system.staffUrl);
    await staff.signIn('秋田県信用組合');
    for (const kind of ['application', 'suspension', 'cancellation']) {
      await staff.page.goto(`${staff.url}/forms/${kind}`);
      await staff.see(await staff.heading());
      expect([kind, await staff.printedPages()]).toEqual([kind, 1]);
      await staff.page.goto(`${staff.url}/customers/akita-${TARO.loginId}/papers/${kind}`);
      await staff.type('お持ちになった方', '代理'.repeat(30));
      await staff.type('ご依頼の内容', '依頼の内容'.repeat(40));
      await staff.pressAndGo('登録する');
      await staff.pressAndGo('書類を印刷する');
      expect([kind, await staff.printedPages()]).toEqual([kind, 1]);
      const overflows = await staff.sheetOverflows();
      expect([kind, overflows]).toEqual([kind, false]);
    }
    await staff.page.close();
  });
});

describe('a passkey of staff', () => {
  const onStage = useStage('chromium');

  test('is registered, asked for after the password, and reset by a supervisor once it is lost', async () => {
    const { browser, shot, system } = onStage();
    const staff = new Staff(await browser.newPage(), system.staffUrl);
    const { page } = staff;
    await plugInAuthenticator(page, { hasPrf: false });
    await staff.signIn('仙北信用組合');
    await staff.pressAndGo(DEMO_STAFF.clerk.name);
    await staff.see('パスキー');
    expect(await faultsOf(page)).toEqual([]);
    await staff.type('パスキーの名称', '窓口のパソコン');
    await staff.type('パスワード', DEMO_STAFF.clerk.password);
    await staff.pressAndGo('パスキーを登録する');
    await staff.read('パスキーを登録しました。');
    await shot(staff, 'staff-passkeys');
    await staff.changeTo('仙北信用組合', 'clerk');
    await staff.see('サインイン（パスキー）');
    expect(await faultsOf(page)).toEqual([]);
    await shot(staff, 'staff-second-step');
    // A password is not enough.
    await page.goto(`${staff.url}/`);
    await staff.see('サインイン');
    await page.goto(`${staff.url}/sign-in/passkey`);
    await staff.pressAndGo('パスキーでサインイン');
    await staff.see('対応待ち');
    await staff.changeTo('仙北信用組合', 'supervisor');
    await page.goto(`${staff.url}/status`);
    expect(await faultsOf(page)).toEqual([]);
    await page.goto(`${staff.url}/staff`);
    expect(await faultsOf(page)).toEqual([]);
    await staff.choose('職員', DEMO_STAFF.clerk.staffId);
    await staff.type('理由', '端末の紛失');
    await staff.pressAndGo('パスキーを解除する');
    await staff.read('パスキーを解除しました（1件）。');
    await staff.changeTo('仙北信用組合', 'clerk');
    await staff.see('対応待ち');
    await page.close();
  });
});
