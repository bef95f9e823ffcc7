import { openDB } from 'idb';
import type { VaultFailure } from '../../core/vault/errors.ts';
import { inTime } from './connection.ts';
import { deleteDatabase } from './delete-database.ts';
import { VAULT_KEY_ALGORITHM } from './keyring.ts';
import { asOpeningError, asVaultError } from './storage-errors.ts';

const TRIAL = 'warifu-trial';

/**
 * Tries what every token needs of this browser: stores a non-extractable key outside the vault, reads and uses it, and deletes
 * it. Never rejects.
 * @returns why it failed; undefined if it worked
 */
export async function tryToKeep(): Promise<VaultFailure | undefined> {
  try {
    await inTime(keepOne());
    return undefined;
  } catch (cause) {
    return asVaultError(cause).failure;
  }
}

async function keepOne(): Promise<void> {
  const db = await openDB(TRIAL, 1, { upgrade: (made) => void made.createObjectStore('keys') }).catch(
    (cause: unknown) => {
      throw asOpeningError(cause);
    },
  );
  try {
    const key = await crypto.subtle.generateKey(VAULT_KEY_ALGORITHM, false, ['encrypt']);
    await db.put('keys', key, 'key');
    const kept: unknown = await db.get('keys', 'key');
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, asKey(kept), new Uint8Array(1));
  } finally {
    db.close();
  }
  await deleteDatabase(TRIAL);
}

function asKey(kept: unknown): CryptoKey {
  if (kept instanceof CryptoKey) return kept;
  throw new DOMException('the key that was read is not the stored one', 'DataCloneError');
}
