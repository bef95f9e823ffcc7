import { keyAlgorithm } from '../../core/otp/totp.ts';
import type { TokenReader } from '../../core/ports.ts';
import { VaultError } from '../../core/vault/errors.ts';
import { openKey } from '../../core/vault/seal.ts';
import { database, guarded } from './database.ts';
import { openVaultKey } from './keyring.ts';

/** The tokens in this browser's IndexedDB, for showing and choosing. */
export const tokenReader: TokenReader = {
  list: () => guarded(async () => (await database()).getAllFromIndex('summaries', 'enrolledAt')),
  openKey: (id) =>
    guarded(async () => {
      const db = await database();
      const [keyring, record] = await Promise.all([db.get('keyring', 'device'), db.get('tokens', id)]);
      if (record === undefined || keyring === undefined) throw new VaultError('missing');
      const key = await openVaultKey(keyring);
      return openKey(key, record.sealedKey, id, keyAlgorithm(record.parameters), ['sign']);
    }),
  selected: () => guarded(async () => (await database()).get('settings', 'selected')),
  select: (id) =>
    guarded(async () => {
      await (await database()).put('settings', id, 'selected');
    }),
};
