import { type RandomBytes, sealKey } from '../../core/vault/seal.ts';
import type { DeviceKeyring } from './database.ts';
import { DEVICE_CONTEXT, SEALING, VAULT_KEY_ALGORITHM } from './keyring.ts';
import { read } from './read.ts';
import { write } from './write.ts';

/**
 * Makes sure that this device has a vault key. A new one opens without the customer until a lock is set. If two contexts make one
 * at the same time, the stored one counts.
 */
export async function ensureKeyring(randomBytes: RandomBytes): Promise<void> {
  if ((await read(['keyring'], ({ store }) => store.count())) > 0) return;
  const vaultKey = await crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, true, SEALING.usages);
  const made = await deviceKeyring(vaultKey, randomBytes);
  await write(['keyring'], async ({ store }) => {
    if ((await store.count()) === 0) await store.put(made);
  });
}

/** An entry that opens without the customer. */
export async function deviceKeyring(vaultKey: CryptoKey, randomBytes: RandomBytes): Promise<DeviceKeyring> {
  const deviceKey = await crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, false, ['wrapKey', 'unwrapKey']);
  const wrapped = await sealKey(deviceKey, vaultKey, 'raw', DEVICE_CONTEXT, randomBytes);
  return { method: 'device', deviceKey, wrapped };
}
