import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Browser } from './browser.ts';
import { act, askFor, clerkAt, pathOf, recorded } from './staff-desk.ts';
import { activate, createTestBank, EMAIL, issue, logIn, type TestBank } from './test-bank.ts';

const TARO = 'akita-taro0001';
const AKITA = { origin: 'http://akita.localhost:4601', base: '' };
const SERVICE_ID = '10119807';
const APPLY = '窓口でのお申し込みが必要です';

let bank: TestBank;
let customer: Browser;
let clerk: Browser;
let before: number;

beforeAll(async () => {
  bank = await createTestBank();
}, 60_000);

beforeEach(async () => {
  await bank.reset();
  customer = bank.browser(AKITA);
  await logIn(customer);
  clerk = await clerkAt(bank, 'akita');
  before = (await recorded(bank, TARO)).length;
});

afterAll(() => bank.close());

const register = (email = EMAIL) => act(clerk, 'register', { customer: TARO, email });
const acts = async () => (await recorded(bank, TARO)).slice(before);
const tokens = () => bank.service.db.selectFrom('tokens').select('status').execute();
const hasEntry = (html: string) => /<nav class="menu"[\s\S]*href="\/otp"[\s\S]*<\/nav>/.test(html);

describe('before the paper is registered', () => {
  test('the menu has no ワンタイムパスワード申請, and the top page says where to apply', async () => {
    const top = await customer.open('/top');
    expect(hasEntry(top.html)).toBe(false);
    expect(top.text).toContain(APPLY);
    expect(hasEntry((await customer.open('/nothing')).html)).toBe(false);
    expect((await customer.open('/accounts')).text).not.toContain('ワンタイムパスワード申請');
  });

  test.each(['/otp', '/otp/issue', '/otp/issue/confirm', '/otp/activate', '/otp/release'])(
    '%s says where to apply and what to bring',
    async (path) => {
      const { status, text, heading } = await customer.open(path);
      expect([status, heading]).toEqual([409, 'ワンタイムパスワードのお申し込み']);
      expect(text).toContain(APPLY);
      expect(text).toContain('本人確認書類、代表口座のお届出印、当組合所定の申込書');
      expect(text).toContain('0120-000-005');
    },
  );

  test('forms sent by hand change nothing', async () => {
    const { form_token = '' } = customer.hidden('/logout');
    const password = { activation_password: '2468', activation_password_again: '2468' };
    const fields = { form_token, email: EMAIL, email_again: EMAIL, ...password };
    for (const path of ['/otp/issue', '/otp/issue/confirm', '/otp/activate', '/otp/release']) {
      const refused = await customer.post(path, { ...fields, submission: 'x', otp: '12345678' });
      expect(refused.status).toBe(409);
      expect(refused.text).toContain(APPLY);
    }
    expect(await tokens()).toEqual([]);
    expect(await bank.mails(EMAIL)).toEqual([]);
    await register();
    expect((await customer.open('/otp/issue/confirm')).text).toContain('すでに完了しているか、中止されたか');
  });

  test('an institution that takes applications online offers everything at once', async () => {
    const senpoku = bank.browser();
    expect(hasEntry((await logIn(senpoku)).html)).toBe(true);
    const { text } = await (await clerkAt(bank)).open('/customers/senpoku-taro0001');
    expect(text).not.toContain('申込書');
    const refused = await (await clerkAt(bank)).open(pathOf('register'));
    expect([refused.status, refused.text.includes('申込書の登録は必要ありません')]).toEqual([409, true]);
  });

  test('a customer who already has a token keeps using it', async () => {
    await register();
    await issue(bank, customer, EMAIL);
    await bank.db.updateTable('customers').set({ applied_at: null }).execute();
    expect((await customer.open('/otp')).text).toContain('トークン発行済');
  });
});

describe('申込書の登録', () => {
  test('makes the next page offer ワンタイムパスワード申請, and a mail says so', async () => {
    expect((await clerk.open(`/customers/${TARO}`)).text).toContain('申込書 未登録');
    const done = await register();
    expect(done.text).toContain('申込書を登録しました。');
    expect((await clerk.open(`/customers/${TARO}`)).text).toContain('申込書 登録済');
    const next = await customer.open('/accounts');
    expect(hasEntry(next.html)).toBe(true);
    expect((await customer.open('/top')).text).not.toContain(APPLY);
    expect((await customer.open('/otp')).screenId).toBe('BOP001');
    const [mail] = await bank.mails(EMAIL);
    expect(mail?.subject).toBe('ワンタイムパスワード申請お取扱い開始のご案内');
    expect(mail?.from).toContain('otp@akita.example');
    expect(await acts()).toEqual(['register done']);
  });

  test.each(['', 'taro', 'taro@example', 'taro@例え.jp', 'a@b.jp, c@d.jp', `${'a'.repeat(250)}@b.jp`])(
    'needs an e-mail address, not %j',
    async (email) => {
      const refused = await askFor(clerk, 'register', { customer: TARO, email });
      expect(refused.status).toBe(422);
      expect(refused.html).toContain('href="#email"');
      await askFor(clerk, 'register', { customer: TARO, email: EMAIL });
      expect((await clerk.send(pathOf('register', TARO), { email })).status).toBe(400);
      expect(await acts()).toEqual([]);
      expect(hasEntry((await customer.open('/top')).html)).toBe(false);
    },
  );

  test('with another address than the registered one tells that one too, once', async () => {
    const subjects = async (address: string) => (await bank.mails(address)).map(({ subject }) => subject);
    const change = bank.db.updateTable('customers').set({ email: 'former@example.jp' });
    await change.where('id', '=', TARO).execute();
    await register();
    expect(await subjects('former@example.jp')).toEqual(['メールアドレス変更のお知らせ']);
    expect((await bank.mails('former@example.jp'))[0]?.text).toContain(`新しいメールアドレス：${EMAIL}`);
    expect(await subjects(EMAIL)).toEqual(['ワンタイムパスワード申請お取扱い開始のご案内']);
  });

  test('with the registered address changes none, and says so to nobody', async () => {
    await bank.db.updateTable('customers').set({ email: EMAIL }).where('id', '=', TARO).execute();
    await register();
    expect(await bank.mails(EMAIL)).toHaveLength(1);
  });

  test('in two windows is done once; the second address is ignored', async () => {
    const other = clerk.copy();
    await askFor(clerk, 'register', { customer: TARO, email: EMAIL });
    await askFor(other, 'register', { customer: TARO, email: 'other@example.jp' });
    const seen = await Promise.all([clerk, other].map((one) => one.send(pathOf('register', TARO))));
    expect(seen.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(seen.find(({ status }) => status === 409)?.text).toContain(
      '申込書は、すでに登録されています。何も変更していません。',
    );
    expect((await acts()).sort()).toEqual(['register done', 'register refused']);
    const mails = [...(await bank.mails(EMAIL)), ...(await bank.mails('other@example.jp'))];
    expect(mails).toHaveLength(1);
    const [row] = await bank.db.selectFrom('customers').select('email').where('id', '=', TARO).execute();
    expect(mails[0]?.to).toEqual([row?.email]);
  });

  test('works without the token service', async () => {
    bank.way.connection = 'down';
    expect((await register()).status).toBe(200);
    expect(bank.calls).toEqual([]);
  });
});

describe('another 申込書 of a customer who has applied', () => {
  const APPLICATION = `/customers/${TARO}/papers/application`;
  const PAPER = { received_on: '2026-11-20', brought_by: 'ご本人', asked: '利用の再開' };

  async function handIn() {
    const form = await clerk.open(APPLICATION);
    return { form, paper: await clerk.send(APPLICATION, PAPER) };
  }

  test('leads to 認証停止の解除 while the token is locked, as the mail promises', async () => {
    await register();
    await activate(bank, customer, EMAIL, SERVICE_ID);
    await bank.service.db.updateTable('tokens').set({ status: 'locked' }).execute();
    const { form, paper } = await handIn();
    expect(form.text).toContain('登録のあと、「認証停止の解除」へ進みます。');
    expect(form.html).toContain('value="ワンタイムパスワードの利用再開"');
    expect(paper.html).toContain(`action="${pathOf('unlock', TARO)}"`);
    const [, no] = /第(\d+)号/.exec(paper.text) ?? [];
    const unlock = await clerk.open(`${pathOf('unlock', TARO)}?paper=${no}`);
    const [, reason = ''] = /name="reason"[^>]* value="([^"]+)"/.exec(unlock.html) ?? [];
    expect(reason).toBe(`ワンタイムパスワード申込書 第${no}号（2026年11月20日受付）による`);
    await act(clerk, 'unlock', { customer: TARO, reason });
    expect(await tokens()).toEqual([{ status: 'active' }]);
    expect((await acts()).slice(1)).toEqual([
      'unlock filed',
      'unlock proposed',
      'unlock approved',
      'unlock done',
    ]);
  });

  test('leads nowhere otherwise, which its form says before it is registered', async () => {
    await register();
    const { form, paper } = await handIn();
    expect(form.text).toContain('申込書は、すでに登録されています。');
    expect(form.text).not.toContain('登録のあと、');
    expect(paper.html).not.toContain('/acts/');
  });

  test('is asked for on the sheet for no more than staff can do', async () => {
    const { text } = await clerk.open('/forms/application');
    expect(text).toMatch(/お申込みの区分 □ 新規\s*□ 利用の再開（認証停止中の場合） /);
  });
});

describe('利用解除 where only staff may do it', () => {
  const BY_WHOM = 'ワンタイムパスワードの利用解除は、お取引店舗の窓口（平日 9:00〜15:00';

  test('is not offered, and the page refuses it and says who does it', async () => {
    await register();
    const codes = await activate(bank, customer, EMAIL, SERVICE_ID);
    const menu = await customer.open('/otp');
    expect(menu.text).toContain('サービス利用中');
    expect(menu.html).not.toContain('action="/otp/release"');
    const refused = await customer.open('/otp/release');
    expect([refused.status, refused.screenId]).toEqual([409, 'BOP001']);
    expect(refused.text).toContain(BY_WHOM);
    const { form_token = '' } = customer.hidden('/logout');
    const sent = await customer.post('/otp/release', {
      form_token,
      submission: 'x',
      confirmation_password: 'kakunin1234',
      otp: await codes.code(),
    });
    expect([sent.status, sent.text.includes(BY_WHOM)]).toEqual([409, true]);
    expect(await tokens()).toEqual([{ status: 'active' }]);
    expect((await customer.open('/otp/issue')).text).toContain('先に利用解除のお手続きが必要です');
  });

  test('is done by staff; the next login asks for no code', async () => {
    await register();
    await activate(bank, customer, EMAIL, SERVICE_ID);
    await act(clerk, 'release', { customer: TARO });
    expect((await logIn(bank.browser(AKITA))).path).toBe('/top');
    expect((await bank.mails(EMAIL))[0]?.subject).toBe('ワンタイムパスワード利用解除のお知らせ');
    expect(await acts()).toEqual(['register done', 'release proposed', 'release approved', 'release done']);
  });
});
