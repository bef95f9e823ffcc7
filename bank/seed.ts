import type { Institution } from '../core/institution/directory.ts';
import { hashPassword, type PasswordCost } from './password.ts';
import type { Database } from './store/database.ts';

/** Only with the default directory. Names are invented; 見本 is what specimens are called. */
const CUSTOMERS = [
  { loginId: 'taro0001', name: '見本 太郎' },
  { loginId: 'hanako01', name: '見本 花子' },
];

export const DEMO = { password: 'login1234', confirmation: 'kakunin1234', balance: 3_000_000 };

/** Writes the demo customers of institutions that have none yet. */
export async function seedDemoCustomers(
  db: Database,
  institutions: readonly Institution[],
  cost: PasswordCost,
): Promise<void> {
  const known = await db.selectFrom('customers').select(['institution', 'login_id']).execute();
  const missing = institutions.flatMap(({ key }) =>
    CUSTOMERS.filter(
      ({ loginId }) => !known.some((row) => row.institution === key && row.login_id === loginId),
    ).map((customer) => ({ ...customer, institution: key })),
  );
  if (missing.length === 0) return;
  const password_hash = await hashPassword(DEMO.password, cost);
  const confirmation_hash = await hashPassword(DEMO.confirmation, cost);
  await db
    .insertInto('customers')
    .values(
      missing.map(({ institution, loginId, name }) => ({
        id: `${institution}-${loginId}`,
        institution,
        login_id: loginId,
        name,
        password_hash,
        confirmation_hash,
        balance: DEMO.balance,
      })),
    )
    .onConflict((c) => c.doNothing())
    .execute();
}
