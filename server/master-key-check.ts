import { isKeyOf } from '../host/key-check.ts';
import type { ServiceDependencies } from './context.ts';

/** Whether the master key is the one that the tokens' secrets are sealed under. */
export function isMasterKeyOfDatabase({
  db,
  masterKey,
  randomBytes,
}: Pick<ServiceDependencies, 'db' | 'masterKey' | 'randomBytes'>): Promise<boolean> {
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
  return isKeyOf({ db, key: masterKey, randomBytes, example });
}
