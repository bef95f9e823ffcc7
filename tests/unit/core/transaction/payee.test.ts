import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePayee } from '../../../../core/transaction/payee.ts';
import { checkText } from '../../../../core/transaction/text.ts';

/** What is signed for a name that a bank sends. */
function signed(name: string): string {
  const checked = checkText(name, 48);
  if (checked.kind === 'refused') throw new Error(`${name} is not signed: ${checked.reason}`);
  return checked.text;
}

const STROKES = [
  ...'-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff70\uff0d\u2500\u2501\ufe63\ufe58\u2043\u2796\u207b',
];

describe('strokes are one when compared', () => {
  test.each(STROKES)('%j', (stroke) => {
    expect(comparePayee(signed('ABC-ショップ'), `ABC${stroke}ショップ`)).toBe('same');
    expect(comparePayee(signed('ミホンセンター'), `ミホンセンタ${stroke}`)).toBe('same');
    expect(comparePayee(signed('ABC-ショップ'), `ABC${stroke}ショッフ`)).toBe('different');
  });

  test.each(['', '一', '二', '/', '丨', '~', '=', 'ノ', '\u3161'])('%j is none of them', (other) => {
    expect(comparePayee(signed('ABC-ショップ'), `ABC${other}ショップ`)).toBe('different');
  });
});

describe('names that zengin writes alike are the same', () => {
  test.each([
    ['カ)ミホン', '（カ）ミホン'],
    ['カ)ミホン', '(カ)ミホン'],
    ['カ)ミホン', 'ｶ)ﾐﾎﾝ'],
    ['カ)ミホン', 'カ）　ミホン'],
    ['カ)ミホン', 'カ)・ミホン'],
    ['カ)ミホン', 'カ)．ミホン'],
    ['カ)ミホン', 'カ）ミホン　様'],
    ['カ)ミホン', 'カ)ミホン 御中'],
    ['カ)ミホン', '株式会社ミホン'],
    ['カ)ミホン', '（株）ミホン'],
    ['カ)ミホン', '㈱ミホン'],
    ['カ)ミホン', '㍿ミホン'],
    ['カ)ミホン', 'カブシキガイシャ ミホン'],
    ['株式会社ミホン', 'カ)ミホン'],
    ['ミホン(カ', 'ミホン（カ）'],
    ['ミホン(カ', 'ミホン株式会社'],
    ['ミホン(カ', 'ミホン㈱'],
    ['ユ)ミホン', '有限会社ミホン'],
    ['イ)ミホン', '医療法人社団ミホン'],
    ['ザイ)ミホン', '一般財団法人ミホン'],
    ['シヤ)ミホン', '（シャ）ミホン'],
    ['ガク)ミホン', '学校法人 ミホン'],
    ['ド)ミホン', '合同会社ミホン'],
    ['ミホン タロウ', 'ﾐﾎﾝ ﾀﾛｳ'],
    ['ミホン タロウ', 'ミホン　タロウ'],
    ['ミホン タロウ', 'ミホンタロウ'],
    ['ミホン タロウ', 'ミホン・タロウ'],
    ['ミホン タロウ', 'みほん たろう'],
    ['ミホン タロウ', 'ミホン タロウ様'],
    ['ミホン タロウ', 'ミホン タロウ さま'],
    ['ミホン タロウ', 'ミホン タロウ　殿'],
    ['ミホン タロウ', 'ミホン\u00a0タロウ'],
    ['ミホン タロウ', 'ミホン\u200bタロウ'],
    ['ショップ', 'シヨツプ'],
    ['シヨツプ', 'ｼｮｯﾌﾟ'],
    ['ガギグゲゴパ', 'ｶﾞｷﾞｸﾞｹﾞｺﾞﾊﾟ'],
    ['ガギグゲゴパ', 'カ゛キ゛ク゛ケ゛コ゛ハ゜'],
    ['ガギグゲゴパ', 'カ\u3099キ\u3099ク\u3099ケ\u3099コ\u3099ハ\u309a'],
    ['ABC商会', 'ＡＢＣ商会'],
    ['ABC商会', 'abc商会'],
    ['見本商店', '見本商店 御中'],
    ['〇一商店', '〇一商店'],
    ['葛城', '葛\u{e0100}城'],
    ['葛\u{e0100}城', '葛城'],
    ["O'HARA", 'O’ＨＡＲＡ'],
    ['ア·イ', 'ア・イ'],
    ['さゝき', 'サヽキ'],
    ['シㇻ', 'シラ'],
    ['株式会社', '株式会社'],
  ])('%j and %j', (name, shown) => {
    expect(comparePayee(signed(name), shown)).toBe('same');
  });
});

describe('what is really another name is different', () => {
  test.each([
    ['カ)ミホン', 'ミホン(カ'],
    ['カ)ミホン', 'ミホン(カ)'],
    ['カ)ミホン', 'ミホン'],
    ['カ)ミホン', 'ユ)ミホン'],
    ['カ)ミホン', '有限会社ミホン'],
    ['カ)ミホン', 'カミホン'],
    ['カ)ミホン', '力)ミホン'],
    ['カ)ミホン', 'カ)ミホソ'],
    ['カ)ミホン', 'カ)ミポン'],
    ['カ)ミホン', 'カ)三ホン'],
    ['カ)ミホン', 'カ)ミホンテン'],
    ['カ)ミホン', 'カ)ベツ…'],
    ['カ)ミホン', 'ベツ ジン（登録済）'],
    ['カ)ミホン', 'ベツ ジン 様（登録済）'],
    ['ミホン', 'ミホン(カ)'],
    ['ミホン', 'ミホン タロウ'],
    ['ミホン タロウ', 'ミホン ジロウ'],
    ['ミホン タロウ', 'ミホン夕ロウ'],
    ['ミホン タロウ', 'ミホン 太郎'],
    ['ハハ', 'ババ'],
    ['ニコ', '二コ'],
    ['ロック', '口ック'],
    ['ABC', 'AВC'],
    ['見本商店', '見木商店'],
  ])('%j and %j', (name, shown) => {
    expect(comparePayee(signed(name), shown)).toBe('different');
  });
});

describe('what cannot be compared is unread', () => {
  test.each([
    '',
    '　',
    '様',
    '-',
    'ーーー',
    '---',
    '・・・',
    '…',
    'カ)ミ***',
    'カ）ミ＊＊＊',
    'ベツ ＊＊＊',
    '〇〇 〇〇',
    '〇〇〇',
    '○○ ○○',
    '●●●●',
    'カ)ミ…',
    'カ)ミ...',
    'カ)ミ‥',
    '株式会社ミ…',
    'カ)ミ・・・',
    'カ)ミホン（登録済）',
    'カ)ミホン（普通 1234567）',
    'カ)ミホン 様（登録済）',
    'カ)ミホン 様 普通 1234567',
    '見本銀行 本店 普通 1234567 カ)ミホン',
    '見本銀行 本店 (001)',
    '普通 1234567',
    '1234567',
    '150,000円',
    '未登録',
    '読み込み中...',
    '読み込み中です',
    '下記の口座名義をご確認ください',
    'お確かめのうえ、お進みください。',
    'お取引内容',
    'カ)ミ\u202eホン',
    'カ)ミ\u00adホン',
    'カ)ミ\u2066ホン',
    'カ)ミ\u3164ホン',
    'カ)ミ\ufe0fホン',
    'カ)ミホン\u{e0041}',
    'カ)ベツ\u202eホンミ',
  ])('%j', (shown) => {
    expect(comparePayee(signed('カ)ミホン'), shown)).toBe('unread');
  });
});

describe('by properties', () => {
  /** Letters no two of which zengin writes alike. Without マ: a sentence ends with します. */
  const LETTERS = [
    ...'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホミムメモヤユヨラリルレロワヲンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ',
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
    ...'見本商店山川田中一二三口力夕工士土未末',
  ];
  const letter = fc.constantFrom(...LETTERS);
  const word = fc.string({ unit: letter, minLength: 2, maxLength: 12 }).filter((text) => /\p{L}/u.test(text));
  const form = fc.constantFrom('', 'カ)', 'ユ)', 'イ)');
  const half: Readonly<Record<string, string>> = {
    ア: 'ｱ',
    カ: 'ｶ',
    ガ: 'ｶﾞ',
    パ: 'ﾊﾟ',
    ン: 'ﾝ',
    ツ: 'ｯ',
    ヤ: 'ｬ',
  };
  const smaller: Readonly<Record<string, string>> = { ツ: 'ッ', ヤ: 'ャ', ユ: 'ュ', ヨ: 'ョ', ア: 'ァ' };
  const rewrite = (table: Readonly<Record<string, string>>) => (name: string) =>
    name.replace(/./gu, (one) => table[one] ?? one);
  const ways: readonly ((name: string) => string)[] = [
    (name) => name,
    (name) => `${name}　様`,
    (name) => `${name}御中`,
    (name) => [...name].join(' '),
    (name) => name.normalize('NFD'),
    (name) => name.toLowerCase(),
    (name) => name.replace(/[!-~]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0)),
    (name) => name.replace(/[ァ-ヴ]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0x60)),
    rewrite(half),
    rewrite(smaller),
  ];

  test('a name is the same, whichever way it is written', () => {
    fc.assert(
      fc.property(form, word, fc.constantFrom(...ways), (legal, name, write) => {
        expect(comparePayee(signed(legal + name), write(legal + name))).toBe('same');
      }),
      { numRuns: 1000 },
    );
  });

  test('with one letter changed to any other it is different, whichever way it is written', () => {
    fc.assert(
      fc.property(form, word, fc.nat(), letter, fc.constantFrom(...ways), (legal, name, at, other, write) => {
        const letters = [...name];
        const place = at % letters.length;
        fc.pre(letters[place] !== other);
        const changed = legal + letters.with(place, other).join('');
        fc.pre(/\p{L}/u.test(changed.slice(legal.length)));
        expect(comparePayee(signed(legal + name), write(changed))).toBe('different');
      }),
      { numRuns: 3000 },
    );
  });

  test('with a letter more or less it is different', () => {
    fc.assert(
      fc.property(form, word, letter, fc.nat(), (legal, name, other, at) => {
        const place = at % (name.length + 1);
        const longer = name.slice(0, place) + other + name.slice(place);
        expect(comparePayee(signed(legal + name), legal + longer)).toBe('different');
        expect(comparePayee(signed(legal + longer), legal + name)).toBe('different');
      }),
      { numRuns: 2000 },
    );
  });

  test('characters that show nothing never make another name the same, and none makes it an error', () => {
    const INVISIBLE = fc.constantFrom(
      ...'\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u202d\u2066\u2069\u3164\ufe0f\u034f',
    );
    const hidden = fc.string({ unit: fc.oneof(letter, INVISIBLE), maxLength: 12 });
    fc.assert(
      fc.property(word, hidden, (name, shown) => {
        const seen = shown.replace(/[^\p{L}\p{N}]|\u3164/gu, '');
        if (seen !== name) expect(comparePayee(signed(name), shown)).not.toBe('same');
        expect(comparePayee(signed(name), `${name}\u202e`)).toBe('unread');
      }),
      { numRuns: 2000 },
    );
  });

  test('any two texts compare alike the second time, and either way round where both are signed', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const same = comparePayee(signed(one), other) === 'same';
        expect(comparePayee(signed(other), one) === 'same').toBe(same);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('サマ behind the signed name', () => {
  test.each(['ﾐﾎﾝ ﾀﾛｳ ｻﾏ', 'ミホン タロウサマ'])('leaves %j uncertain', (shown) => {
    expect(comparePayee(signed('ミホン タロウ'), shown)).toBe('unread');
  });

  test.each(['ﾐﾎﾝ ｼﾞﾛｳ ｻﾏ', 'サマ ミホン タロウ', 'ミホン タロウ サマー'])(
    'makes no other name uncertain: %j',
    (shown) => {
      expect(comparePayee(signed('ミホン タロウ'), shown)).toBe('different');
    },
  );

  test('may belong to it', () => {
    expect(comparePayee(signed('ミホンサマ'), 'ﾐﾎﾝｻﾏ')).toBe('same');
    expect(comparePayee(signed('ミホンサマ'), 'ミホン')).toBe('different');
  });
});
