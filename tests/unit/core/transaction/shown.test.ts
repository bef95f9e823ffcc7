import { describe, expect, test } from 'vitest';
import { compareShown, differences, readShown } from '../../../../core/transaction/shown.ts';
import { TRANSFER } from './example.ts';

const valuesIn = (text: string) => readShown(text).values.transfer ?? {};
const compare = (text: string) => compareShown(TRANSFER, [readShown(text)]);

describe('what a page shows of a transfer', () => {
  test.each([
    ['a table', '確認番号\t47\nお振込先人名\tミホン タロウ 様\nお振込金額\t150,000円\n'],
    ['a list', '確認番号\n47\nお振込先人名\nミホン タロウ\nお振込金額\n¥150,000\n'],
    ['a list with gaps', '確認番号\n\n47\n\nお振込先人名\n\nミホン タロウ\n\nお振込金額\n\n150,000円'],
    ['one line each', '確認番号：４７\nお振込先人名：ﾐﾎﾝ ﾀﾛｳ\nお振込金額：￥１５０，０００'],
    ['cells of colons', '確認番号\t:\t47\nお振込先人名\t：\tミホン タロウ\nお振込金額\t：\t150,000円'],
    ['a block in a cell', '確認番号\t\n47\nお振込先人名\t\nミホン タロウ\nお振込金額\t\n150,000円'],
    ['one line', '確認番号 47 お振込先人名 ミホン タロウ 様 振込手数料 660円 お振込金額 150,000円'],
    ['brackets', '【確認番号】47\n【お振込先人名】ミホン タロウ\n【お振込金額】150,000円'],
    ['marks and numbers', '確認番号 47\n■お振込先人名　ミホン タロウ\n2. お振込金額※1：150,000円'],
    ['spaced labels', '確認番号 47\n受 取 人 名：ミホン タロウ\n金　　額：150,000円'],
  ])('is read off %s', (_what, text) => {
    const shown = readShown(text);
    expect(shown.number).toBe('47');
    expect(compareShown(TRANSFER, [shown])).toEqual({ payee: 'same', amount: 'same' });
  });

  test('another payee, another amount', () => {
    expect(differences(TRANSFER, readShown('お振込先人名\tベツ ジン'))).toEqual(['payee']);
    expect(differences(TRANSFER, readShown('お振込金額\t15,000円'))).toEqual(['amount']);
    expect(differences(TRANSFER, readShown('お振込金額\t1,500,000円\nお振込先人名\tベツ ジン'))).toEqual([
      'amount',
      'payee',
    ]);
  });

  test('a second, other amount under the same label is a difference', () => {
    expect(differences(TRANSFER, readShown('お振込金額\t150,000円\nお振込金額\t1円'))).toEqual(['amount']);
    expect(differences(TRANSFER, readShown('お振込金額\t***円\nお振込金額\t1円'))).toEqual(['amount']);
  });

  test('a second one that cannot be read is none', () => {
    expect(compare('お振込金額\t150,000円\nお振込金額\t***円').amount).toBe('same');
  });

  test('of several pages, one that shows something else counts', () => {
    const pages = ['お振込金額\t150,000円', 'お振込金額\t***円', 'お振込金額\t1円'].map(readShown);
    expect(compareShown(TRANSFER, pages).amount).toBe('different');
    expect(compareShown(TRANSFER, pages.slice(0, 2)).amount).toBe('same');
    expect(compareShown(TRANSFER, pages.slice(1, 2)).amount).toBe('unread');
  });

  test('what is not shown is unread, and no difference', () => {
    for (const text of ['', 'ただいま混み合っております']) {
      expect(compare(text)).toEqual({ payee: 'unread', amount: 'unread' });
      expect(differences(TRANSFER, readShown(text))).toEqual([]);
      expect(readShown(text).number).toBeUndefined();
    }
  });

  test('what is kept of it is bounded', () => {
    const { payee, amount } = valuesIn(
      `お振込先人名\t${'ア'.repeat(8000)}\nお振込金額\t${'1'.repeat(8000)}円`,
    );
    expect(payee?.[0]).toHaveLength(300);
    expect(amount?.[0]).toHaveLength(300);
  });
});

describe('labels of the payee', () => {
  test.each([
    'お振込先人名',
    '振込先人名',
    'お受取人名',
    '受取人名',
    'お受取人',
    '受取人',
    'お受取人様',
    'お受取人氏名',
    '受取人名（カナ）',
    '受取人名フリガナ',
    'お受取人名義',
    '受取口座名義人',
    '振込先口座名義',
    'お振込先口座名義人',
    'お振込先名義',
    'お振込み先口座名義',
    '送金先口座名義',
  ])('%s', (label) => {
    for (const between of ['\t', '\n', '：', ' : ', '　']) {
      expect(compare(`${label}${between}ミホン タロウ`).payee).toBe('same');
      expect(compare(`${label}${between}ベツ ジン`).payee).toBe('different');
    }
  });

  test.each([
    'ご依頼人名',
    'お振込依頼人名',
    '振込人名',
    '引落口座名義',
    'お引落口座名義人',
    '出金口座名義',
    '口座名義',
    'お受取人番号',
    '受取人口座番号',
    'お振込先',
    'お受取人名（漢字）',
    '前回のお受取人名',
    'お客さま氏名',
  ])('%s is that of something else', (label) => {
    for (const between of ['\t', '\n', '：', ' ']) {
      expect(valuesIn(`${label}${between}ベツ ジン`).payee).toEqual([]);
    }
  });

  test('a sentence about it is none', () => {
    expect(valuesIn('お受取人名を確認してください。').payee).toEqual([]);
    expect(valuesIn('お受取人名ミホン').payee).toEqual([]);
  });
});

describe('labels of the amount', () => {
  test.each([
    'お振込金額',
    '振込金額',
    'お振込み金額',
    'お振込額',
    'ご送金額',
    '送金金額',
    '金額',
    'お振込金額（円）',
    '振込金額（半角）',
    'お振込金額【必須】',
  ])('%s', (label) => {
    for (const between of ['\t', '\n', '：', ' ', ' ： ']) {
      expect(compare(`${label}${between}150,000円`).amount).toBe('same');
      expect(compare(`${label}${between}15,000円`).amount).toBe('different');
    }
  });

  test.each([
    'お振込手数料',
    '手数料',
    '振込手数料（税込）',
    'お支払金額',
    '引落金額',
    '合計金額',
    'お引落し合計金額',
    '残高',
    'お振込限度額',
    '振込金額上限',
    '1日あたりの振込金額',
    '1日あたりの 振込金額',
    'お振込金額（手数料込）',
    'お振込金額（合計）',
    'お振込金額（千円）',
  ])('%s is that of something else', (label) => {
    for (const between of ['\t', '\n', '：', ' ']) {
      expect(valuesIn(`${label}${between}660円`).amount).toEqual([]);
    }
  });

  test('金額 alone counts where it is the only one, in yen, and not under the heading of something else', () => {
    expect(compare('金額\t1').amount).toBe('unread');
    expect(compare('お振込\n金額\t150,000円\n手数料\n金額\t660円').amount).toBe('same');
    expect(compare('お振込\n金額\t150,000円\nその他\n金額\t660円').amount).toBe('unread');
    expect(compare('振込手数料\n金額\t660円').amount).toBe('unread');
    expect(compare('お振込金額\t150,000円\n消費税等\n金額\t60円').amount).toBe('same');
  });

  test.each([
    ['150,000円 手数料 660円', 'same'],
    ['150,000円 (手数料 660円)', 'same'],
    ['150,000円\n（手数料660円）', 'same'],
    ['150,000円\n(税込)\n振込指定日\n2026年11月21日', 'same'],
    ['150,660円 手数料: 込', 'unread'],
    ['150,660円（手数料：込）', 'unread'],
    ['150,660円\n（手数料：込）', 'unread'],
    ['150,660円\n（うち手数料 660円）', 'unread'],
    ['150,660円 (うち 手数料 660円)', 'unread'],
    ['合計150,660円（うち手数料660円）', 'unread'],
    ['150,660円', 'different'],
    ['150,660円 手数料 660円', 'different'],
  ])('with %j under it: %s', (shown, outcome) => {
    for (const between of ['\n', '：', ' ']) {
      expect(compare(`お振込金額${between}${shown}`).amount).toBe(outcome);
    }
  });

  test('a figure beside it needs no space', () => {
    expect(compare('お振込金額150,000円').amount).toBe('same');
    expect(compare('お振込金額(税抜)¥150,000').amount).toBe('unread');
  });

  test('a sentence about the amount is no amount', () => {
    expect(valuesIn('お振込金額を確認してください。').amount).toEqual([]);
    expect(valuesIn('お振込金額は1,000円以上です。').amount).toEqual([]);
  });
});

describe('a label with nothing under it', () => {
  test.each([
    ['the next label', 'お振込先人名\nお振込金額\n150,000円'],
    ['a label of something else', 'お振込先人名\n振込指定日\n2026年11月21日'],
    ['a label and its value in one', 'お振込先人名\n支払方法：普通'],
    ['the end', 'お振込先人名'],
    ['headings of columns', '金融機関名\nお受取人名\n振込金額\n見本銀行\nミホン タロウ\n150,000円'],
    ['headings of columns, the name first', 'お受取人名\n振込手数料\n振込金額\nミホン\n660円\n150,000円'],
  ])('above %s is unread', (_what, text) => {
    expect(compare(text)).toEqual({ payee: 'unread', amount: 'unread' });
  });
});

describe('boxes in a line', () => {
  test.each([
    ['お振込先人名\n\vミホン\vタロウ\v様', 'same', 'unread'],
    ['お振込先人名\vミホン タロウ\vお振込金額\v150\v,\v000円', 'same', 'same'],
    ['お振込先人名：ミホン\vジロウ\nお振込金額：150\v,001円', 'different', 'different'],
    ['お振込先人名：ミホン タロウ\vベツ ジン', 'unread', 'unread'],
    ['お振込金額\n150,000円\v即時', 'unread', 'same'],
    ['お振込金額\n150,000\v千円', 'unread', 'unread'],
    ['お振込金額\n150,660円\v（手数料込）', 'unread', 'unread'],
    ['お振込金額\v150,000円\n確認番号\v47', 'unread', 'same'],
  ])('%j', (text, payee, amount) => {
    expect(compare(text)).toEqual({ payee, amount });
  });

  test('the number beside its label', () => {
    expect(readShown('確認番号\v47').number).toBe('47');
    expect(readShown('確認番号\v4\v7').number).toBeUndefined();
  });
});
