import { describe, expect, test } from 'vitest';
import { differences, readShown } from '../../../../core/transaction/shown.ts';
import { TRANSFER } from './example.ts';

describe('what a page shows of a transfer', () => {
  test.each([
    ['a table', '確認番号\t47\nお振込先人名\tミホン タロウ 様\nお振込金額\t150,000円\n'],
    ['a list', '確認番号\n47\nお振込先人名\nミホン タロウ\nお振込金額\n¥150,000\n'],
    ['a list with gaps', '確認番号\n\n47\n\nお振込先人名\n\nミホン タロウ\n\nお振込金額\n\n150,000円'],
    ['one line each', '確認番号：４７\nお振込先人名：ﾐﾎﾝ ﾀﾛｳ\nお振込金額：￥１５０，０００'],
  ])('is read off %s', (_what, text) => {
    const shown = readShown(text);
    expect(shown.number).toBe('47');
    expect(differences(TRANSFER, shown)).toEqual([]);
    expect(shown).toMatchObject({ payees: ['ミホンタロウ'], amounts: [150_000] });
  });

  test('another payee, another amount', () => {
    expect(differences(TRANSFER, readShown('お振込先人名\tベツ ジン'))).toEqual(['payee']);
    expect(differences(TRANSFER, readShown('お振込金額\t15,000円'))).toEqual(['amount']);
    expect(differences(TRANSFER, readShown('お振込金額\t1,500,000円\nお振込先人名\tベツ ジン'))).toEqual([
      'payee',
      'amount',
    ]);
  });

  test('a second, other amount under the same label is a difference', () => {
    expect(differences(TRANSFER, readShown('お振込金額\t150,000円\nお振込金額\t1円'))).toEqual(['amount']);
  });

  test.each([
    'お振込金額(円)\t150,000',
    'お振込金額：金150,000円也',
    'お振込金額 ¥150,000-',
    '振込金額（半角）\n150,000円',
  ])('the amount in %j is read', (text) => {
    expect(readShown(text).amounts).toEqual([150_000]);
  });

  test.each(['お振込金額\t△150,000円', 'お振込金額：十五万円', 'お振込金額\t150,000ドル'])(
    'an amount that is none, as in %j, is a difference',
    (text) => {
      expect(differences(TRANSFER, readShown(text))).toEqual(['amount']);
    },
  );

  test('a sentence about the amount is no amount', () => {
    expect(readShown('お振込金額を確認してください。').amounts).toEqual([]);
  });

  test('what is not shown is no difference', () => {
    expect(differences(TRANSFER, readShown('ただいま混み合っております'))).toEqual([]);
    expect(readShown('').number).toBeUndefined();
  });
});
