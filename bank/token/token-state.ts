import type { Token } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { lockedMail } from '../mail/texts.ts';
import { type Customer, claimLockNotice } from '../store/customers.ts';
import type { OtpState, StateOfToken } from './otp-state.ts';

/** @returns undefined where the token service cannot say; then nothing goes on */
export async function currentState(
  dependencies: StateDependencies,
  institution: Institution,
  { user_id }: Customer,
): Promise<OtpState | undefined> {
  return user_id === null ? { kind: 'none' } : tokenState(dependencies, institution, user_id);
}

type StateDependencies = Pick<BankDependencies, 'serviceFor' | 'clock' | 'logger'>;

/** The state of a token that there is, the customer's present one or an earlier one; undefined as above. */
export async function tokenState(
  { serviceFor, clock, logger }: StateDependencies,
  institution: Institution,
  userId: string,
): Promise<StateOfToken | undefined> {
  const answer = await serviceFor(institution).show(userId);
  if (answer.kind === 'ok') return stateOf(answer.value, clock());
  const detail = answer.kind === 'problem' ? answer.code : answer.reason;
  logger.error({ institution: institution.key, detail }, 'the state of a token could not be read');
  return undefined;
}

/** An issue whose time for 初期設定 has run out is void, also before the service has written that down. */
function stateOf(token: Token, now: number): StateOfToken {
  const ranOut = token.status === 'issued' && Date.parse(token.enrolBy) <= now;
  return { kind: ranOut ? 'void' : token.status, token };
}

/** Tells the customer, once, that their token was stopped. */
export async function noticeLock(
  dependencies: Pick<BankDependencies, 'db' | 'clock' | 'keys' | 'randomBytes' | 'logger' | 'wakeOutbox'>,
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
