import { expect, test } from 'vitest';
import { isIsoDay } from '../../../host/japan.ts';

test.each(['2026-11-21', '2024-02-29', '0001-01-01'])('%s is a day', (text) => {
  expect(isIsoDay(text)).toBe(true);
});

test.each([
  '2026-02-30',
  '2026-02-29',
  '2026-04-31',
  '2026-13-01',
  '2026-00-10',
  '2026-1-1',
  '',
  'yesterday',
])('%j is none', (text) => {
  expect(isIsoDay(text)).toBe(false);
});
