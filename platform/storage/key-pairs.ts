import { type KeyPairUse, openKeyPair, type SealedKeyPair, sealKeyPair } from '../../core/vault/key-pair.ts';
import type { RandomBytes } from '../../core/vault/seal.ts';
import type { PendingKeys } from './database.ts';
import { openDoor, vaultKey } from './door.ts';
import { VAULT_KEY_ALGORITHM } from './keyring.ts';

/** The key pairs of an unfinished 初期設定. The signing one can be sealed again for its token, once that is known. */
export interface NewKeys {
  readonly signing: CryptoKeyPair;
  readonly receiving: CryptoKeyPair;
}

const SIGNING: KeyPairUse = { algorithm: { name: 'ECDSA', namedCurve: 'P-256' }, usages: ['sign'] };
const RECEIVING: KeyPairUse = { algorithm: { name: 'ECDH', namedCurve: 'P-256' }, usages: ['deriveBits'] };

/** Contexts of a token's own pairs, so that no other sealed value opens as one. */
const signingContext = (tokenId: string) => `${tokenId} signing key`;
const receivingContext = (tokenId: string) => `${tokenId} receiving key`;
const pendingContext = (pendingId: string, what: keyof PendingKeys) => `${pendingId} pending ${what} key`;

/**
 * Makes both pairs, and their sealed forms to store. Nothing unsealed is ever written, as deleted data may stay in the browser's
 * files. Rejects as {@link openDoor}.
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

/** Opens a token's signing key, which can sign and cannot be read. Rejects as {@link openDoor}. */
export async function openSigningKey(tokenId: string, signing: SealedKeyPair): Promise<CryptoKeyPair> {
  return openKeyPair(await vaultKey(), signing, signingContext(tokenId), SIGNING);
}

/** Makes both pairs of a device that is to be paired. They are sealed once it is, and go with the page before. */
export async function makePairingKeys(): Promise<NewKeys> {
  const [signing, receiving] = await Promise.all([generate(SIGNING), generate(RECEIVING)]);
  return { signing, receiving };
}

/** Seals both pairs of a token whose codes another device makes. Rejects as {@link openDoor}. */
export async function sealPairingKeys(
  tokenId: string,
  { signing, receiving }: NewKeys,
  randomBytes: RandomBytes,
): Promise<Record<keyof NewKeys, SealedKeyPair>> {
  return {
    signing: await sealSigningKey(tokenId, signing, randomBytes),
    receiving: await sealKeyPair(await wrappingKey(), receiving, receivingContext(tokenId), randomBytes),
  };
}

/** Opens the key to which a paired token's codes are encrypted. Rejects as {@link openDoor}. */
export async function openReceivingKey(tokenId: string, receiving: SealedKeyPair): Promise<CryptoKey> {
  return (await openKeyPair(await vaultKey(), receiving, receivingContext(tokenId), RECEIVING)).privateKey;
}

/** The vault key for sealing key pairs; it cannot open anything. */
async function wrappingKey(): Promise<CryptoKey> {
  return (await openDoor())({ algorithm: VAULT_KEY_ALGORITHM, usages: ['wrapKey'] });
}

async function generate({ algorithm, usages }: KeyPairUse): Promise<CryptoKeyPair> {
  const made = await crypto.subtle.generateKey(algorithm, true, usages);
  if (!('privateKey' in made)) throw new TypeError('not a key pair');
  return made;
}
