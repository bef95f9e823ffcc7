import { expect, test } from 'vitest';
import { momentOf } from '../../../command/audit-export.ts';

test('a day in Japan begins and ends there, a time is what it says', () => {
  expect(momentOf('2024-02-29', 'begin')).toEqual(new Date('2024-02-28T15:00:00Z'));
  expect(momentOf('2024-02-29', 'end')).toEqual(new Date('2024-02-29T15:00:00Z'));
  expect(momentOf('2024-02-29T09:00+09:00', 'end')).toEqual(new Date('2024-02-29T00:00:00Z'));
});

test.each([
  '2021-02-30',
  '2021-02-29',
  '2021-02-30T09:00:00+09:00',
  '2021-04-01T09:00:00',
  '2021-04-01T25:00Z',
])('%s is refused, and taken for no other day', (text) => {
  expect(() => momentOf(text, 'begin')).toThrow(`${text} is neither a day such as 2026-04-01`);
});
