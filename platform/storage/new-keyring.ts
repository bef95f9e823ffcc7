import { type RandomBytes, sealKey } from '../../core/vault/seal.ts';
import { type DeviceKeyring, database } from './database.ts';
import { DEVICE_CONTEXT, SEALING, VAULT_KEY_ALGORITHM } from './keyring.ts';

/**
 * Sees to it that this device has a vault key; a new one opens without the customer until a lock is set. Where two
 * contexts make one at once, the one kept counts.
 */
export async function ensureKeyring(randomBytes: RandomBytes): Promise<void> {
  const db = await database();
  if ((await db.count('keyring')) > 0) return;
  const vaultKey = await crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, true, SEALING.usages);
  const made = await deviceKeyring(vaultKey, randomBytes);
  const tx = db.transaction('keyring', 'readwrite');
  if ((await tx.store.count()) === 0) await tx.store.put(made);
  await tx.done;
}

/** An entry that opens without the customer. */
export async function deviceKeyring(vaultKey: CryptoKey, randomBytes: RandomBytes): Promise<DeviceKeyring> {
  const deviceKey = await crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, false, ['wrapKey', 'unwrapKey']);
  const wrapped = await sealKey(deviceKey, vaultKey, 'raw', DEVICE_CONTEXT, randomBytes);
  return { method: 'device', deviceKey, wrapped };
}
