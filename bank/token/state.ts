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

/** A token by its status, as the service just reported it; `expired` if it is in use and past its 有効期限. */
export interface KnownToken {
  readonly kind: Token['status'] | 'expired';
  readonly token: Token;
  /** Staff ended it with 交換, and another may be issued at once. */
  readonly mayReissue?: true;
}

/** The status of a customer's current token; `none` if no token was issued yet. */
export type TokenState = { readonly kind: 'none' } | KnownToken;

/** Why a token accepts nothing: too many wrong codes, 利用停止, or its 有効期限 has passed. */
export type TokenStop = 'locked' | 'suspended' | 'expired';

/** in-use: transfers are confirmed on the token · a stop: no transfers are possible, for that reason · not-in-use */
export type OtpUse = 'in-use' | TokenStop | 'not-in-use';

type StateDependencies = Pick<BankDependencies, 'serviceFor' | 'clock' | 'logger'>;

/**
 * The state of the customer's current token. If another token has replaced it and the bank does not know yet, because the
 * answer was lost, the bank takes over that token first.
 * @returns undefined if the token service does not answer; the caller must then do nothing
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

/** Reads a token, the customer's current one or an earlier one. @returns undefined if the token service does not answer */
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

/** An issue is void when its time for 初期設定 is over, even if the service has not recorded that yet. */
export function byStatus(token: Token, now: number): KnownToken {
  if (token.status === 'issued' && isTooLateToEnrol(token, now)) return { kind: 'void', token };
  return { kind: token.status === 'active' && hasEnded(token, now) ? 'expired' : token.status, token };
}

/** Whether the time for 初期設定 is over. */
export const isTooLateToEnrol = ({ enrolBy }: Pick<Token, 'enrolBy'>, now: number): boolean =>
  Date.parse(enrolBy) <= now;

/** Whether a token's 有効期限 has passed: from that moment it accepts nothing. */
export const hasEnded = ({ expiresAt }: Pick<Token, 'expiresAt'>, now: number): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= now;

/** Uses only what the token service says, never what a page was shown with (W4). */
export function otpUse({ kind }: TokenState): OtpUse {
  if (kind === 'active') return 'in-use';
  return isStop(kind) ? kind : 'not-in-use';
}

/** Whether it is a device that shows no details: it cannot confirm anything, and its code is all there is. */
export const isHardware = (state: TokenState): boolean =>
  state.kind !== 'none' && isHardwareKind(state.token.kind);

export const kindName = ({ kind }: Pick<Token, 'kind'>): string =>
  isHardwareKind(kind) ? 'ハードウェアトークン' : 'ソフトウェアトークン';

export const isStop = (kind: TokenState['kind'] | OtpUse | undefined): kind is TokenStop =>
  kind === 'locked' || kind === 'suspended' || kind === 'expired';

/** @returns undefined if the token service does not answer; the caller must then do nothing */
export async function otpUseOf(
  dependencies: TakeOverDependencies,
  institution: Institution,
  customer: Customer,
): Promise<OtpUse | undefined> {
  const state = await currentState(dependencies, institution, customer);
  return state && otpUse(state);
}

/** Tells the customer that their token was locked, once for each lock. */
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
