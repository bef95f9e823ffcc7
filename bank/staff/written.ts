import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { writeMail } from '../mail/outbox.ts';
import { endToken } from '../store/customer-tokens.ts';
import { allowReissue, type Customer, forgetLockNotice } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import type { StaffActOutcome } from '../store/schema.ts';
import { endSessionsOf } from '../store/sessions.ts';
import { recordStaffAct } from '../store/staff.ts';
import { ACTS, type ActName, type Left } from './acts.ts';

/** An act as it is written down. */
export interface WrittenAct {
  readonly institution: Institution;
  /** 職員ID of whoever acts. */
  readonly staffId: string;
  readonly customer: Customer;
  /** The token it is done to; null where there is none. */
  readonly userId: string | null;
  readonly act: ActName;
  readonly reason: string;
  /** Key of its form or its proposal. Each outcome of one key is written once. */
  readonly key: string;
  /** Number of the 申請 it belongs to. */
  readonly proposal?: string | undefined;
  /** The device it is done to, and what that says it is. */
  readonly device?: { readonly id: string; readonly words: string };
}

export const NOTHING_CHANGED = '何も変更していません。';

/** Id of the mail that tells of an act. @param key of the act as it was written */
export const mailIdOf = (key: string) => `staff ${key}`;

/** @returns the number of what was written, now or then */
export function record(
  { clock }: Pick<BankDependencies, 'clock'>,
  handle: Handle,
  { institution, staffId, customer, userId, act, reason, key, proposal, device }: WrittenAct,
  outcome: StaffActOutcome,
): Promise<string> {
  return recordStaffAct(handle, {
    key,
    at: new Date(clock()),
    institution: institution.key,
    staff_id: staffId,
    customer_id: customer.id,
    user_id: userId,
    act,
    reason,
    outcome,
    proposal: proposal ?? null,
    device_id: device?.id ?? null,
    device: device?.words ?? null,
  });
}

/**
 * Writes down that an act was done, and what the customer is told. An act on the token ends the customer's sessions: whoever has the
 * lost phone, or the passwords, may be logged in.
 */
export async function recordDone(
  dependencies: Pick<BankDependencies, 'clock' | 'keys' | 'randomBytes'>,
  trx: Handle,
  written: WrittenAct,
  left: Left = {},
): Promise<string> {
  const { institution, customer, act, key, userId } = written;
  if (ACTS[act].onToken !== undefined) await endSessionsOf(trx, customer.id, new Date(dependencies.clock()));
  // The customer's own row before others that name it, as 発行 does.
  if (act === 'replace' && userId !== null) await allowReissue(trx, customer.id, userId);
  if (ACTS[act].onToken === 'release' && userId !== null) {
    await endToken(trx, customer.id, userId, new Date(left.token?.releasedAt ?? dependencies.clock()));
  }
  // The customer is told of the next 認証停止 again.
  if (act === 'unlock') await forgetLockNotice(trx, customer.id);
  const { mail } = ACTS[act];
  if (customer.email !== null && mail !== undefined) {
    await writeMail(dependencies, trx, {
      id: mailIdOf(key),
      institution,
      customerId: customer.id,
      kind: mail.kind,
      to: customer.email,
      content: mail.text(institution, left.at ?? dependencies.clock(), left),
    });
  }
  return record(dependencies, trx, written, 'done');
}

export function logActed(
  dependencies: Pick<BankDependencies, 'logger' | 'wakeOutbox'>,
  { institution, staffId, customer, act, proposal }: WrittenAct,
): void {
  dependencies.wakeOutbox();
  dependencies.logger.info(
    { institution: institution.key, staff: staffId, customer: customer.id, event: act, proposal },
    'staff acted',
  );
}
