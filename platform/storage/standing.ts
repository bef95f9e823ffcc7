import type { TokenStanding } from '../../core/transaction/confirmations.ts';
import { isRegistered } from '../../core/vault/token.ts';
import { changeSummary } from './change-summary.ts';

/** Keeps how a service signed that a token stands, and its 有効期限, for when it cannot be asked. A token that is gone stays gone. */
export async function keepStanding({ tokenId, status, expiresAt }: TokenStanding): Promise<void> {
  // Until when it could be registered is of no use once it is.
  await changeSummary(tokenId, { status, expiresAt }, isRegistered(status) ? 'bindBy' : undefined);
}
