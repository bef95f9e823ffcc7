import type { TokenSummary } from '../../core/vault/token.ts';

/** Most tokens that are asked about at a time. */
export const MOST_AT_A_TIME = 20;

/** Asks about each token. @returns the answers, in the order of the tokens */
export async function inRounds<T>(
  tokens: readonly TokenSummary[],
  ask: (token: TokenSummary) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  while (answers.length < tokens.length) {
    const round = tokens.slice(answers.length, answers.length + MOST_AT_A_TIME);
    answers.push(...(await Promise.all(round.map(ask))));
  }
  return answers;
}
