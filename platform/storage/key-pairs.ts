import { type KeyPairUse, openKeyPair, type SealedKeyPair, sealKeyPair } from '../../core/vault/key-pair.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { PendingKeys } from './database.ts';
import { openDoor, vaultKey } from './door.ts';
import { VAULT_KEY_ALGORITHM } from './keyring.ts';

/** The key pairs of a 初期設定 under way. The signing one can be sealed again, once it is known for which token. */
export interface NewKeys {
  readonly signing: CryptoKeyPair;
  readonly receiving: CryptoKeyPair;
}

const SIGNING: KeyPairUse = { algorithm: { name: 'ECDSA', namedCurve: 'P-256' }, usages: ['sign'] };
const RECEIVING: KeyPairUse = { algorithm: { name: 'ECDH', namedCurve: 'P-256' }, usages: ['deriveBits'] };

/** No other box, of this token or another, opens as a token's signing key. */
const signingContext = (tokenId: string) => `${tokenId} signing key`;
const pendingContext = (pendingId: string, what: keyof PendingKeys) => `${pendingId} pending ${what} key`;

/**
 * Makes both pairs, and what is kept of them: nothing unsealed is ever written, for what a browser deletes may stay in
 * its files. Rejects as {@link openDoor}.
 */
export async function makeKeys(
  pendingId: string,
  randomBytes: RandomBytes,
): Promise<{ readonly keys: NewKeys; readonly kept: PendingKeys }> {
  const [key, signing, receiving] = await Promise.all([
    wrappingKey(),
    generate(SIGNING),
    generate(RECEIVING),
  ]);
  const [keptSigning, keptReceiving] = await Promise.all([
    sealKeyPair(key, signing, pendingContext(pendingId, 'signing'), randomBytes),
    sealKeyPair(key, receiving, pendingContext(pendingId, 'receiving'), randomBytes),
  ]);
  return { keys: { signing, receiving }, kept: { signing: keptSigning, receiving: keptReceiving } };
}

/** Opens the pairs of a 初期設定 whose answer was lost. Rejects as {@link openDoor}. */
export async function openPendingKeys(pendingId: string, kept: PendingKeys): Promise<NewKeys> {
  const key = await vaultKey();
  const again = { ...SIGNING, extractable: true };
  const [signing, receiving] = await Promise.all([
    openKeyPair(key, kept.signing, pendingContext(pendingId, 'signing'), again),
    openKeyPair(key, kept.receiving, pendingContext(pendingId, 'receiving'), RECEIVING),
  ]);
  return { signing, receiving };
}

/** Seals the signing key of a token. Rejects as {@link openDoor}. */
export async function sealSigningKey(
  tokenId: string,
  signing: CryptoKeyPair,
  randomBytes: RandomBytes,
): Promise<SealedKeyPair> {
  return sealKeyPair(await wrappingKey(), signing, signingContext(tokenId), randomBytes);
}

/** Opens a token's signing key: to sign, not to read. Rejects as {@link openDoor}. */
export async function openSigningKey(tokenId: string, signing: SealedKeyPair): Promise<CryptoKeyPair> {
  return openKeyPair(await vaultKey(), signing, signingContext(tokenId), SIGNING);
}

/** The vault key where it seals key pairs and opens nothing. */
async function wrappingKey(): Promise<CryptoKey> {
  return (await openDoor())({ algorithm: VAULT_KEY_ALGORITHM, usages: ['wrapKey'] });
}

async function generate({ algorithm, usages }: KeyPairUse): Promise<CryptoKeyPair> {
  const made = await crypto.subtle.generateKey(algorithm, true, usages);
  if (!('privateKey' in made)) throw new TypeError('not a key pair');
  return made;
}
