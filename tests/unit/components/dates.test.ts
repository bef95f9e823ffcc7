import { describe, expect, test } from 'vitest';
import { formatDate, formatExpiry, formatMoment } from '../../../components/dates.ts';
import { text } from './texts.ts';

describe('dates are Japanese time, whatever the device is set to', () => {
  test('利用開始日', () => {
    expect(formatDate(text, Date.UTC(2026, 10, 20, 15, 0))).toBe('2026年11月21日');
    expect(formatDate(text, Date.UTC(2026, 10, 20, 14, 59))).toBe('2026年11月20日');
  });

  test('有効期限', () => {
    expect(formatExpiry(text, Date.UTC(2031, 9, 31, 0, 0))).toBe('2031年10月31日 09:00 (日本時間)');
  });

  test('midnight is 00:00 of the new day', () => {
    expect(formatMoment(text, Date.UTC(2026, 10, 20, 15, 0))).toBe('11月21日 00:00');
  });
});
