import { keyAlgorithm } from '../../core/otp/totp.ts';
import type { TokenReader } from '../../core/ports.ts';
import { VaultError } from '../../core/vault/errors.ts';
import { openKey } from '../../core/vault/seal.ts';
import { database, guarded } from './database.ts';
import { openVaultKey } from './keyring.ts';

let opened: Promise<CryptoKey> | undefined;

/** The vault key, opened once in this context. It opens keys into WebCrypto, and nothing to a script. */
export function vaultKey(): Promise<CryptoKey> {
  opened ??= readKeyring().catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function readKeyring(): Promise<CryptoKey> {
  const keyring = await (await database()).get('keyring', 'device');
  if (keyring === undefined) throw new VaultError('missing');
  return openVaultKey(keyring);
}

/** The tokens in this browser's IndexedDB, for showing and choosing. */
export const tokenReader: TokenReader = {
  list: () =>
    guarded(async () => {
      // A key is asked for next: by then the vault is open.
      vaultKey().catch(() => undefined);
      return (await database()).getAllFromIndex('summaries', 'enrolledAt');
    }),
  openKey: (id) =>
    guarded(async () => {
      const db = await database();
      const [key, record] = await Promise.all([vaultKey(), db.get('tokens', id)]);
      if (record === undefined) throw new VaultError('missing');
      return openKey(key, record.sealedKey, id, keyAlgorithm(record.parameters), ['sign']);
    }),
  selected: () => guarded(async () => (await database()).get('settings', 'selected')),
  select: (id) =>
    guarded(async () => {
      await (await database()).put('settings', id, 'selected');
    }),
};
