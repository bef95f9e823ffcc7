import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bannerOf } from '../../core/autofill/banner.ts';
import { compareShown, readShown } from '../../core/transaction/shown.ts';
import { ownBuild } from '../e2e/own-build.ts';
import { launch, type TestBrowser } from '../e2e/test-browser.ts';
import { TRANSFER } from '../unit/core/transaction/example.ts';
import { bundled } from './bundled.ts';

const box = (text: string) => `<span style="display:inline-block">${text}</span>`;

const row = (label: string, value: string) => `<tr><td>${label}</td><td>${value}</td></tr>`;
const payee = (value: string) => row('お振込先人名', value);
const amount = (value: string) => row('お振込金額', value);

/** How a page writes ミホン タロウ and 150,000 yen, or something else; and what the comparison with those says. */
const WAYS: Readonly<Record<string, readonly [payee: string, amount: string, rows: string]>> = {
  'a name in boxes': ['same', 'unread', payee(`${box('ミホン')} ${box('タロウ')} 様`)],
  'a name in boxes without a space': ['same', 'unread', payee(box('ミホン') + box('タロウ') + box('様'))],
  'an amount in boxes': ['unread', 'same', amount(`${box('150')},${box('000')}円`)],
  'an amount with boxes for its marks': ['unread', 'same', amount(`${box('¥')}${box('150,000')}`)],
  'a flexible box in the line': [
    'unread',
    'same',
    amount('<b style="display:inline-flex">150,000</b><b style="display:inline-flex">円</b>'),
  ],
  'elements without a box': [
    'same',
    'same',
    payee('<b style="display:contents">ミホン</b> タロウ') +
      amount('<b style="display:contents">150</b>,000円'),
  ],
  'a name with ruby': ['same', 'unread', payee('<ruby>ミホン<rt>みほん</rt></ruby> タロウ')],
  'a name with ruby and its brackets': [
    'same',
    'unread',
    payee('<ruby>ミホン<rp>（</rp><rt>みほん</rt><rp>）</rp></ruby> タロウ'),
  ],
  'label and value in boxes': [
    'same',
    'same',
    `<div>${box('お振込先人名')}${box('ミホン タロウ 様')}</div><div>${box('お振込金額')} ${box('150')},${box('000')}円</div>`,
  ],
  'another payee beside its label in a box': [
    'different',
    'different',
    `<div>${box('お振込先人名')}${box('ベツ ジン')}${box('お振込金額')}${box('1円')}</div>`,
  ],
  'values with a button': [
    'same',
    'same',
    payee('ミホン タロウ <button>変更</button>') +
      amount('150,000円<a href="#" style="display:inline-block">変更</a>'),
  ],
  'an amount with a mark': ['unread', 'same', amount(`150,000円 ${box('即時')}`)],
  'a name with a mark': ['unread', 'unread', payee(`ミホン タロウ ${box('登録済')}`)],
  'another payee in boxes': ['different', 'unread', payee(`${box('ミホン')} ${box('ジロウ')} 様`)],
  'another payee with a mark': ['different', 'unread', payee(`ベツ ジン ${box('登録済')}`)],
  'another amount in boxes': ['unread', 'different', amount(`${box('150')},${box('001')}円`)],
  'a larger amount in boxes': ['unread', 'different', amount(`${box('150,000')},${box('000')}円`)],
  'another amount with a mark': ['unread', 'different', amount(`900,000円 ${box('即時')}`)],
  'figures side by side': ['unread', 'unread', amount(`${box('150')}${box('000')}円`)],
  'figures side by side with a space': ['unread', 'unread', amount(`${box('150')} ${box('000')}円`)],
  'a figure in front of the amount': ['unread', 'unread', amount(`${box('1')}${box('150,000円')}`)],
  'two amounts in a row': ['unread', 'unread', amount(`${box('150,000円')}${box('900,000円')}`)],
  'an amount with a fee in it': ['unread', 'unread', amount(`150,660円${box('（うち手数料 660円）')}`)],
  'an amount with a fee beside it': ['unread', 'same', amount(`150,000円${box('（手数料660円）')}`)],
  'a thousand times the amount': ['unread', 'unread', amount(`${box('150,000')}${box('千円')}`)],
  'a small digit in front of the amount': [
    'unread',
    'different',
    amount('<span style="font-size:8px"><b>1</b>,150,000円</span>'),
  ],
  'a name that nobody sees, without a box': [
    'different',
    'unread',
    payee('<b style="display:contents;visibility:hidden">ミホン タロウ</b>ベツ ジン'),
  ],
  'digits that look like ruby in the markup': [
    'unread',
    'different',
    amount('<ruby>150,000<rt style="display:inline">,000</rt></ruby>円'),
  ],
  'another name where ruby is': [
    'different',
    'unread',
    payee('<ruby>ミホン<rt style="display:inline-block;font-size:1em">ジロウ</rt></ruby>'),
  ],
};

/** What a page shows of its transfer, read as the content script does. */
describe.each(['chromium', 'firefox'] as const)('what a page shows of a transfer in %s', (kind) => {
  let browser: TestBrowser;
  let page: Page;

  beforeAll(async () => {
    browser = await launch(kind, ownBuild().output);
    page = await browser.newPage();
    await page.evaluate(await bundled('./reader.ts'));
  });
  afterAll(() => browser?.close());

  const textOf = async (body: string): Promise<string> => {
    await page.setContent(`<!DOCTYPE html><html lang="ja"><body>${body}</body></html>`);
    return page.evaluate(() => Reflect.get(globalThis, 'reader').textHere());
  };

  test.each(Object.entries(WAYS))('%s', async (_what, [payee, amount, rows]) => {
    const text = await textOf(rows.startsWith('<tr>') ? `<table>${rows}</table>` : rows);
    expect({ text, ...compareShown(TRANSFER, [readShown(text)]) }).toEqual({ text, payee, amount });
  });

  test('a heading in boxes ends what is above it, and the boxes before it do not belong to it', async () => {
    const heading = `${box('ログイン')}${box('（ワンタイムパスワード認証）')}`;
    const text = await textOf(
      `<div>${box('仙北信用組合')}${heading}${box('ヘルプ')}</div><p>秋田県信用組合</p>`,
    );
    expect(bannerOf('BLI023', text).trim()).toBe('仙北信用組合');
  });
});
