import { beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { act, ask, clerkAt, decide, pathOf, recorded } from './staff-desk.ts';
import { EMAIL, enrol, issue, logIn, type TestBank, useTestBankInUse } from './test-bank.ts';

let bank: TestBank;
let clerk: Browser;
let before: number;

useTestBankInUse(async (stage) => {
  bank = stage.bank;
  clerk = await clerkAt(bank);
});

beforeEach(async () => {
  before = (await recorded(bank)).length;
});

const acts = async () => (await recorded(bank)).slice(before);
const statuses = async () =>
  (await bank.service.db.selectFrom('tokens').select('status').orderBy('issued_at').execute()).map(
    ({ status }) => status,
  );
const again = async () => {
  const browser = bank.browser();
  expect((await logIn(browser)).path).toBe('/top');
  return browser;
};

describe('交換', () => {
  test('says before and in the proposal what it leads to at this bank', async () => {
    const { text, html } = await clerk.open(pathOf('replace'));
    expect(text).toContain('お客さまは、待つことなく「トークン発行」を行えます。');
    expect(html).not.toContain('お振込はご利用いただけません');
    const proposal = await ask(clerk, 'replace');
    expect(proposal.text).toContain('お客さまは、待つことなく「トークン発行」を行えます。');
  });

  test('ends the token of a device that is gone, and the customer begins with another on the same day', async () => {
    await act(clerk, 'emergency', { reason: '端末の紛失' });
    const done = await act(clerk, 'replace', { reason: '端末の紛失' });
    expect(done.text).toContain('お客さまは、ただちに「トークン発行」を行えます。');
    expect(await statuses()).toEqual(['released']);
    expect(await acts()).toEqual(['emergency done', 'replace proposed', 'replace approved', 'replace done']);
    const [mail] = await bank.mails(EMAIL);
    expect(mail?.subject).toBe('トークン再発行のお手続きのご案内');
    expect(mail?.text).toContain('本日からお手続きいただけます。');
    const browser = await again();
    expect((await browser.open('/otp')).text).toContain('「トークン発行」から利用を再開できます。');
    const codes = await enrol(bank, await issue(bank, browser, EMAIL));
    await browser.open('/otp/activate');
    await browser.send('/otp/activate', { otp: await codes.code() });
    expect(await statuses()).toEqual(['released', 'active']);
  });

  test('lifts the wait: after 利用解除 nothing is issued before the next day', async () => {
    await act(clerk, 'release');
    const browser = await again();
    expect((await browser.open('/otp/issue')).text).toContain('以降に発行できます。');
  });

  test('lifts it only for that token', async () => {
    await act(clerk, 'replace');
    const browser = await again();
    const codes = await enrol(bank, await issue(bank, browser, EMAIL));
    await browser.open('/otp/activate');
    await browser.send('/otp/activate', { otp: await codes.code() });
    await act(clerk, 'release');
    expect((await (await again()).open('/otp/issue')).text).toContain('以降に発行できます。');
  });

  test('asks the caller’s questions, and is approved by another', async () => {
    const path = (await ask(clerk, 'replace')).path;
    expect(path).toMatch(/^\/proposals\/\d+$/);
    expect(await statuses()).toEqual(['active']);
    const supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
    await supervisor.open(path);
    expect(supervisor.seen.text).toContain('承認すると、この操作は元に戻せません。');
  });

  test('whose answer was lost, or whose node died between the halves, is finished once', async () => {
    const path = (await ask(clerk, 'replace')).path;
    const supervisor = await clerkAt(bank, 'senpoku', 'supervisor');
    bank.way.connection = 'up';
    await supervisor.open(path);
    bank.way.connection = 'lost';
    const lost = await supervisor.send(`${path}/decide`, { decision: 'approved', reason: '確認済み' });
    // The token could not be read: either nothing was approved, or the outcome must be found out.
    expect(lost.status).toBe(503);
    bank.way.connection = 'up';
    expect(await statuses()).toEqual(['released']);
    expect(
      (
        await bank.db.selectFrom('customers').select('reissue_of').where('user_id', 'is not', null).execute()
      )[0],
    ).toEqual({ reissue_of: null });
    await supervisor.open(path);
    const windows = [supervisor.copy(), supervisor.copy()];
    await Promise.all(windows.map((window) => window.send(`${path}/carry-out`)));
    expect((await acts()).filter((one) => one === 'replace done')).toHaveLength(1);
    expect((await bank.mails(EMAIL)).filter(({ subject }) => subject.includes('再発行'))).toHaveLength(1);
    expect((await (await again()).open('/otp/issue')).heading).not.toContain('ワンタイムパスワード申請');
    expect((await decide(supervisor, path, 'approved').catch(() => supervisor.seen)).text).toContain(
      '実行されました',
    );
  });
});
