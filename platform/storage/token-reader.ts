import { keyAlgorithm } from '../../core/otp/totp.ts';
import type { TokenReader } from '../../core/ports.ts';
import { VaultError } from '../../core/vault/errors.ts';
import { openKey } from '../../core/vault/seal.ts';
import { database, guarded } from './database.ts';
import { isLocked, vaultKey } from './door.ts';

/** The tokens in this browser's IndexedDB, for showing and choosing. While the vault is locked it says nothing of them. */
export const tokenReader: TokenReader = {
  list: () =>
    guarded(async () => {
      const [locked, tokens] = await Promise.all([isLocked(), summaries()]);
      if (locked) throw new VaultError('locked');
      return tokens;
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

/** The same for whoever works behind a locked vault: which tokens there are is known, their keys stay shut. */
export const lockedTokenReader: TokenReader = { ...tokenReader, list: () => guarded(summaries) };

async function summaries() {
  return (await database()).getAllFromIndex('summaries', 'enrolledAt');
}
