import { h } from 'preact';
import { expect, test } from 'vitest';
import { doneTexts, labelsOf, unreadWords } from '../../../../components/confirm/confirm-words.ts';
import {
  TransactionBrief,
  TransactionItems,
  TransactionName,
} from '../../../../components/confirm/transaction.tsx';
import type { Transaction } from '../../../../core/transaction/types.ts';
import { EMAIL_CHANGE, LIMIT_CHANGE, NEW_DEVICE } from '../../core/transaction/example.ts';
import { draw, itemsIn } from '../draw.ts';
import { text } from '../texts.ts';
import { someDetails } from './confirmations.ts';

const details = someDetails();

test('a transfer stands on the screen in the order of its table, the account in one item', () => {
  const drawn = draw(h(TransactionItems, { details }));
  expect(itemsIn(drawn)).toEqual([
    ['お振込金額', '¥150,000'],
    ['お振込先人名', 'レイジ タロウ'],
    ['お振込先', '例示銀行 (0001)中央支店 (123)普通 1234567'],
    ['お振込申請日時', '2026年11月21日 09:00'],
  ]);
  const lines = [...drawn.querySelectorAll('.coded-name .line')].map(({ textContent }) => textContent);
  expect(lines).toEqual(['例示銀行 (0001)', '中央支店 (123)', '普通 1234567']);
});

test('a token on a new device stands there as it described itself, with its シリアルNo and the time', () => {
  const drawn = draw(h(TransactionItems, { details: { ...details, transaction: NEW_DEVICE } }));
  expect(itemsIn(drawn)).toEqual([
    ['新しい端末', 'Chrome (Android)ブラウザーで使うトークン'],
    ['新しい端末のシリアルNo', '604817395'],
    ['初期設定日時', '2026年11月21日 17:55'],
    ['お申込日時', '2026年11月21日 09:00'],
  ]);
});

test('in brief it is known by amount and payee, whose name is Japanese and apart from the text around it', () => {
  const drawn = draw(h(TransactionBrief, { details }));
  expect(itemsIn(drawn).map(([label]) => label)).toEqual(['お振込金額', 'お振込先人名']);
  expect(drawn.querySelector('bdi')?.getAttribute('lang')).toBe('ja');
});

test('fields are named as the screen names them', () => {
  expect(labelsOf(text, details, ['payee', 'amount'])).toEqual(['お振込金額', 'お振込先人名']);
  expect(unreadWords(text, details, [])).toBeUndefined();
  expect(unreadWords(text, details, ['amount'])).toBe(
    'お取引画面のお振込金額は読み取れませんでした。この画面の内容を確認してください。',
  );
  expect(unreadWords(text, details, ['payee', 'amount'])).toBe(
    'お取引画面の内容は読み取れませんでした。この画面の内容を確認してください。',
  );
});

const CHANGES: readonly {
  transaction: Transaction;
  name: string;
  items: readonly (readonly [string, string])[];
  brief: string;
}[] = [
  {
    transaction: LIMIT_CHANGE,
    name: '限度額の変更',
    items: [
      ['現在の限度額', '¥200,000'],
      ['変更後の限度額', '¥1,000,000'],
      ['適用日', '2026年11月24日'],
      ['お申込日時', '2026年11月21日 09:00'],
    ],
    brief: '変更後の限度額',
  },
  {
    transaction: EMAIL_CHANGE,
    name: 'メールアドレスの変更',
    items: [
      ['現在のメールアドレス', 'taro@example.jp'],
      ['新しいメールアドレス', 'taro.mihon@example.com'],
      ['適用時期', '受付後ただちに'],
      ['お申込日時', '2026年11月21日 09:00'],
    ],
    brief: '新しいメールアドレス',
  },
];

test.each(CHANGES)(
  '$name stands on the screen under its own labels',
  ({ transaction, name, items, brief }) => {
    const of = someDetails({ transaction });
    expect(itemsIn(draw(h(TransactionItems, { details: of })))).toEqual(items);
    expect(itemsIn(draw(h(TransactionBrief, { details: of }))).map(([label]) => label)).toEqual([brief]);
    expect(draw(h(TransactionName, { details: of })).textContent).toBe(name);
  },
);

test.each(CHANGES)('$name: nothing that is said of it speaks of a transfer', ({ transaction }) => {
  const of = someDetails({ transaction });
  for (const decision of ['confirmed', 'rejected', 'not-me'] as const) {
    const { title, body } = doneTexts(of, decision);
    expect(`${text(title)}${text(body)}`).not.toMatch(/振込/);
    expect(text(body)).not.toBe(text(doneTexts(details, decision).body));
  }
  expect(text(doneTexts(of, 'confirmed').body)).toMatch(
    /^本アプリにてお手続きは完了しません「OK」を押した後/,
  );
});

test('of a transfer the words stay those of the guides', () => {
  expect(text(doneTexts(details, 'confirmed').body)).toBe(
    '本アプリにてお取引は完了しません「OK」を押した後、お取引画面にてお手続きを継続してください。',
  );
});
