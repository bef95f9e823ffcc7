import { database, guarded } from './database.ts';

/** automatic: recognised screens are filled by themselves · on-request: only when the customer asks */
export type FillMode = 'automatic' | 'on-request';

const PREFIX = 'on-request:';
const keyOf = (tokenId: string) => `${PREFIX}${tokenId}` as const;

/** Ids of the tokens that fill only on request; all others fill by themselves. Rejects with `VaultError`. */
export function tokensOnRequest(): Promise<string[]> {
  return guarded(async () => {
    const keys = await (await database()).getAllKeys('settings', IDBKeyRange.lowerBound(PREFIX));
    return keys.flatMap((key) => (key.startsWith(PREFIX) ? key.slice(PREFIX.length) : []));
  });
}

/** Sets how a token fills. Rejects with `VaultError`. */
export function setFillMode(tokenId: string, mode: FillMode): Promise<void> {
  return guarded(async () => {
    const db = await database();
    if (mode === 'automatic') await db.delete('settings', keyOf(tokenId));
    else await db.put('settings', mode, keyOf(tokenId));
  });
}
