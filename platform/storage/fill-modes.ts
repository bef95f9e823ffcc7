import type { FillModes } from '../../core/ports.ts';
import { database, guarded } from './database.ts';

const PREFIX = 'on-request:';

/** Where the mode of a token is kept; nothing is, where it fills by itself. */
export const fillModeKey = (tokenId: string) => `${PREFIX}${tokenId}` as const;

/** Ids of the tokens that fill only on request; all others fill by themselves. Rejects with `VaultError`. */
export function tokensOnRequest(): Promise<string[]> {
  return guarded(async () => {
    const keys = await (await database()).getAllKeys('settings', IDBKeyRange.lowerBound(PREFIX));
    return keys.flatMap((key) => (key.startsWith(PREFIX) ? key.slice(PREFIX.length) : []));
  });
}

export const fillModes: FillModes = {
  of: async (tokenId) => ((await tokensOnRequest()).includes(tokenId) ? 'on-request' : 'automatic'),
  set: (tokenId, mode) =>
    guarded(async () => {
      const db = await database();
      if (mode === 'automatic') await db.delete('settings', fillModeKey(tokenId));
      else await db.put('settings', mode, fillModeKey(tokenId));
    }),
};
