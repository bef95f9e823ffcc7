import type { Institution } from '../../core/institution/directory.ts';
import { hashPassword, type PasswordCost } from '../customer/password.ts';
import type { Database } from './database.ts';

/** Only with the default directory: one at each institution. */
export const DEMO_CLERK = { staffId: 'staff01', password: 'staff-demo-1234', name: '見本 職員' };

/** Writes the demo clerk of institutions that have none yet. */
export async function seedDemoStaff(
  db: Database,
  institutions: readonly Institution[],
  cost: PasswordCost,
): Promise<void> {
  const { staffId, password, name } = DEMO_CLERK;
  const known = await db.selectFrom('staff').select('institution').where('staff_id', '=', staffId).execute();
  const missing = institutions.filter(({ key }) => !known.some(({ institution }) => institution === key));
  if (missing.length === 0) return;
  const password_hash = await hashPassword(password, cost);
  await db
    .insertInto('staff')
    .values(
      missing.map(({ key }) => ({
        id: `${key}-${staffId}`,
        institution: key,
        staff_id: staffId,
        name,
        password_hash,
        role: 'clerk' as const,
      })),
    )
    // Another node may have been faster.
    .onConflict((c) => c.doNothing())
    .execute();
}
