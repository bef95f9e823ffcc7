import { NONCE_BYTES, type RandomBytes, type Sealed } from '../../core/vault/seal.ts';
import { database, type Keyring } from './database.ts';

const AES = { name: 'AES-GCM', length: 256 } as const;

/**
 * The key that opens this device's tokens, unwrapped for this context alone and not extractable. Made on first use.
 * Rejects with `VaultError` or an OperationError where the keyring is damaged.
 */
export async function vaultKey(randomBytes: RandomBytes): Promise<CryptoKey> {
  const db = await database();
  const kept = await db.get('keyring', 'device');
  return unwrap(kept ?? (await makeKeyring(randomBytes)));
}

/** Makes a keyring unless another context was quicker: what is kept is what counts. */
async function makeKeyring(randomBytes: RandomBytes): Promise<Keyring> {
  const deviceKey = await crypto.subtle.generateKey(AES, false, ['wrapKey', 'unwrapKey']);
  const key = await crypto.subtle.generateKey(AES, true, ['encrypt', 'decrypt']);
  const nonce = randomBytes(NONCE_BYTES);
  const body = await crypto.subtle.wrapKey('raw', key, deviceKey, { name: 'AES-GCM', iv: nonce });
  const wrapped: Sealed = new Uint8Array([...nonce, ...new Uint8Array(body)]);
  const made: Keyring = { method: 'device', deviceKey, wrapped };
  const tx = (await database()).transaction('keyring', 'readwrite');
  const earlier = await tx.store.get('device');
  if (earlier === undefined) await tx.store.put(made);
  await tx.done;
  return earlier ?? made;
}

function unwrap({ deviceKey, wrapped }: Keyring): Promise<CryptoKey> {
  return crypto.subtle.unwrapKey(
    'raw',
    wrapped.subarray(NONCE_BYTES),
    deviceKey,
    { name: 'AES-GCM', iv: wrapped.subarray(0, NONCE_BYTES) },
    AES,
    false,
    ['encrypt', 'unwrapKey'],
  );
}
