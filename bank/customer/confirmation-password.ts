import type { Institution } from '../../core/institution/directory.ts';
import { type Policy, policyOf } from '../../core/institution/policy.ts';
import type { BankDependencies } from '../context.ts';
import { type Customer, clearAttempts, reserveAttempt } from '../store/customers.ts';
import type { FieldError } from '../web/form.ts';
import { dummyHash, verifyPassword } from './password.ts';
import { typedPasswordError } from './typed-password.ts';

const FIELD = 'confirmation_password';

/** As customers know it. */
export const CONFIRMATION_PASSWORD_NAME = '確認用パスワード';

type Kind = 'confirmation' | 'suspension';
type Needs = Pick<BankDependencies, 'db' | 'clock' | 'logger' | 'passwordChecks' | 'passwordCost'>;

/**
 * @param kind `suspension` where nobody gave a code: wrong guesses there do not stop the password anywhere else
 * @returns undefined if the 確認用パスワード is right
 * @throws OutageError if too many wait for their check; that try is not counted
 */
export async function confirmationPasswordError(
  dependencies: Needs,
  institution: Institution,
  customer: Customer,
  typed: string,
  kind: Kind = 'confirmation',
): Promise<FieldError | undefined> {
  const { logger, passwordChecks } = dependencies;
  const policy = policyOf(institution);
  switch (
    await passwordChecks.confirmation.run(() => checkPassword(dependencies, policy, customer, typed, kind))
  ) {
    case 'right':
      return undefined;
    case 'stopped':
      logger.warn({ customer: customer.id }, 'confirmation password locked after too many wrong tries');
      return {
        field: FIELD,
        message: `${CONFIRMATION_PASSWORD_NAME}が連続して間違えられたため、${policy.passwordStopMinutes}分間お手続きができません。`,
      };
    case 'wrong':
      logger.info({ customer: customer.id }, 'wrong confirmation password');
      return {
        field: FIELD,
        message: `${CONFIRMATION_PASSWORD_NAME}が正しくありません。もう一度入力してください。`,
      };
  }
}

async function checkPassword(
  { db, clock, passwordCost }: Needs,
  policy: Policy,
  customer: Customer,
  typed: string,
  kind: Kind,
): Promise<'right' | 'wrong' | 'stopped'> {
  const attempt = { customerId: customer.id, kind, now: clock() };
  const reserved = await reserveAttempt(db, policy, attempt);
  if (reserved === 'stopped') return reserved;
  if (await verifyPassword(typed, customer.confirmation_hash ?? dummyHash(passwordCost))) {
    await clearAttempts(db, customer.id, kind);
    return 'right';
  }
  return reserved === 'last' ? 'stopped' : 'wrong';
}

export const missingConfirmationPassword = (typed: string): FieldError | undefined =>
  typedPasswordError(FIELD, CONFIRMATION_PASSWORD_NAME, typed);
