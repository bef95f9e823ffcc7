import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importKey } from '../../../../core/otp/totp.ts';
import { confirmationCode, confirmationKey } from '../../../../core/transaction/code.ts';
import {
  canonicalText,
  checkTransaction,
  type Details,
  digestOf,
} from '../../../../core/transaction/details.ts';
import { ocra } from '../../../../core/transaction/ocra.ts';
import jisX0213 from '../../../vectors/jis-x-0213.json' with { type: 'json' };
import { TRANSFER } from './example.ts';

const SECRET = new Uint8Array(32).fill(7);
const DETAILS = {
  transaction: TRANSFER,
  confirmation: 'AAAAAAAAAAAAAAAAAAAAAA',
  institution: 'senpoku',
  token: 'BBBBBBBBBBBBBBBBBBBBBB',
  number: '47',
  requestedAt: '2026-11-21T00:00:00.000Z',
  expiresAt: '2026-11-21T00:05:00.000Z',
} satisfies Details;

const key = async (secret = SECRET) =>
  confirmationKey(await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']));

describe('the canonical text', () => {
  test('is RFC 8785: sorted members, no white space', () => {
    expect(canonicalText(DETAILS)).toBe(
      '{"confirmation":"AAAAAAAAAAAAAAAAAAAAAA","expiresAt":"2026-11-21T00:05:00.000Z","institution":"senpoku","number":"47",' +
        '"requestedAt":"2026-11-21T00:00:00.000Z","token":"BBBBBBBBBBBBBBBBBBBBBB",' +
        '"transaction":{"accountNumber":"1234567","accountType":"ordinary","amount":150000,' +
        '"bank":{"code":"9901","name":"見本信用金庫"},"branch":{"code":"001","name":"本店"},"payee":"ミホン タロウ",' +
        '"type":"transfer"}}',
    );
  });

  test('does not depend on the order the members came in', () => {
    const reversed = Object.fromEntries(Object.entries(DETAILS).reverse());
    expect(canonicalText(reversed)).toBe(canonicalText(DETAILS));
  });
});

describe('the tamper matrix', () => {
  const { transaction } = DETAILS;
  const changed: Record<string, object> = {
    type: { ...DETAILS, transaction: { ...transaction, type: 'another' } },
    'bank.code': { ...DETAILS, transaction: { ...transaction, bank: { ...transaction.bank, code: '9902' } } },
    'bank.name': {
      ...DETAILS,
      transaction: { ...transaction, bank: { ...transaction.bank, name: '見本信用組合' } },
    },
    'branch.code': {
      ...DETAILS,
      transaction: { ...transaction, branch: { ...transaction.branch, code: '002' } },
    },
    'branch.name': {
      ...DETAILS,
      transaction: { ...transaction, branch: { ...transaction.branch, name: '支店' } },
    },
    accountType: { ...DETAILS, transaction: { ...transaction, accountType: 'current' } },
    accountNumber: { ...DETAILS, transaction: { ...transaction, accountNumber: '1234568' } },
    payee: { ...DETAILS, transaction: { ...transaction, payee: 'ミホン ハナコ' } },
    amount: { ...DETAILS, transaction: { ...transaction, amount: 150_001 } },
    confirmation: { ...DETAILS, confirmation: 'AAAAAAAAAAAAAAAAAAAAAB' },
    institution: { ...DETAILS, institution: 'akita' },
    token: { ...DETAILS, token: 'BBBBBBBBBBBBBBBBBBBBBA' },
    number: { ...DETAILS, number: '74' },
    requestedAt: { ...DETAILS, requestedAt: '2026-11-21T00:00:00.001Z' },
    expiresAt: { ...DETAILS, expiresAt: '2026-11-21T00:05:00.001Z' },
  };

  test('has a row for every field', () => {
    const { transaction: own, ...common } = DETAILS;
    const fields = Object.entries({ ...common, ...own }).flatMap(([field, value]) =>
      typeof value === 'object' ? Object.keys(value).map((part) => `${field}.${part}`) : [field],
    );
    expect(Object.keys(changed).sort()).toEqual(fields.sort());
  });

  test.each(Object.entries(changed))('D2: another %s, another code', async (_field, other) => {
    expect(await confirmationCode(await key(), canonicalText(other))).not.toBe(
      await confirmationCode(await key(), canonicalText(DETAILS)),
    );
  });

  test('D2: every bit of the canonical text changed gives another code', async () => {
    const held = await key();
    const bytes = new TextEncoder().encode(canonicalText(DETAILS));
    const code = await codeOfBytes(held, bytes);
    expect(code).toBe(await confirmationCode(held, canonicalText(DETAILS)));
    const same: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if ((await codeOfBytes(held, flipped)) === code) same.push(bit);
    }
    expect(bytes.length).toBeGreaterThan(300);
    expect(same).toEqual([]);
  });

  test('D2: every bit of the secret changed gives another code', async () => {
    const code = await confirmationCode(await key(), canonicalText(DETAILS));
    for (let bit = 0; bit < 256; bit += 1) {
      const flipped = SECRET.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await confirmationCode(await key(flipped), canonicalText(DETAILS))).not.toBe(code);
    }
  });

  test('W3: the confirmation key is not the login key', async () => {
    const parameters = { algorithm: 'SHA-256', digits: 8, period: 60 } as const;
    expect(await confirmationCode(await importKey(SECRET, parameters), canonicalText(DETAILS))).not.toBe(
      await confirmationCode(await key(), canonicalText(DETAILS)),
    );
  });

  async function codeOfBytes(held: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return ocra(held, 'OCRA-1:HOTP-SHA256-8:QH64', { question: Buffer.from(digest).toString('hex') });
  }
});

describe('names in a transfer', () => {
  const payee = (typed: string) => {
    const checked = checkTransaction({ ...TRANSFER, payee: typed });
    return checked.kind === 'transaction' ? checked.transaction.payee : checked.reason;
  };

  test.each([
    ['ﾐﾎﾝ ﾀﾛｳ', 'ミホン タロウ'],
    ['ﾎﾟﾌﾟﾘ(ｶ', 'ポプリ(カ'],
    ['ＡＢＣ　１２３', 'ABC 123'],
    ['カ）ミホン', 'カ)ミホン'],
    ['ミホン　　　　　タロウ', 'ミホン タロウ'],
    ['  ミホン  ', 'ミホン'],
    ['ハ\u2212フ', 'ハ-フ'],
    ['ｾﾝﾀｰ', 'センター'],
    ['髙橋 﨑', '髙橋 﨑'],
    ['か\u3099', 'が'],
  ])('%j is taken as %j', (typed, taken) => {
    expect(payee(typed)).toBe(taken);
  });

  test.each([
    ['right-to-left override', 'ミホン\u202eウロタ'],
    ['isolate', 'ミ\u2066ホン'],
    ['zero-width space', 'ミ\u200bホン'],
    ['zero-width joiner', 'ミ\u200dホン'],
    ['byte order mark', '\ufeffミホン'],
    ['control character', 'ミホン\u0007'],
    ['line end', 'ミホン\nタロウ'],
    ['tab', 'ミホン\tタロウ'],
    ['line separator', 'ミホン\u2028'],
    ['lone high surrogate', 'ミホン\ud800'],
    ['lone low surrogate', '\udc00ミホン'],
    ['soft hyphen', 'ミ\u00adホン'],
    ['hangul filler', 'ミ\u3164ホン'],
    ['variation selector', 'ミ\ufe0fホン'],
    ['tag character', 'ミ\u{e0041}ホン'],
  ])('%s is refused as invisible', (_what, typed) => {
    expect(payee(typed)).toBe('invisible');
  });

  test.each([
    ['cyrillic', 'ABС'],
    ['greek', 'ΑB'],
    ['a pile of combining marks', 'ミ\u0301\u0301\u0301'],
    ['markup', '<b>ミホン</b>'],
    ['emoji', 'ミホン😀'],
    ['a radical that looks like 月', 'ミ⺝'],
    ['old kana', 'ミ𛀁'],
    ['braille blank', 'ミ\u2800ホン'],
    ['no-break space is a space, a dot leader is not a name', 'ミ\u2025\u2603'],
  ])('%s is refused', (_what, typed) => {
    expect(payee(typed)).toBe('character');
  });

  test.each([
    ['〆木', '〆木'],
    ['佐々木 〇一 仝上 すゞき みつゝ サヽキ イヾ', '佐々木 〇一 仝上 すゞき みつゝ サヽキ イヾ'],
    ['髙﨑 𠮷田 濵 邉 邊 齋 冨 嶋 峯 桒 栁 靏 𩸽', '髙﨑 𠮷田 濵 邉 邊 齋 冨 嶋 峯 桒 栁 靏 𩸽'],
    ['ヶ丘 ヵ月 霞ヶ関 ヴ ヰ ヱ', 'ヶ丘 ヵ月 霞ヶ関 ヴ ヰ ヱ'],
    ['㈱ミホン', '(株)ミホン'],
    ['㍿見本', '株式会社見本'],
    ['見本㈲ ㈳ ㈶ ㈻', '見本(有) (社) (財) (学)'],
    ['Ａ＆Ｂ，Ｃ．Ｄ－Ｅ’ｓ・Ｆ', "A&B,C.D-E's・F"],
    ['O‘NEIL ʼ', "O'NEIL '"],
    ['ジョン·スミス ･ ‧', 'ジョン・スミス ・ ・'],
    // 異体字: with the selector of a registered variant, and as compatibility ideographs.
    ['辻\u{e0100}本 葛\u{e0101}城 芦\u{e0103}屋', '辻本 葛城 芦屋'],
    ['神\ufe00', '神'],
    ['\ufa19田 塚\u{e0100}', '神田 塚'],
  ])('%j, as people and firms write it, is taken as %j', (typed, taken) => {
    expect(payee(typed)).toBe(taken);
  });

  test('every kanji and every kana of JIS X 0213 is taken, and stays what it is but for compatibility', () => {
    const characters = [...jisX0213.kanji, ...jisX0213.kana.split(' ')];
    expect(characters.length).toBeGreaterThan(10_000);
    const others = characters.filter((character) => payee(character) !== character.normalize('NFKC'));
    expect(others).toEqual([]);
  });

  test.each([
    ['a selector without a kanji', '\u{e0100}辻', 'invisible'],
    ['a selector behind a kana', 'か\u{e0100}', 'invisible'],
    ['two selectors', '辻\u{e0100}\u{e0101}', 'invisible'],
    ['an emoji selector behind a kanji', '辻\ufe0f', 'invisible'],
    ['a numeral of merchants that looks like a letter', '〡〢〣', 'character'],
    ['a postal mark', '〒', 'character'],
    ['strokes', '㇀', 'character'],
    ['a description of a kanji', '⿰木木', 'character'],
    ['a ring on a letter', 'A\u309a', 'character'],
    ['a fullwidth tilde', '〜', 'character'],
  ])('%s is refused', (_what, typed, reason) => {
    expect(payee(typed)).toBe(reason);
  });

  test('empty and too long are told apart, and the field is named', () => {
    expect(payee(' 　 ')).toBe('empty');
    expect(payee('ア'.repeat(48))).toBe('ア'.repeat(48));
    expect(payee('ア'.repeat(49))).toBe('too-long');
    expect(checkTransaction({ ...TRANSFER, bank: { code: '9901', name: 'x\u202e' } })).toEqual({
      kind: 'refused',
      field: 'bank.name',
      reason: 'invisible',
    });
    expect(checkTransaction({ ...TRANSFER, branch: { code: '001', name: '' } })).toMatchObject({
      field: 'branch.name',
      reason: 'empty',
    });
  });

  test('what was taken is taken as it is the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (typed) => {
        const once = checkTransaction({ ...TRANSFER, payee: typed });
        if (once.kind === 'refused') return;
        expect(checkTransaction(once.transaction)).toEqual(once);
      }),
      { numRuns: 2000 },
    );
  });

  test('a digest is of the UTF-8 bytes', async () => {
    expect(Buffer.from(await digestOf('abc')).toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
