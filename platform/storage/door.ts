import { VaultError } from '../../core/vault/errors.ts';
import { deviceOpener, SEALING, type VaultOpener } from './keyring.ts';
import { read } from './read.ts';
import { vaultSession } from './session.ts';

/**
 * The only way to the vault key. It is read again each time, so that a vault that was locked in the meantime does not open.
 * Rejects with {@link VaultError} `locked`, or `missing` if there is no vault yet.
 */
export async function openDoor(): Promise<VaultOpener> {
  const [entry] = await read(['keyring'], ({ store }) => store.getAll());
  if (entry === undefined) throw new VaultError('missing');
  if (entry.method === 'device') return deviceOpener(entry);
  const opener = await vaultSession().open();
  if (opener === undefined) throw new VaultError('locked');
  return opener;
}

/** The key that opens and seals OTP keys. Rejects as {@link openDoor}, or with an OperationError if it is damaged. */
export async function vaultKey(): Promise<CryptoKey> {
  return (await openDoor())(SEALING);
}

/** Whether the customer has to unlock the vault first. Rejects if storage fails. */
export async function isLocked(): Promise<boolean> {
  try {
    await openDoor();
    return false;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    if (error.failure === 'locked') return true;
    if (error.failure === 'missing') return false;
    throw error;
  }
}
