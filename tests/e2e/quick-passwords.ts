import { join } from 'node:path';
import { dummyHash, hashPassword, PASSWORD_COST, type PasswordCost } from '../../bank/customer/password.ts';
import { openFolder } from '../../bank/store/database.ts';
import { DEMO_STAFF } from '../../bank/store/demo-staff.ts';
import { CONFIRMATION_PASSWORD, LOGIN_PASSWORD } from './pages/bank.ts';

const QUICK: PasswordCost = { N: 1024, r: 8, p: 1 };

const costIn = (hash: string) => hash.split('$').slice(0, 4).join('$');
const FULL = costIn(dummyHash(PASSWORD_COST));

/**
 * Keeps the demo's passwords of a bank's data with hashes that are checked quickly: the stories check hundreds, a third of a second of the
 * processor's time each.
 * @throws Error where the bank has not written them with its full cost
 */
export async function keepQuickPasswords(data: string): Promise<void> {
  const { db, close } = await openFolder(join(data, 'bank'));
  const kept = [
    ...(await db.selectFrom('customers').select(['password_hash', 'confirmation_hash']).execute()),
    ...(await db.selectFrom('staff').select('password_hash').execute()),
  ].flatMap((row) => Object.values(row).filter((hash) => hash !== null));
  const cheap = kept.filter((hash) => costIn(hash) !== FULL);
  if (kept.length === 0 || cheap.length > 0) throw new Error('the bank keeps passwords at another cost');
  await db
    .updateTable('customers')
    .set({ password_hash: await hashPassword(LOGIN_PASSWORD, QUICK) })
    .execute();
  await db
    .updateTable('customers')
    .set({ confirmation_hash: await hashPassword(CONFIRMATION_PASSWORD, QUICK) })
    .where('confirmation_hash', 'is not', null)
    .execute();
  await db
    .updateTable('staff')
    .set({ password_hash: await hashPassword(DEMO_STAFF.clerk.password, QUICK) })
    .execute();
  await close();
}
