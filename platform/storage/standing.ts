import type { TokenStanding } from '../../core/transaction/confirmations.ts';
import { isRegistered } from '../../core/vault/token.ts';
import { changeSummary } from './change-summary.ts';

/** Keeps how a service signed that a token stands, and its dates, for when it cannot be asked. A token that is gone stays gone. */
export async function keepStanding({ tokenId, ...said }: TokenStanding): Promise<void> {
  // Until when it could be registered is of no use once it is.
  await changeSummary(tokenId, said, isRegistered(said.status) ? 'bindBy' : undefined);
}
