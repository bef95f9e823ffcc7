import { isKeyOf } from '../host/key-check.ts';
import type { ServiceDependencies } from './context.ts';

type Checked = Pick<ServiceDependencies, 'db' | 'masterKey' | 'randomBytes'>;

/** The master key that the database's secrets are held by: the one that seals, or the previous one; undefined if neither is. */
export async function holderOfDatabase({
  db,
  masterKey,
  randomBytes,
}: Checked): Promise<CryptoKey | undefined> {
  const example = async () => {
    const row = await db
      .selectFrom('tokens')
      .select(['id', 'secret', 'activation_password'])
      .where((is) => is.or([is('secret', 'is not', null), is('activation_password', 'is not', null)]))
      .limit(1)
      .executeTakeFirst();
    const sealed = row?.secret ?? row?.activation_password;
    return row && sealed ? { sealed, context: row.id } : undefined;
  };
  for (const key of masterKey.holding) {
    if (await isKeyOf({ db, key, randomBytes, example })) return key;
  }
  return undefined;
}

export const isMasterKeyOfDatabase = async (checked: Checked): Promise<boolean> =>
  (await holderOfDatabase(checked)) !== undefined;
