import type { Token } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import { isHardware as isHardwareKind } from '../../core/otp/kind.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { lockedMail } from '../mail/texts.ts';
import { type Customer, claimLockNotice } from '../store/customers.ts';
import { detailOf } from './client.ts';
import { type TakeOverDependencies, takeOver } from './take-over.ts';

/** A token by its status, as the service told it just now; `expired` where it is in use and past its 有効期限. */
export interface KnownToken {
  readonly kind: Token['status'] | 'expired';
  readonly token: Token;
  /** Staff ended it with 交換: another may be issued at once. */
  readonly mayReissue?: true;
}

/** How a customer stands: no token was issued yet, or their present token by its status. */
export type TokenState = { readonly kind: 'none' } | KnownToken;

/** Why a token that is there takes nothing: too many wrong codes, 利用停止, or its 有効期限 is over. */
export type TokenStop = 'locked' | 'suspended' | 'expired';

/** in-use: transfers are confirmed on the token · a stop: nothing can be transferred, for that reason · not-in-use */
export type OtpUse = 'in-use' | TokenStop | 'not-in-use';

type StateDependencies = Pick<BankDependencies, 'serviceFor' | 'clock' | 'logger'>;

/**
 * Where another token took this one's place and the bank has not heard of it, the answer having been lost, it goes on with that
 * one.
 * @returns undefined where the token service cannot say; then nothing goes on
 */
export async function currentState(
  dependencies: TakeOverDependencies,
  institution: Institution,
  customer: Customer,
): Promise<TokenState | undefined> {
  if (customer.user_id === null) return { kind: 'none' };
  const state = await knownToken(dependencies, institution, customer.user_id);
  const replacedBy = state?.token.replacedBy;
  if (state && customer.reissue_of === state.token.userId) return { ...state, mayReissue: true };
  if (replacedBy === undefined) return state;
  const now = await knownToken(dependencies, institution, replacedBy);
  if (now !== undefined) await takeOver(dependencies, institution, customer, now.token);
  return now;
}

/** A token that there is, the customer's present one or an earlier one; undefined as above. */
export async function knownToken(
  { serviceFor, clock, logger }: StateDependencies,
  institution: Institution,
  userId: string,
): Promise<KnownToken | undefined> {
  const answer = await serviceFor(institution).show(userId);
  if (answer.kind === 'ok') return byStatus(answer.value, clock());
  const detail = detailOf(answer);
  logger.error({ institution: institution.key, detail }, 'could not read the token from the token service');
  return undefined;
}

/** An issue whose time for 初期設定 has run out is void, also before the service has written that down. */
function byStatus(token: Token, now: number): KnownToken {
  const ranOut = token.status === 'issued' && Date.parse(token.enrolBy) <= now;
  if (ranOut) return { kind: 'void', token };
  return { kind: token.status === 'active' && hasEnded(token, now) ? 'expired' : token.status, token };
}

/** Whether a token's 有効期限 has passed: from that very moment on nothing is taken of it. */
export const hasEnded = ({ expiresAt }: Pick<Token, 'expiresAt'>, now: number): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= now;

/** Only what the token service says counts, never what a page was shown with (W4). */
export function otpUse({ kind }: TokenState): OtpUse {
  if (kind === 'active') return 'in-use';
  return isStop(kind) ? kind : 'not-in-use';
}

/** Whether it is a device that shows no details: nothing can be confirmed on it, and its code is all there is. */
export const isHardware = (state: TokenState): boolean =>
  state.kind !== 'none' && isHardwareKind(state.token.kind);
export const isStop = (kind: TokenState['kind'] | OtpUse | undefined): kind is TokenStop =>
  kind === 'locked' || kind === 'suspended' || kind === 'expired';

/** @returns undefined where the token service cannot say; then nothing goes on */
export async function otpUseOf(
  dependencies: TakeOverDependencies,
  institution: Institution,
  customer: Customer,
): Promise<OtpUse | undefined> {
  const state = await currentState(dependencies, institution, customer);
  return state && otpUse(state);
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
