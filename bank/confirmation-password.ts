import type { BankDependencies } from './context.ts';
import type { FieldError } from './pages/form.ts';
import { verifyPassword } from './password.ts';
import { type Customer, clearAttempts, reserveAttempt } from './store/customers.ts';

const FIELD = 'confirmation_password';

/** @returns undefined where the 確認用パスワード is right */
export async function confirmationPasswordError(
  { db, clock, logger, passwordChecks }: BankDependencies,
  customer: Customer,
  typed: string,
): Promise<FieldError | undefined> {
  if (!(await reserveAttempt(db, customer.id, 'confirmation', clock()))) {
    logger.warn({ customer: customer.id }, 'confirmation password stopped');
    return {
      field: FIELD,
      message: '確認用パスワードが連続して間違えられたため、30分間お手続きができません。',
    };
  }
  if (await passwordChecks.confirmation.run(() => verifyPassword(typed, customer.confirmation_hash))) {
    await clearAttempts(db, customer.id, 'confirmation');
    return undefined;
  }
  logger.info({ customer: customer.id }, 'confirmation password refused');
  return { field: FIELD, message: '確認用パスワードが正しくありません。もう一度入力してください。' };
}

export function missingConfirmationPassword(typed: string): FieldError | undefined {
  return typed === '' ? { field: FIELD, message: '確認用パスワードを入力してください。' } : undefined;
}
