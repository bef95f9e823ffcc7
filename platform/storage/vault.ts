import { keyAlgorithm } from '../../core/otp/totp.ts';
import type { TokenVault } from '../../core/ports.ts';
import { VaultError } from '../../core/vault/errors.ts';
import { openKey, type RandomBytes, seal } from '../../core/vault/seal.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { asVaultError, database, type TokenKeys } from './database.ts';
import { vaultKey } from './keyring.ts';

/** The tokens in this browser's IndexedDB. */
export function createVault(randomBytes: RandomBytes): TokenVault {
  return {
    list: () => guarded(async () => (await database()).getAllFromIndex('summaries', 'enrolledAt')),
    openKey: (id) =>
      guarded(async () => {
        const db = await database();
        const [key, record] = await Promise.all([vaultKey(randomBytes), db.get('tokens', id)]);
        if (record === undefined) throw new VaultError('missing');
        return openKey(key, record.sealedKey, id, keyAlgorithm(record.parameters), ['sign']);
      }),
    rename: (id, suffix) => guarded(() => rename(id, suffix)),
    remove: (id) => guarded(() => remove(id)),
    selected: () => guarded(async () => (await database()).get('settings', 'selected')),
    select: (id) =>
      guarded(async () => {
        await (await database()).put('settings', id, 'selected');
      }),
  };
}

/** Keeps a newly enrolled token, makes it the selected one, and lets its pending keys go: all or nothing. */
export function addToken(
  summary: TokenSummary,
  otpKey: Uint8Array<ArrayBuffer>,
  keys: TokenKeys,
  pendingId: string,
  randomBytes: RandomBytes,
): Promise<void> {
  return guarded(async () => {
    const sealedKey = await seal(await vaultKey(randomBytes), otpKey, summary.id, randomBytes);
    const tx = (await database()).transaction(['tokens', 'summaries', 'pending', 'settings'], 'readwrite');
    await Promise.all([
      tx.objectStore('tokens').put({ ...summary, sealedKey, keys }),
      tx.objectStore('summaries').put(summary),
      tx.objectStore('pending').delete(pendingId),
      tx.objectStore('settings').put(summary.id, 'selected'),
      tx.done,
    ]);
  });
}

async function rename(id: string, suffix: string): Promise<void> {
  const tx = (await database()).transaction(['tokens', 'summaries'], 'readwrite');
  const record = await tx.objectStore('tokens').get(id);
  const summary = await tx.objectStore('summaries').get(id);
  if (record === undefined || summary === undefined) throw new VaultError('missing');
  await tx.objectStore('tokens').put({ ...record, suffix });
  await tx.objectStore('summaries').put({ ...summary, suffix });
  await tx.done;
}

async function remove(id: string): Promise<void> {
  const stores = ['tokens', 'summaries', 'filled', 'settings'] as const;
  const tx = (await database()).transaction(stores, 'readwrite');
  const selected = await tx.objectStore('settings').get('selected');
  await Promise.all([
    tx.objectStore('tokens').delete(id),
    tx.objectStore('summaries').delete(id),
    tx.objectStore('filled').delete(id),
    selected === id && tx.objectStore('settings').delete('selected'),
    tx.done,
  ]);
}

/** Turns the browser's storage errors into {@link VaultError}. */
export async function guarded<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw asVaultError(cause);
  }
}
