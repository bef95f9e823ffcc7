import { policyOf } from '../../../core/institution/policy.ts';
import { normaliseDigits } from '../../../core/otp/code.ts';
import { sourceOf } from '../../../host/source.ts';
import type { BankDependencies } from '../../context.ts';
import { authenticate } from '../../customer/authenticate.ts';
import type { LoginLimits } from '../../customer/login-limits.ts';
import { typedPasswordError } from '../../customer/typed-password.ts';
import { type Customer, findCustomerByLogin } from '../../store/customers.ts';
import type { OtpProcedureKind } from '../../store/schema.ts';
import type { FieldError } from '../../web/form.ts';
import type { BankContext } from '../../web/render.ts';

export type ContractHolder =
  | { readonly kind: 'customer'; readonly customer: Customer }
  | { readonly kind: 'wrong'; readonly errors: readonly FieldError[] }
  /** Too many tries from one source. */
  | { readonly kind: 'too-soon'; readonly seconds: number };

const CONTRACT_ID = /^[0-9]{10}$/;

/**
 * 利用者認証: checks 契約者ID and ログインパスワード, with the same message whichever is wrong.
 * @param purpose what it is for, as the log names it
 */
export async function contractHolder(
  c: BankContext,
  dependencies: BankDependencies,
  limits: LoginLimits,
  purpose: 'login' | OtpProcedureKind,
): Promise<ContractHolder> {
  const { db, clock, logger, passwordChecks, trustedProxies } = dependencies;
  const { institution } = c.get('site');
  const typed = normaliseDigits(c.get('form').get('login_id') ?? '');
  const password = c.get('form').get('password') ?? '';
  const missing = missingFields(typed, password);
  if (missing.length > 0) return { kind: 'wrong', errors: missing };
  const loginId = CONTRACT_ID.test(typed) ? typed : '';
  const source = sourceOf(c, trustedProxies) ?? '';
  const tried = { institution: institution.key, source, loginId: typed };
  const event = { institution: institution.key, event: 'login', for: purpose };
  const seconds = limits.take(tried, clock());
  if (seconds !== undefined) {
    logger.warn(event, 'too many logins from one source; refused');
    return { kind: 'too-soon', seconds };
  }
  const customer = await passwordChecks.login.run(async () => {
    const holder = await findCustomerByLogin(db, institution.key, loginId);
    return authenticate(dependencies, institution, { kind: 'login', holder, password });
  });
  if (customer === undefined) {
    logger.info(event, 'wrong contract ID or password');
    const { wrongPasswordsToStop, passwordStopMinutes } = policyOf(institution);
    const stop = `連続して${wrongPasswordsToStop}回間違えると、${passwordStopMinutes}分間ご利用いただけません。`;
    const message = `契約者ID（利用者番号）またはログインパスワードが正しくありません。もう一度入力してください。${stop}`;
    return { kind: 'wrong', errors: [{ field: '', message }] };
  }
  limits.giveBack(tried);
  return { kind: 'customer', customer };
}

function missingFields(loginId: string, password: string): FieldError[] {
  return [
    loginId === '' ? { field: 'login_id', message: '契約者ID（利用者番号）を入力してください。' } : undefined,
    typedPasswordError('password', 'ログインパスワード', password),
  ].filter((error) => error !== undefined);
}
