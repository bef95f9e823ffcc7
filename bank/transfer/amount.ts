import { MOST_YEN } from '../../core/transaction/types.ts';
import type { FieldError } from '../web/form.ts';

/** In NFKC, trimmed; groups have three digits each. */
const AMOUNT = /^[¥\\]?\s*(\d{1,15}|\d{1,3}(?:[,、]\d{3}){1,4})\s*円?$/;

/** Numbers that are no digits: ², ①, ½. NFKC makes digits of them. */
const OTHER_NUMBER = /\p{No}/u;

/** Yen as people type them: with full-width digits, commas, 円 or ¥. */
export function yenOf(typed: string): number | undefined {
  const [, digits] = OTHER_NUMBER.test(typed) ? [] : (AMOUNT.exec(typed.normalize('NFKC').trim()) ?? []);
  return digits === undefined ? undefined : Number(digits.replace(/[,、]/g, ''));
}

/** お振込金額 as typed, in yen. */
export function amountOf(typed: string): { readonly value: number } | { readonly error: FieldError } {
  const wrong = (message: string) => ({ error: { field: 'amount', message } });
  if (typed === '') return wrong('お振込金額を入力してください。');
  const amount = yenOf(typed);
  if (amount === undefined) return wrong('お振込金額は半角数字で入力してください。');
  if (amount < 1) return wrong('お振込金額は1円以上で入力してください。');
  if (amount > MOST_YEN) return wrong('お振込金額は10桁以内で入力してください。');
  return { value: amount };
}
