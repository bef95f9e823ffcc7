import type { Device } from '../../core/api/bank.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { deviceAddedMail, deviceRemovedMail } from '../mail/texts.ts';
import { findCustomerByToken } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';

/** What the token service reports about a device that fills. */
interface DeviceTold {
  readonly kind: 'device-added' | 'device-removed';
  readonly userId: string;
  readonly device: Device;
  readonly at: string;
  /** Id of the event. */
  readonly jti: string;
}

const MAILS = { 'device-added': deviceAddedMail, 'device-removed': deviceRemovedMail };

/** Tells the customer by mail that a device was paired with their token, or removed. */
export async function noteDevice(
  dependencies: Pick<BankDependencies, 'clock' | 'keys' | 'randomBytes'>,
  institution: Institution,
  { kind, userId, device, at, jti }: DeviceTold,
  trx: Handle,
): Promise<void> {
  const customer = await findCustomerByToken(trx, institution.key, userId);
  if (!customer?.email) return;
  await writeMail(dependencies, trx, {
    id: sha256(`${kind} ${institution.key} ${jti}`),
    institution,
    customerId: customer.id,
    kind,
    to: customer.email,
    content: MAILS[kind](institution, device, Date.parse(at)),
  });
}
