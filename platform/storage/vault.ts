import { VaultError } from '../../core/vault/errors.ts';
import { type RandomBytes, seal } from '../../core/vault/seal.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { TokenVault } from '../../core/vault/vault.ts';
import { changeSummary } from './change-summary.ts';
import { vaultKey } from './door.ts';
import { fillModeKey } from './fill-modes.ts';
import { sealSigningKey } from './key-pairs.ts';
import { ensureKeyring } from './new-keyring.ts';
import { guarded } from './storage-errors.ts';
import { tokenReader } from './token-reader.ts';
import { write } from './write.ts';

/** The tokens in this browser's IndexedDB, also for managing. */
export const vault: TokenVault = {
  ...tokenReader,
  rename,
  remove,
};

/**
 * Stores a newly enrolled token, selects it, and deletes its pending keys, in one transaction. Where two pages asked for it at
 * once, what the first stored stays.
 * @param signing extractable, for sealing
 */
export function addToken(
  summary: TokenSummary,
  otpKey: Uint8Array<ArrayBuffer>,
  signing: CryptoKeyPair,
  pendingId: string,
  randomBytes: RandomBytes,
): Promise<void> {
  return guarded(async () => {
    await ensureKeyring(randomBytes);
    const sealedKey = await seal(await vaultKey(), otpKey, summary.id, randomBytes);
    const sealedPair = await sealSigningKey(summary.id, signing, randomBytes);
    await write(['tokens', 'summaries', 'pending', 'settings'], async (tx) => {
      const isThere = (await tx.objectStore('summaries').getKey(summary.id)) !== undefined;
      await Promise.all([
        !isThere && tx.objectStore('tokens').put({ ...summary, sealedKey, signing: sealedPair }),
        !isThere && tx.objectStore('summaries').put(summary),
        !isThere && tx.objectStore('pending').delete(pendingId),
        tx.objectStore('settings').put(summary.id, 'selected'),
      ]);
    });
  });
}

async function rename(id: string, suffix: string): Promise<void> {
  if (!(await changeSummary(id, { suffix }))) throw new VaultError('missing');
}

const OF_A_TOKEN = [
  'tokens',
  'summaries',
  'filled',
  'settings',
  'decisions',
  'filledConfirmations',
  'refusedFills',
  'peers',
  'signatures',
  'lock',
] as const;

function remove(id: string): Promise<void> {
  return write(OF_A_TOKEN, async (tx) => {
    const selected = await tx.objectStore('settings').get('selected');
    const decisions = await tx.objectStore('decisions').getAll();
    const peers = await tx.objectStore('peers').getAll();
    await Promise.all([
      tx.objectStore('tokens').delete(id),
      tx.objectStore('summaries').delete(id),
      tx.objectStore('filled').delete(id),
      tx.objectStore('filledConfirmations').delete(id),
      tx.objectStore('refusedFills').delete(id),
      tx.objectStore('signatures').delete(id),
      // of an earlier wipe, which this removal must not be taken for
      tx.objectStore('lock').delete('wiped'),
      selected === id && tx.objectStore('settings').delete('selected'),
      tx.objectStore('settings').delete(fillModeKey(id)),
      ...decisions
        .filter(({ tokenId }) => tokenId === id)
        .map((decision) => tx.objectStore('decisions').delete(decision.id)),
      ...peers.filter(({ tokenId }) => tokenId === id).map((peer) => tx.objectStore('peers').delete(peer.id)),
    ]);
  });
}
