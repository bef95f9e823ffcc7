import type { Confirmations, TokenReader } from '../../core/ports.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import type { Confirmer } from './confirmer.ts';
import { watchStreams } from './event-streams.ts';

/** How many tokens are asked for at once: an answer is about a screen, not about an archive. */
const MOST_TOKENS = 20;

/**
 * The tokens to ask for: the selected one, then the newest. None where the vault cannot be read.
 * @param institution whose tokens alone are to be asked for
 */
export async function tokensToAsk(
  vault: TokenReader,
  institution?: string,
): Promise<readonly TokenSummary[]> {
  try {
    const [tokens, selected] = await Promise.all([vault.list(), vault.selected()]);
    const own = tokens.filter((token) => institution === undefined || token.institution === institution);
    const newest = own.toReversed();
    return [
      ...newest.filter(({ id }) => id === selected),
      ...newest.filter(({ id }) => id !== selected),
    ].slice(0, MOST_TOKENS);
  } catch {
    return [];
  }
}

/** 取引認証 where the page itself talks to the services. */
export function createConfirmations(confirmer: Confirmer, vault: TokenReader): Confirmations {
  const tokenOf = async (id: string) => (await vault.list().catch(() => [])).find((token) => token.id === id);
  return {
    latest: async () => confirmer.latest(await tokensToAsk(vault)),
    async decide({ tokenId, canonical }, decision) {
      const token = await tokenOf(tokenId);
      return token ? confirmer.decide(token, canonical, decision) : { kind: 'refused', reason: 'vault' };
    },
    async code({ tokenId, canonical }) {
      const token = await tokenOf(tokenId);
      return token && confirmer.code(token, canonical);
    },
    watch(changed, signal) {
      const streams = async () => confirmer.streams(await tokensToAsk(vault));
      void watchStreams(streams, changed, signal);
    },
  };
}
