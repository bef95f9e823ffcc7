import type { ListOrder } from '../core/preferences.ts';
import { displayName, type TokenSummary } from '../core/vault/token.ts';

const byName = new Intl.Collator('ja');

/** Tokens in the order that the customer wants. Those never used come last, as they were added. */
export function orderTokens(
  tokens: readonly TokenSummary[],
  order: ListOrder,
  lastUsed: ReadonlyMap<string, number>,
): readonly TokenSummary[] {
  const usedAt = ({ id }: TokenSummary) => lastUsed.get(id) ?? 0;
  switch (order) {
    case 'added':
      return tokens;
    case 'name':
      return tokens.toSorted((a, b) => byName.compare(displayName(a), displayName(b)));
    case 'used':
      return tokens.toSorted((a, b) => usedAt(b) - usedAt(a));
  }
}
