import { describe, expect, test } from 'vitest';
import { yenOf } from '../../../bank/transfer/amount.ts';
import { BANKS, search } from '../../../bank/transfer/banks.ts';
import type { Browser } from './browser.ts';
import { type TestBank, useTestBank } from './test-bank.ts';
import { enter, NEW_PAYEE, transfers } from './test-transfer.ts';

let bank: TestBank;
let browser: Browser;

useTestBank((stage) => {
  ({ bank, browser } = stage);
});

/** Presses one of the search buttons of the input. */
async function find(what: 'bank' | 'branch', fields: Record<string, string>) {
  await browser.open('/transfer/new');
  return browser.send('/transfer/new', { ...NEW_PAYEE, ...fields, search: what });
}

describe('the list of banks', () => {
  test('has codes of the real format, each once', () => {
    expect(BANKS.every(({ code }) => /^\d{4}$/.test(code))).toBe(true);
    expect(new Set(BANKS.map(({ code }) => code)).size).toBe(BANKS.length);
    for (const { branches } of BANKS) {
      expect(branches.every(({ code }) => /^\d{3}$/.test(code))).toBe(true);
      expect(new Set(branches.map(({ code }) => code)).size).toBe(branches.length);
    }
  });

  test.each([
    ['9904', ['9904']],
    ['９９０４', ['9904']],
    ['仙北信用組合', ['9904']],
    ['せんぼく', ['9904']],
    ['ｾﾝﾎﾞｸ', ['9904']],
    ['見本', ['9911', '9912']],
    ['見本銀行', ['9911']],
    ['みずほ', []],
  ])('finds %s', (typed, codes) => {
    expect(search(BANKS, typed).map(({ code }) => code)).toEqual(codes);
  });
});

describe('searching, without scripts', () => {
  test('several banks: a list to choose from, and nothing typed is lost', async () => {
    const seen = await find('bank', { bank: '見本', branch: '' });
    expect(seen.status).toBe(200);
    expect(seen.text).toContain('金融機関の検索結果');
    expect(seen.text).toContain('見本信用金庫（9912）');
    expect(seen.html).toContain('value="ミホン サブロウ"');
    const chosen = await browser.send('/transfer/new', {
      ...NEW_PAYEE,
      bank: '見本',
      bank_code: '9912',
      branch: '021',
    });
    expect(chosen.text).toContain('見本信用金庫 例示橋支店 普通 1234567');
  });

  test('branches of the chosen bank', async () => {
    const seen = await find('branch', { branch: '見本' });
    expect(seen.text).toContain('支店の検索結果');
    expect(seen.text).toContain('見本中央支店（012）');
    expect(seen.text).not.toContain('例示橋支店（021）');
  });

  test('nothing typed lists everything; nothing found says so', async () => {
    expect((await find('bank', { bank: '' })).text).toContain('サンプル農業協同組合（9915）');
    expect((await find('bank', { bank: 'みずほ' })).text).toContain('該当がありません');
    expect((await find('branch', { bank: '見本' })).text).toContain('先に金融機関を指定してください');
  });

  test('what is chosen from the list of everything counts, with nothing typed', async () => {
    await find('bank', { bank: '', branch: '' });
    const branches = await browser.send('/transfer/new', {
      ...NEW_PAYEE,
      bank: '',
      bank_code: '9911',
      branch: '',
      search: 'branch',
    });
    expect(branches.text).toContain('見本銀行（9911）');
    expect(branches.text).toContain('見本中央支店（012）');
    const chosen = { ...NEW_PAYEE, bank: '', bank_code: '9911', branch: '', branch_code: '012' };
    expect((await browser.send('/transfer/new', chosen)).text).toContain(
      '見本銀行 見本中央支店 普通 1234567',
    );
  });

  test('a choice from another search does not count', async () => {
    const seen = await enter(browser, { bank: '例示', bank_code: '9911' });
    expect(seen.text).toContain('例示銀行');
    expect(seen.text).not.toContain('見本銀行 ');
  });
});

describe('振込先・金額の入力', () => {
  test('a registered payee', async () => {
    const seen = await enter(browser, { way: 'registered', registered: 'senpoku-taro0001-0', bank: '' });
    expect(seen.text).toContain('見本銀行 本店 普通 1234567');
    expect(seen.text).toContain('ミホン ジロウ');
  });

  test("another customer's registered payee is refused", async () => {
    expect((await enter(browser, { way: 'registered', registered: 'senpoku-hanako01-0' })).status).toBe(422);
  });

  test('names and numbers are converted to the form that is signed and shown', async () => {
    await enter(browser, {
      payee: 'ﾐﾎﾝ　ｻﾌﾞﾛｳ',
      account_number: '１２３-４５６７',
      amount: '￥１５０，０００円',
    });
    expect(await transfers(bank)).toMatchObject([{ payee: 'ミホン サブロウ', account_number: '1234567' }]);
    expect(Number((await transfers(bank))[0]?.amount)).toBe(150_000);
  });

  test.each([
    ['payee', '', 'お振込先人名を入力してください'],
    ['payee', 'ミホン\u202eタロウ', '画面に表示されない文字が含まれています'],
    ['payee', 'ミホン\u200bタロウ', '画面に表示されない文字が含まれています'],
    ['payee', 'ミホン😀', '使用できない文字が含まれています'],
    ['payee', 'ア'.repeat(49), 'お振込先人名は48文字以内'],
    ['bank', '', '金融機関の名称または金融機関コードを入力してください'],
    ['bank', '0000', '該当する金融機関が見つかりません'],
    ['bank', '見本', '該当する金融機関が複数あります'],
    ['branch', '', '支店の名称または支店コードを入力してください'],
    ['branch', '999', '該当する支店が見つかりません'],
    ['account_number', '123456', '口座番号は半角数字7桁'],
    ['account_number', 'abcdefg', '口座番号は半角数字7桁'],
    ['amount', '', 'お振込金額を入力してください'],
    ['amount', '0', 'お振込金額は1円以上'],
    ['amount', '-5', 'お振込金額は半角数字'],
    ['amount', '1.5', 'お振込金額は半角数字'],
    ['amount', '1e5', 'お振込金額は半角数字'],
    ['amount', '99999999999', 'お振込金額は10桁以内'],
  ])('refuses %s %j at its field', async (field, typed, message) => {
    const seen = await enter(browser, { [field]: typed });
    expect(seen.status).toBe(422);
    expect(seen.html).toContain(`<a href="#${field}">`);
    expect(seen.text).toContain(message);
    expect(await transfers(bank)).toEqual([]);
  });

  test('A16: markup stays text', async () => {
    const markup = '"><img src=x onerror=alert(1)>';
    const fields = { payee: markup, bank: markup, branch: markup, account_number: markup, amount: markup };
    const seen = await enter(browser, { ...fields, from_account: markup, way: markup });
    expect(seen.status).toBe(422);
    expect(seen.html).not.toContain('<img');
  });

  test('戻る brings back what was typed', async () => {
    const { path } = await enter(browser);
    const seen = await browser.open(`${path}/edit`);
    expect(seen.screenId).toBe('BFT001');
    for (const value of ['見本銀行', '本店', '1234567', 'ミホン サブロウ', '150000']) {
      expect(seen.html).toContain(`value="${value}"`);
    }
  });

  test('48 characters and ten digits are shown whole', async () => {
    await bank.db.updateTable('customers').set({ daily_limit: 9_999_999_999 }).execute();
    await bank.db.updateTable('accounts').set({ balance: 9_999_999_999 }).execute();
    const seen = await enter(browser, { payee: 'ミ'.repeat(48), amount: '200000' });
    expect(seen.text).toContain('ミ'.repeat(48));
  });
});

test.each([
  ['150000', 150_000],
  ['150,000', 150_000],
  ['１５０，０００円', 150_000],
  ['300,000円 ', 300_000],
  ['¥1', 1],
  ['￥１、２３４、５６７', 1_234_567],
  ['\\ 1,000 円', 1_000],
  ['0150000', 150_000],
  ['', undefined],
  ['円', undefined],
  ['12a', undefined],
  ['1,5', undefined],
  ['150,00', undefined],
  ['1,000,00', undefined],
  ['1000,000', undefined],
  [',100', undefined],
  ['100、200', 100_200],
  ['100,', undefined],
  ['1,,000', undefined],
  ['1 000 2000', undefined],
  ['1 000', undefined],
  ['¥1¥0', undefined],
  ['1¥', undefined],
  ['¥¥1', undefined],
  ['1円円', undefined],
  ['10²', undefined],
  ['①', undefined],
  ['⑩', undefined],
  ['1/2', undefined],
  ['½', undefined],
  ['九', undefined],
  ['1234567890123456', undefined],
])('yen as typed: %j', (typed, yen) => {
  expect(yenOf(typed)).toBe(yen);
});
