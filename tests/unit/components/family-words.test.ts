import { expect, test } from 'vitest';
import { FAMILY_TEXTS, familyText } from '../../../components/family-words.ts';
import ja from '../../../public/_locales/ja/messages.json';

/** Words that one family's customers alone know. */
const WORDS = {
  ANSER:
    /利用解除|トークン発行|ワンタイムパスワード申請|有効期限の更新|サービスID|ユーザID|シリアルNo|ログインID|当組合/,
  SHINKIN: /利用中止|「交換」|「利用開始」|解約届|シリアル番号|当金庫/,
} as const;

/** Texts about a token, or a setup, of one family alone. */
const OF_ONE = {
  ANSER: /^(enrol|serviceId|userId|activationPassword|serial$|newSerial$)/,
  SHINKIN: /^(make|made|lapsed|unregistered|serialNumber$|copySerial$|serialCopiedAloud$)/,
} as const;

/** It says that what it offers needs nothing of the other's. */
const OF_BOTH = ['makeOffer'];

test.each(['ANSER', 'SHINKIN'] as const)('words of %s are in its own texts alone', (family) => {
  const own: readonly string[] = Object.values(FAMILY_TEXTS).map((texts) => texts[family]);
  const astray = Object.entries(ja).filter(
    ([key, { message }]) =>
      WORDS[family].test(message) &&
      !own.includes(key) &&
      !OF_ONE[family].test(key) &&
      !OF_BOTH.includes(key),
  );
  expect(astray).toEqual([]);
});

test('a token’s texts are of its institution’s family', () => {
  expect(familyText('ending', { family: 'SHINKIN' })).toBe('endingBodyShinkin');
  expect(familyText('ending', { family: 'ANSER' })).toBe('endingBody');
  expect(familyText('ending', undefined)).toBe('endingBody');
});
