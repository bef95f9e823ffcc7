import type { TokenSummary } from '../../core/vault/token.ts';
import { write } from './write.ts';

/**
 * Changes what is shown of a token, in the list and beside its keys: in both or in neither.
 * @param without what is of no use any more
 * @returns false where the token is gone
 */
export function changeSummary(
  id: string,
  change: Partial<Pick<TokenSummary, 'suffix' | 'status' | 'expiresAt' | 'activatedAt'>>,
  without?: 'bindBy',
): Promise<boolean> {
  const changed = <T extends TokenSummary>(kept: T): T => {
    const next = { ...kept, ...change };
    if (without !== undefined) Reflect.deleteProperty(next, without);
    return next;
  };
  return write(['tokens', 'summaries'], async (tx) => {
    const record = await tx.objectStore('tokens').get(id);
    const summary = await tx.objectStore('summaries').get(id);
    if (record === undefined || summary === undefined) return false;
    await tx.objectStore('tokens').put(changed(record));
    await tx.objectStore('summaries').put(changed(summary));
    return true;
  });
}
