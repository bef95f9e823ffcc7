import { keyAlgorithm } from '../../core/otp/totp.ts';
import type { TokenReader } from '../../core/ports.ts';
import { VaultError } from '../../core/vault/errors.ts';
import { openKey } from '../../core/vault/seal.ts';
import { database, guarded, type TokenRecord } from './database.ts';
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
      const [key, { sealedKey, parameters }] = await Promise.all([vaultKey(), tokenRecord(id)]);
      return openKey(key, sealedKey, id, { algorithm: keyAlgorithm(parameters), usages: ['sign'] });
    }),
  selected: () => guarded(async () => (await database()).get('settings', 'selected')),
  select: (id) =>
    guarded(async () => {
      await (await database()).put('settings', id, 'selected');
    }),
};

/** The same for whoever works behind a locked vault: which tokens there are is known, their keys stay shut. */
export const lockedTokenReader: TokenReader = { ...tokenReader, list: () => guarded(summaries) };

/** All that is kept of a token. Rejects with {@link VaultError} `missing` where there is none of that id. */
export async function tokenRecord(id: string): Promise<TokenRecord> {
  const record = await (await database()).get('tokens', id);
  if (record === undefined) throw new VaultError('missing');
  return record;
}

async function summaries() {
  return (await database()).getAllFromIndex('summaries', 'enrolledAt');
}
