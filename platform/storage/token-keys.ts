import { confirmationKey } from '../../core/transaction/code.ts';
import { openKey } from '../../core/vault/sealed.ts';
import { vaultKey } from './door.ts';
import { openSigningKey } from './key-pairs.ts';
import { guarded } from './storage-errors.ts';
import { tokenRecord } from './token-reader.ts';

/** The keys with which a token confirms. Functions reject with `VaultError`. */
export interface TokenKeyring {
  /** Signs proofs and decisions. */
  signing(tokenId: string): Promise<CryptoKeyPair>;
  /** Makes confirmation codes. */
  confirmation(tokenId: string): Promise<CryptoKey>;
}

export const tokenKeys: TokenKeyring = {
  signing: (id) => guarded(async () => openSigningKey(id, (await tokenRecord(id)).signing)),
  confirmation: (id) =>
    guarded(async () => {
      const [key, { sealedKey }] = await Promise.all([vaultKey(), tokenRecord(id)]);
      // Opens the login key directly into the derivation, so that no script has its bytes.
      return confirmationKey(await openKey(key, sealedKey, id, { algorithm: 'HKDF', usages: ['deriveKey'] }));
    }),
};
