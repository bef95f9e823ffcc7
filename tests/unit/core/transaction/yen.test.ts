import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOST_YEN } from '../../../../core/transaction/types.ts';
import { readYen } from '../../../../core/transaction/yen.ts';

describe('an amount', () => {
  test.each([
    ['150,000円', 150_000],
    ['150,000 円', 150_000],
    ['150000', 150_000],
    ['150,000', 150_000],
    ['¥150,000', 150_000],
    ['￥150,000', 150_000],
    ['\\150,000', 150_000],
    ['¥ 150,000', 150_000],
    ['¥150,000-', 150_000],
    ['¥150,000－', 150_000],
    ['¥150,000―', 150_000],
    ['金150,000円也', 150_000],
    ['金 150,000 円 也', 150_000],
    ['金150,000円', 150_000],
    ['金￥150,000－', 150_000],
    ['150,000JPY', 150_000],
    ['150,000 JPY', 150_000],
    ['JPY 150,000', 150_000],
    ['JPY150,000', 150_000],
    ['150,000 yen', 150_000],
    ['１５０，０００円', 150_000],
    ['150，000円', 150_000],
    ['150、000円', 150_000],
    ['15万円', 150_000],
    ['15 万円', undefined],
    ['15万5千円', 155_000],
    ['15万5,000円', 155_000],
    ['15万5000円', 155_000],
    ['1億2,000万円', 120_000_000],
    ['1億円', 100_000_000],
    ['1億5円', 100_000_005],
    ['5千円', 5_000],
    ['¥15万', 150_000],
    ['十五万円', 150_000],
    ['一五〇、〇〇〇円', 150_000],
    ['壱拾伍萬円', 150_000],
    ['金壱拾伍萬円也', 150_000],
    ['金壱拾五万円整', 150_000],
    ['二千三百四十五円', 2_345],
    ['千円', 1_000],
    ['0円', 0],
  ])('%j is read as %j', (text, yen) => {
    expect(readYen(text)).toBe(yen);
  });

  test.each([
    '150,000円（手数料660円）',
    '150,000円(手数料 660円)',
    '150,000円（振込手数料：660円）',
    '150,000円（別途手数料660円）',
    '150,000円（手数料660円別途）',
    '150,000円（手数料別）',
    '150,000円（手数料は別）',
    '150,000円（手数料無料）',
    '150,000円（手数料当方負担）',
    '150,000円（振込手数料660円（税込））',
    '150,000円 + 手数料660円',
    '150,000円+手数料660円',
    '150,000円、手数料660円',
    '150,000円 手数料660円',
    '¥150,000（手数料¥660）',
    '150,000円（税込）',
    '150,000円（消費税込み）',
    '150,000（円）',
    '150,000円（日本円）',
  ])('a fee or a note beside it, as in %j, is no part of it', (text) => {
    expect(readYen(text)).toBe(150_000);
  });

  test.each([
    '',
    '円',
    '***円',
    '＊＊＊，＊＊＊円',
    '15*,***円',
    '〇〇円',
    '〇〇〇,〇〇〇円',
    '15〇,〇〇〇円',
    '○○円',
    '---',
    '-150,000円',
    '−150,000円',
    '△150,000',
    '▲150,000円',
    '+150,000円',
    '150.000',
    '150.000円',
    '150,000.00',
    '1.5万円',
    '150 000円',
    '1 500円',
    '150, 000円',
    '15,00円',
    '1,5,0,000円',
    '150,00',
    '150千円',
    '150,000千円',
    '1万2万円',
    '15,000万円',
    '150,000ドル',
    '$150,000',
    '150,000USD',
    '約150,000円',
    '150,000円以上',
    '150,000円 160,000円',
    '150,000円 150,000円',
    '150,000円（160,000円）',
    '合計150,660円（うち手数料660円）',
    '150,660円（うち手数料660円）',
    '150,660円（手数料込）',
    '150,660円（手数料660円を含む）',
    '150,660円（手数料660円込）',
    '149,340円（手数料先方負担）',
    '149,340円（手数料差引）',
    '手数料660円',
    '手数料660円、振込金額150,000円',
    '660円（手数料）',
    '150,000円お振込先人名ミホン',
    '2026/11/21',
    '150,0\u200b00円',
    '\u202e000,051円',
    '十五万',
    '15万',
    'なし',
    'ミホン タロウ',
  ])('%j is not certain', (text) => {
    expect(readYen(text)).toBeUndefined();
  });

  const anyYen = fc.integer({ min: 1, max: MOST_YEN });
  const grouped = (yen: number) => yen.toLocaleString('en');
  const full = (text: string) => text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
  const units = (yen: number) => {
    const [oku, man, rest] = [Math.floor(yen / 1e8), Math.floor(yen / 1e4) % 1e4, yen % 1e4];
    return `${oku > 0 ? `${oku}億` : ''}${man > 0 ? `${man}万` : ''}${rest > 0 ? rest : ''}円`;
  };

  test.each<[string, (yen: number) => string]>([
    ['digits', String],
    ['groups', grouped],
    ['a yen sign', (yen) => `¥${grouped(yen)}-`],
    ['full width', (yen) => full(`${grouped(yen)}円`)],
    ['an old receipt', (yen) => `金${grouped(yen)}円也`],
    ['units', units],
    ['a fee beside it', (yen) => `${grouped(yen)}円（手数料${grouped((yen * 7) % 1000)}円）`],
  ])('written with %s is read as it is', (_how, write) => {
    fc.assert(
      fc.property(anyYen, (yen) => {
        expect(readYen(write(yen))).toBe(yen);
      }),
    );
  });

  test('of another figure is never the same one', () => {
    fc.assert(
      fc.property(anyYen, anyYen, (yen, other) => {
        fc.pre(yen !== other);
        for (const text of [grouped(other), `${grouped(other)}円（手数料${grouped(yen)}円）`, units(other)]) {
          expect(readYen(text)).not.toBe(yen);
        }
      }),
    );
  });

  test('is answered for any text, soon', () => {
    const parts = fc.constantFrom(
      '1',
      ',',
      '千',
      '百',
      '万',
      '億',
      '(',
      ')',
      '手数料',
      '円',
      '別途',
      '-',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 200 }), (text) => {
        readYen(text.join(''));
      }),
      { timeout: 1000, interruptAfterTimeLimit: 20_000 },
    );
  });
});
