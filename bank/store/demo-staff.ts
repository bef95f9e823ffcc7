import type { Institution } from '../../core/institution/directory.ts';
import { hashPassword, type PasswordCost } from '../customer/password.ts';
import type { Database } from './database.ts';
import type { StaffRole } from './schema.ts';

const PASSWORD = 'staff-demo-1234';

/** Used with the default directory only: one of each role at each institution. */
export const DEMO_STAFF = {
  clerk: { staffId: 'staff01', password: PASSWORD, name: '見本 職員' },
  supervisor: { staffId: 'staff02', password: PASSWORD, name: '見本 役席' },
  auditor: { staffId: 'staff03', password: PASSWORD, name: '見本 監査' },
} satisfies Record<StaffRole, { staffId: string; password: string; name: string }>;

const ROLES = Object.keys(DEMO_STAFF) as StaffRole[];

/** Writes the demo staff of institutions that do not have them yet. */
export async function seedDemoStaff(
  db: Database,
  institutions: readonly Institution[],
  cost: PasswordCost,
): Promise<void> {
  const wanted = institutions.flatMap(({ key }) =>
    ROLES.map((role) => ({
      id: `${key}-${DEMO_STAFF[role].staffId}`,
      institution: key,
      staff_id: DEMO_STAFF[role].staffId,
      name: DEMO_STAFF[role].name,
      role,
    })),
  );
  const rows = await db.selectFrom('staff').select(['institution', 'staff_id']).execute();
  const known = new Set(rows.map(({ institution, staff_id }) => `${institution} ${staff_id}`));
  const missing = wanted.filter(({ institution, staff_id }) => !known.has(`${institution} ${staff_id}`));
  if (missing.length === 0) return;
  const password_hash = await hashPassword(PASSWORD, cost);
  await db
    .insertInto('staff')
    .values(missing.map((member) => ({ ...member, password_hash })))
    // Another node may have written it first.
    .onConflict((c) => c.doNothing())
    .execute();
}
