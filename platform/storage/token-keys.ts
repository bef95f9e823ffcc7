import { confirmationKey } from '../../core/transaction/code.ts';
import { VaultError } from '../../core/vault/errors.ts';
import { openKey } from '../../core/vault/sealed.ts';
import { vaultKey } from './door.ts';
import { openReceivingKey, openSigningKey } from './key-pairs.ts';
import { guarded } from './storage-errors.ts';
import { ownTokenRecord, tokenRecord } from './token-reader.ts';

/** The keys with which a token confirms. Functions reject with `VaultError`. */
export interface TokenKeyring {
  /** Signs proofs and decisions. */
  signing(tokenId: string): Promise<CryptoKeyPair>;
  /** Makes confirmation codes. */
  confirmation(tokenId: string): Promise<CryptoKey>;
  /** Receives the codes of a token that another device makes. */
  receiving(tokenId: string): Promise<CryptoKey>;
}

export const tokenKeys: TokenKeyring = {
  signing: (id) => guarded(async () => openSigningKey(id, (await tokenRecord(id)).signing)),
  confirmation: (id) =>
    guarded(async () => {
      const [key, { sealedKey }] = await Promise.all([vaultKey(), ownTokenRecord(id)]);
      // Opens the login key directly into the derivation, so that no script has its bytes.
      return confirmationKey(await openKey(key, sealedKey, id, { algorithm: 'HKDF', usages: ['deriveKey'] }));
    }),
  receiving: (id) =>
    guarded(async () => {
      const record = await tokenRecord(id);
      if (!('receiving' in record)) throw new VaultError('missing');
      return openReceivingKey(id, record.receiving);
    }),
};
