import { expect, test } from 'vitest';
import { formatYen, untilWords } from '../../../../components/confirm/confirm-words.ts';
import { text } from '../texts.ts';

test('ten digits of yen are in groups, half-width', () => {
  expect(formatYen(9_999_999_999)).toBe('¥9,999,999,999');
  expect(formatYen(1)).toBe('¥1');
});

test('the time left is in minutes, never more than there are', () => {
  const until = Date.UTC(2026, 10, 21, 0, 5);
  expect(untilWords(text, 'confirmUntil', until, 299_000)).toBe('09:05までに確認してください（あと4分）');
  expect(untilWords(text, 'confirmUntil', until, 59_000)).toBe('09:05までに確認してください（あと1分未満）');
});
