import { type Peer, peerOfBytes, peerToBytes } from '../../core/vault/peers.ts';
import { open, type RandomBytes, seal } from '../../core/vault/seal.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { SealedPeer } from './database.ts';
import { openDerivedKey } from './derived-key.ts';
import { openDoor } from './door.ts';
import { type NewKeys, sealPairingKeys } from './key-pairs.ts';
import { ensureKeyring } from './new-keyring.ts';
import { read } from './read.ts';
import { guarded } from './storage-errors.ts';
import { write } from './write.ts';

/** The devices that a token of this one is paired with. Functions reject with `VaultError`. */
export interface Peers {
  of(tokenId: string): Promise<readonly Peer[]>;
  /** Ids of the tokens that are paired with any. It opens nothing. */
  tokens(): Promise<ReadonlySet<string>>;
  forget(tokenId: string, jkt: string): Promise<void>;
}

const peerId = (tokenId: string, jkt: string) => `${tokenId} ${jkt}`;

export const peers: Peers = {
  of: (tokenId) =>
    guarded(async () => {
      const kept = (await read(['peers'], ({ store }) => store.getAll())).filter(
        (peer) => peer.tokenId === tokenId,
      );
      if (kept.length === 0) return [];
      const key = await peersKey();
      return Promise.all(kept.map(async ({ id, sealed }) => peerOfBytes(await open(key, sealed, id))));
    }),
  tokens: async () =>
    new Set((await read(['peers'], ({ store }) => store.getAll())).map(({ tokenId }) => tokenId)),
  forget: (tokenId, jkt) => write(['peers'], ({ store }) => store.delete(peerId(tokenId, jkt))),
};

/** Keeps a desktop that was paired with a token of this phone. */
export function keepPeer(tokenId: string, peer: Peer, randomBytes: RandomBytes): Promise<void> {
  return guarded(async () => {
    const sealed = await sealPeer(tokenId, peer, randomBytes);
    await write(['peers'], async ({ store }) => {
      await store.put(sealed);
    });
  });
}

/**
 * Stores a token whose codes the peer makes, selects it, and keeps the peer, in one transaction. A former pairing of the same token
 * ends here; the name that the customer gave it stays.
 * @param keys extractable, for sealing
 */
export function addPairedToken(
  summary: TokenSummary & { readonly decider: string },
  keys: NewKeys,
  decider: Peer,
  randomBytes: RandomBytes,
): Promise<void> {
  return guarded(async () => {
    await ensureKeyring(randomBytes);
    const sealedKeys = await sealPairingKeys(summary.id, keys, randomBytes);
    const sealed = await sealPeer(summary.id, decider, randomBytes);
    await write(['tokens', 'summaries', 'settings', 'peers'], async (tx) => {
      const former = (await tx.objectStore('peers').getAll()).filter(({ tokenId }) => tokenId === summary.id);
      const { suffix } = (await tx.objectStore('summaries').get(summary.id)) ?? summary;
      const named = { ...summary, suffix };
      await Promise.all([
        ...former.map(({ id }) => tx.objectStore('peers').delete(id)),
        tx.objectStore('tokens').put({ ...named, ...sealedKeys }),
        tx.objectStore('summaries').put(named),
        tx.objectStore('settings').put(summary.id, 'selected'),
      ]);
      await tx.objectStore('peers').put(sealed);
    });
  });
}

async function sealPeer(tokenId: string, peer: Peer, randomBytes: RandomBytes): Promise<SealedPeer> {
  const id = peerId(tokenId, peer.jkt);
  return { id, tokenId, sealed: await seal(await peersKey(), peerToBytes(peer), id, randomBytes) };
}

const peersKey = async () => openDerivedKey(await openDoor(), 'warifu peers v1');
