import type { Selectable } from 'kysely';
import type { Policy } from '../../core/institution/policy.ts';
import { beginToken } from './customer-tokens.ts';
import type { Database, Handle } from './database.ts';
import type { CustomersTable, OtpProcedureKind } from './schema.ts';
import { ACTING } from './staff.ts';

export type Customer = Selectable<CustomersTable>;

export function findCustomerByLogin(
  db: Handle,
  institution: string,
  loginId: string,
): Promise<Customer | undefined> {
  return db
    .selectFrom('customers')
    .selectAll()
    .where('institution', '=', institution)
    .where('login_id', '=', loginId)
    .executeTakeFirst();
}

/** @throws NoResultError; cannot happen for a live session: its customer is never deleted */
export function findCustomer(db: Handle, id: string): Promise<Customer> {
  return db.selectFrom('customers').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** This institution's customer; undefined also if the id belongs to another institution. */
export function findCustomerOf(db: Handle, institution: string, id: string): Promise<Customer | undefined> {
  return db
    .selectFrom('customers')
    .selectAll()
    .where('institution', '=', institution)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** The customer whose current token it is. */
export function findCustomerByToken(
  db: Handle,
  institution: string,
  userId: string,
): Promise<Customer | undefined> {
  return db
    .selectFrom('customers')
    .selectAll()
    .where('institution', '=', institution)
    .where('user_id', '=', userId)
    .executeTakeFirst();
}

/** Reads a customer and locks the row until the transaction ends. */
export function lockCustomer(trx: Handle, id: string): Promise<Customer> {
  return trx.selectFrom('customers').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

/** What the bank notes about a token; reset when the customer gets another. */
const NOTHING_NOTED = {
  lock_notified: null,
  token_ends_at: null,
  end_told: null,
  end_look_at: null,
} as const;

/**
 * Makes a newly issued token the customer's, in place of the one they had.
 * @returns false if `from` is no longer what they have
 */
export async function linkToken(
  trx: Handle,
  id: string,
  {
    from,
    to,
    email,
    at,
  }: { readonly from: string | null; readonly to: string; readonly email: string; readonly at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('customers')
    .set({ user_id: to, email, ...NOTHING_NOTED })
    .where('id', '=', id)
    .where('user_id', 'is not distinct from', from)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return false;
  await beginToken(trx, id, to, at);
  return true;
}

/** Replaces the customer's token. @returns false if `from` is no longer theirs */
export async function moveToken(
  trx: Handle,
  id: string,
  { from, to, at }: { readonly from: string; readonly to: string; readonly at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('customers')
    .set({ user_id: to, ...NOTHING_NOTED })
    .where('id', '=', id)
    .where('user_id', '=', from)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return false;
  await beginToken(trx, id, to, at);
  return true;
}

/**
 * Makes a token that was registered by its シリアル番号 the customer's, whatever token they had.
 * @param loginOtp ログイン時のワンタイムパスワード認証可否; null leaves it unchanged
 */
export async function takeToken(
  trx: Handle,
  id: string,
  { userId, loginOtp, at }: { readonly userId: string; readonly loginOtp: boolean | null; readonly at: Date },
): Promise<void> {
  await trx
    .updateTable('customers')
    .set({ user_id: userId, ...NOTHING_NOTED, ...(loginOtp !== null && { login_otp: loginOtp }) })
    .where('id', '=', id)
    .execute();
  await beginToken(trx, id, userId, at);
}

/** ログイン時のワンタイムパスワード認証可否. */
export async function setLoginOtp(db: Handle, id: string, loginOtp: boolean): Promise<void> {
  await db.updateTable('customers').set({ login_otp: loginOtp }).where('id', '=', id).execute();
}

/** Notes that the customer is told of the 認証停止. @returns true to exactly one caller */
export async function claimLockNotice(db: Handle, id: string, userId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('customers')
    .set({ lock_notified: userId })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where((is) => is.or([is('lock_notified', 'is', null), is('lock_notified', '!=', userId)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** The token works again: the next 認証停止 is announced again. */
export async function forgetLockNotice(db: Handle, id: string): Promise<void> {
  await db
    .updateTable('customers')
    .set({ lock_notified: null })
    .where('id', '=', id)
    .where('lock_notified', 'is not', null)
    .execute();
}

/** @param method how they logged in, or the procedure that 利用者認証 was for, which is not a login */
export async function recordLogin(
  db: Handle,
  customerId: string,
  at: Date,
  method: 'password' | 'otp' | 'signature' | OtpProcedureKind,
): Promise<void> {
  await db.insertInto('logins').values({ customer_id: customerId, at, method }).execute();
}

export interface Login {
  readonly at: Date;
  readonly method: string;
}

/** The latest logins, newest first. */
export function recentLogins(db: Handle, customerId: string, limit: number): Promise<Login[]> {
  return db
    .selectFrom('logins')
    .select(['at', 'method'])
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/**
 * Passwords the bank checks itself; `staff` is the one of members of staff. Each has its own count of wrong tries, apart
 * from the token's.
 * suspension: the 確認用パスワード where no code was given before it · positions: the 資金移動用パスワード
 */
export type PasswordKind = 'login' | 'confirmation' | 'suspension' | 'positions' | 'staff';

/** One typed password. */
export interface PasswordAttempt {
  /** Id of the customer or of the member of staff. */
  readonly customerId: string;
  readonly kind: PasswordKind;
  readonly now: number;
}

/** last: the password may be checked, and is stopped unless it is right · stopped: it may not be checked */
export type Reserved = 'allowed' | 'last' | 'stopped';

/** Counts a try before the password is checked, so that simultaneous guesses are all counted. */
export function reserveAttempt(
  db: Database,
  { wrongPasswordsToStop, passwordStopMinutes }: Pick<Policy, 'wrongPasswordsToStop' | 'passwordStopMinutes'>,
  { customerId, kind, now }: PasswordAttempt,
): Promise<Reserved> {
  return db.transaction().execute(async (trx) => {
    const row = { customer_id: customerId, kind, failures: 0, locked_until: null };
    await trx
      .insertInto('attempts')
      .values(row)
      .onConflict((c) => c.doNothing())
      .execute();
    const { failures, locked_until } = await trx
      .selectFrom('attempts')
      .select(['failures', 'locked_until'])
      .where('customer_id', '=', customerId)
      .where('kind', '=', kind)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (locked_until !== null && locked_until.getTime() > now) return 'stopped';
    const count = (locked_until === null ? failures : 0) + 1;
    const lock = count >= wrongPasswordsToStop ? new Date(now + passwordStopMinutes * 60_000) : null;
    await trx
      .updateTable('attempts')
      .set({ failures: count, locked_until: lock })
      .where('customer_id', '=', customerId)
      .where('kind', '=', kind)
      .execute();
    return lock === null ? 'allowed' : 'last';
  });
}

/** The password was right: resets its count. */
export async function clearAttempts(db: Handle, customerId: string, kind: PasswordKind): Promise<void> {
  await db.deleteFrom('attempts').where('customer_id', '=', customerId).where('kind', '=', kind).execute();
}

/** 一日あたりの振込・振替限度額: the one in effect, the next one, when that takes effect and when it was applied for. */
export async function setLimits(
  db: Handle,
  id: string,
  limits: {
    readonly daily_limit: number;
    readonly next_limit: number;
    readonly next_limit_from: Date;
    readonly limit_set_at: Date;
  },
): Promise<void> {
  await db.updateTable('customers').set(limits).where('id', '=', id).execute();
}

/** Sets the address for notices. */
export async function setEmail(db: Handle, id: string, email: string): Promise<void> {
  await db.updateTable('customers').set({ email }).where('id', '=', id).execute();
}

/**
 * Notes that the paper application for one-time passwords is registered, with the e-mail address written on it.
 * @param by row id of the member of staff, who must have the right to act at that moment
 * @returns false if it was registered before, or they may not act
 */
export async function registerApplication(
  db: Handle,
  id: string,
  { email, by, at }: { readonly email: string; readonly by: string; readonly at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('customers')
    .set({ applied_at: at, email })
    .where('id', '=', id)
    .where('applied_at', 'is', null)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('staff')
          .select('staff.id')
          .whereRef('staff.institution', '=', 'customers.institution')
          .where('staff.id', '=', by)
          .where('staff.role', 'in', ACTING),
      ),
    )
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Another token may be issued at once after this one. */
export async function allowReissue(db: Handle, id: string, userId: string): Promise<void> {
  await db
    .updateTable('customers')
    .set({ reissue_of: userId })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .execute();
}
