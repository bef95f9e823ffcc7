import { NONCE_BYTES, type RandomBytes } from '../../core/vault/seal.ts';
import { database, type Keyring } from './database.ts';
import { VAULT_KEY_ALGORITHM } from './keyring.ts';

/** The keyring of this device, made on first use. Where two contexts make one at once, the one kept counts. */
export async function ensureKeyring(randomBytes: RandomBytes): Promise<Keyring> {
  const db = await database();
  const kept = await db.get('keyring', 'device');
  if (kept) return kept;
  const made = await makeKeyring(randomBytes);
  const tx = db.transaction('keyring', 'readwrite');
  const earlier = await tx.store.get('device');
  if (earlier === undefined) await tx.store.put(made);
  await tx.done;
  return earlier ?? made;
}

async function makeKeyring(randomBytes: RandomBytes): Promise<Keyring> {
  const [deviceKey, vaultKey] = await Promise.all([
    crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, false, ['wrapKey', 'unwrapKey']),
    crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, true, ['encrypt', 'unwrapKey']),
  ]);
  const iv = randomBytes(NONCE_BYTES);
  const body = await crypto.subtle.wrapKey('raw', vaultKey, deviceKey, { name: 'AES-GCM', iv });
  return { method: 'device', deviceKey, wrapped: new Uint8Array([...iv, ...new Uint8Array(body)]) };
}
