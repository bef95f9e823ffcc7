import type { FillModes } from '../../core/autofill/bank-page.ts';
import { read } from './read.ts';
import { write } from './write.ts';

const PREFIX = 'on-request:';

/** Key of a token's fill mode. A token that fills by itself has no entry. */
export const fillModeKey = (tokenId: string) => `${PREFIX}${tokenId}` as const;

/** Ids of the tokens that fill only on request. All others fill by themselves. Rejects with `VaultError`. */
export async function tokensOnRequest(): Promise<string[]> {
  const keys = await read(['settings'], ({ store }) => store.getAllKeys(IDBKeyRange.lowerBound(PREFIX)));
  return keys.flatMap((key) => (key.startsWith(PREFIX) ? key.slice(PREFIX.length) : []));
}

export const fillModes: FillModes = {
  of: async (tokenId) => ((await tokensOnRequest()).includes(tokenId) ? 'on-request' : 'automatic'),
  set: (tokenId, mode) =>
    write(['settings'], async ({ store }) => {
      if (mode === 'automatic') await store.delete(fillModeKey(tokenId));
      else await store.put(mode, fillModeKey(tokenId));
    }),
};
