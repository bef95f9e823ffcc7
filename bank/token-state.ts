import type { Token } from '../core/api/bank.ts';
import type { Institution } from '../core/institution/directory.ts';
import type { BankDependencies } from './context.ts';
import { sha256 } from './keys.ts';
import { writeMail } from './mail/outbox.ts';
import { lockedMail } from './mail/texts.ts';
import type { OtpState } from './otp-state.ts';
import { type Customer, claimLockNotice } from './store/customers.ts';

/** @returns undefined where the token service cannot say; then nothing goes on */
export async function currentState(
  { serviceFor, clock, logger }: BankDependencies,
  institution: Institution,
  customer: Customer,
): Promise<OtpState | undefined> {
  if (customer.user_id === null) return { kind: 'none' };
  const answer = await serviceFor(institution).show(customer.user_id);
  if (answer.kind === 'ok') return stateOf(answer.value, clock());
  const detail = answer.kind === 'problem' ? answer.code : answer.reason;
  logger.error({ institution: institution.key, detail }, 'the state of a token could not be read');
  return undefined;
}

/** An issue whose time for 初期設定 has run out is void, also before the service has written that down. */
function stateOf(token: Token, now: number): OtpState {
  const ranOut = token.status === 'issued' && Date.parse(token.enrolBy) <= now;
  return { kind: ranOut ? 'void' : token.status, token };
}

/** Tells the customer, once, that their token was stopped. */
export async function noticeLock(
  dependencies: BankDependencies,
  institution: Institution,
  customer: Customer,
  token: Token,
): Promise<void> {
  if (token.status !== 'locked' || customer.email === null) return;
  const to = customer.email;
  await dependencies.db.transaction().execute(async (trx) => {
    if (!(await claimLockNotice(trx, customer.id, token.userId))) return;
    await writeMail(dependencies, trx, {
      id: sha256(`locked ${institution.key} ${token.userId} ${dependencies.clock()}`),
      institution,
      customerId: customer.id,
      kind: 'locked',
      to,
      content: lockedMail(institution, dependencies.clock()),
    });
  });
  dependencies.wakeOutbox();
  dependencies.logger.warn({ institution: institution.key, customer: customer.id }, 'token locked');
}
