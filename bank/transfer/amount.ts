import { MOST_YEN } from '../../core/transaction/types.ts';
import type { FieldError } from '../web/form.ts';

/** Yen as people type them: with full-width digits, commas, 円 or ¥. */
export function yenOf(typed: string): number | undefined {
  const digits = typed
    .normalize('NFKC')
    .replace(/[\s,、¥\\]/g, '')
    .replace(/円$/, '');
  return /^[0-9]{1,15}$/.test(digits) ? Number(digits) : undefined;
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
