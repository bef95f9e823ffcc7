import { h } from 'preact';
import { expect, test } from 'vitest';
import { labelsOf, unreadWords } from '../../../../components/confirm/confirm-words.ts';
import { TransactionBrief, TransactionItems } from '../../../../components/confirm/transaction.tsx';
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
