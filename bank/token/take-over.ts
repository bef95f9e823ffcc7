import type { Token } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { replacedMail } from '../mail/texts.ts';
import { findNewDevice } from '../store/changes.ts';
import { type Customer, moveToken } from '../store/customers.ts';

export type TakeOverDependencies = Pick<
  BankDependencies,
  'db' | 'clock' | 'keys' | 'randomBytes' | 'serviceFor' | 'logger' | 'wakeOutbox'
>;

/**
 * Makes the new token the customer's, after the token service has finished 新しい端末でのトークン利用 or 交換, and writes one mail,
 * however often this is called.
 * @param customer as they were with the old token
 */
export async function takeOver(
  dependencies: TakeOverDependencies,
  institution: Institution,
  customer: Customer,
  { userId, serial, activatedAt, replaces }: Token,
): Promise<void> {
  const { db, clock, logger, wakeOutbox } = dependencies;
  const from = customer.user_id;
  if (from === null) return;
  const at = activatedAt === undefined ? clock() : Date.parse(activatedAt);
  const moved = await db.transaction().execute(async (trx) => {
    if (!(await moveToken(trx, customer.id, { from, to: userId, at: new Date(at) }))) return false;
    // After 交換 by a シリアル番号 the procedure itself tells the customer.
    if (customer.email === null || replaces === undefined) return true;
    const device = serial === undefined ? undefined : await findNewDevice(trx, customer.id, serial);
    await writeMail(dependencies, trx, {
      id: sha256(`replaced ${institution.key} ${userId}`),
      institution,
      customerId: customer.id,
      kind: 'replaced',
      to: customer.email,
      content: replacedMail(institution, device, at),
    });
    return true;
  });
  if (!moved) return;
  logger.info(
    { institution: institution.key, customer: customer.id, event: 'replace' },
    'customer now uses a token on a new device',
  );
  wakeOutbox();
}
