import { displayName, type TokenSummary } from '../core/vault/token.ts';

/** Above this number of tokens there is a search field. */
export const GLANCE = 8;

/** Tokens whose name or serial contains every typed word, ignoring width and case. */
export function searchTokens(tokens: readonly TokenSummary[], typed: string): readonly TokenSummary[] {
  const words = fold(typed).split(' ').filter(Boolean);
  if (words.length === 0) return tokens;
  return tokens.filter((token) => {
    const place = fold(`${displayName(token)} ${token.serial}`);
    return words.every((word) => place.includes(word));
  });
}

function fold(value: string): string {
  return value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
}
