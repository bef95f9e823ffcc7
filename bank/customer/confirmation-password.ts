import type { Institution } from '../../core/institution/directory.ts';
import { policyOf } from '../../core/institution/policy.ts';
import type { BankDependencies } from '../context.ts';
import { type Customer, clearAttempts, reserveAttempt } from '../store/customers.ts';
import type { FieldError } from '../web/form.ts';
import { dummyHash, verifyPassword } from './password.ts';
import { typedPasswordError } from './typed-password.ts';

const FIELD = 'confirmation_password';

/** As customers know it. */
export const CONFIRMATION_PASSWORD_NAME = '確認用パスワード';

/**
 * @param kind `suspension` where nobody gave a code: wrong guesses there do not stop the password anywhere else
 * @returns undefined if the 確認用パスワード is right
 */
export async function confirmationPasswordError(
  { db, clock, logger, passwordChecks, passwordCost }: BankDependencies,
  institution: Institution,
  customer: Customer,
  typed: string,
  kind: 'confirmation' | 'suspension' = 'confirmation',
): Promise<FieldError | undefined> {
  const policy = policyOf(institution);
  const attempt = { customerId: customer.id, kind, now: clock() };
  if (!(await reserveAttempt(db, policy, attempt))) {
    logger.warn({ customer: customer.id }, 'confirmation password locked after too many wrong tries');
    return {
      field: FIELD,
      message: `${CONFIRMATION_PASSWORD_NAME}が連続して間違えられたため、${policy.passwordStopMinutes}分間お手続きができません。`,
    };
  }
  const hash = customer.confirmation_hash ?? dummyHash(passwordCost);
  if (await passwordChecks.confirmation.run(() => verifyPassword(typed, hash))) {
    await clearAttempts(db, customer.id, kind);
    return undefined;
  }
  logger.info({ customer: customer.id }, 'wrong confirmation password');
  return {
    field: FIELD,
    message: `${CONFIRMATION_PASSWORD_NAME}が正しくありません。もう一度入力してください。`,
  };
}

export const missingConfirmationPassword = (typed: string): FieldError | undefined =>
  typedPasswordError(FIELD, CONFIRMATION_PASSWORD_NAME, typed);
