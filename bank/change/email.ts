import type { Institution } from '../../core/institution/directory.ts';
import { sha256 } from '../keys.ts';
import { writeMail } from '../mail/outbox.ts';
import { emailChangedMail } from '../mail/texts.ts';
import { type RequestDependencies, type RequestKind, UnfitError } from '../request/kind.ts';
import { finishChange, readChange } from '../store/changes.ts';
import { lockCustomer, setEmail } from '../store/customers.ts';
import type { Handle } from '../store/database.ts';
import { CHANGE, enteredAs } from './change.ts';

/** メールアドレスの変更. */
export const EMAIL_CHANGE: RequestKind = {
  ...CHANGE,
  type: 'email-change',
  pathOf: (id) => `/services/email/${id}`,
  fulfil: async (dependencies, institution, id, trx) => {
    if (!(await finishChange(trx, id, dependencies.clock()))) return;
    const { customer_id } = await readChange(trx, id);
    const { oldAddress, newAddress } = await enteredAs(trx, 'email-change', id);
    const change = { id, customerId: customer_id, from: oldAddress, to: newAddress };
    if (!(await changeEmail(dependencies, institution, change, trx))) throw new UnfitError('stale');
  },
};

interface AddressChange {
  /** Id of what asked for the change: one change sends each mail once. */
  readonly id: string;
  readonly customerId: string;
  /** Null if there was none yet. */
  readonly from: string | null;
  readonly to: string;
}

/** Changes the address for notices and tells both addresses. @returns false if the old address has changed meanwhile */
export async function changeEmail(
  dependencies: Pick<RequestDependencies, 'clock' | 'keys' | 'randomBytes' | 'logger'>,
  institution: Institution,
  { id, customerId, from, to }: AddressChange,
  trx: Handle,
): Promise<boolean> {
  const { email } = await lockCustomer(trx, customerId);
  if (email !== from) return false;
  await setEmail(trx, customerId, to);
  const content = emailChangedMail(institution, to, dependencies.clock());
  for (const address of from === null ? [to] : [from, to]) {
    await writeMail(dependencies, trx, {
      id: sha256(`email-changed ${institution.key} ${id} ${address}`),
      institution,
      customerId,
      kind: 'email-changed',
      to: address,
      content,
    });
  }
  dependencies.logger.info(
    { institution: institution.key, customer: customerId, event: 'email' },
    'changed mail address',
  );
  return true;
}

interface AddressTaken {
  readonly institution: Institution;
  readonly customerId: string;
  /** Id of what the address came with: that tells the former one once. */
  readonly id: string;
  /** Null if there was none. */
  readonly former: string | null;
  readonly address: string;
}

/** Tells the former address of another that came with トークン発行 or with the paper application. */
export async function tellFormerAddress(
  dependencies: Pick<RequestDependencies, 'clock' | 'keys' | 'randomBytes'>,
  trx: Handle,
  { institution, customerId, id, former, address }: AddressTaken,
): Promise<void> {
  if (former === null || former === address) return;
  await writeMail(dependencies, trx, {
    id: sha256(`${id} ${former}`),
    institution,
    customerId,
    kind: 'email-changed',
    to: former,
    content: emailChangedMail(institution, address, dependencies.clock()),
  });
}
