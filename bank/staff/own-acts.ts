import type { BankDependencies } from '../context.ts';
import { sha256 } from '../keys.ts';
import type { Handle } from '../store/database.ts';
import type { OwnAct } from '../store/schema.ts';
import { recordStaffAct } from '../store/staff.ts';
import type { SignedIn } from './context.ts';

/** Writes down what a member of staff did that is on no customer. @param reason what it was about, in words */
export async function recordOwnAct(
  { clock, randomBytes }: Pick<BankDependencies, 'clock' | 'randomBytes'>,
  db: Handle,
  { clerk, institution }: SignedIn,
  act: OwnAct,
  reason: string,
): Promise<void> {
  await recordStaffAct(db, {
    key: sha256(`staff ${act} ${Buffer.from(randomBytes(16)).toString('base64url')}`),
    at: new Date(clock()),
    institution: institution.key,
    staff_id: clerk.staff_id,
    customer_id: null,
    user_id: null,
    act,
    reason,
    outcome: 'done',
    proposal: null,
  });
}
