import { confirmationKey } from '../../core/transaction/code.ts';
import { VaultError } from '../../core/vault/errors.ts';
import { openKey } from '../../core/vault/seal.ts';
import { database, guarded, type TokenRecord } from './database.ts';
import { vaultKey } from './door.ts';

/** The keys a token confirms with. Reject with {@link VaultError}. */
export interface TokenKeyring {
  /** Signs proofs and decisions. */
  signing(tokenId: string): Promise<CryptoKeyPair>;
  /** Makes confirmation codes. */
  confirmation(tokenId: string): Promise<CryptoKey>;
}

export const tokenKeys: TokenKeyring = {
  signing: (id) => guarded(async () => (await recordOf(id)).keys.signing),
  confirmation: (id) =>
    guarded(async () => {
      const [key, { sealedKey }] = await Promise.all([vaultKey(), recordOf(id)]);
      // Straight from its seal into the derivation: no script has the login key's bytes.
      return confirmationKey(await openKey(key, sealedKey, id, 'HKDF', ['deriveKey']));
    }),
};

async function recordOf(id: string): Promise<TokenRecord> {
  const record = await (await database()).get('tokens', id);
  if (record === undefined) throw new VaultError('missing');
  return record;
}
