import type { Challenge, ChallengeStatus } from '../core/api/challenge.ts';
import { type ChallengeOfToken, challengeStatusAt } from './store/challenges.ts';
import type { ChallengeRow } from './store/schema.ts';

/** What the bank sees of a challenge that has just become what its row says. */
export const challengeOfRow = (row: ChallengeRow, status: ChallengeStatus = row.status): Challenge => ({
  id: row.id,
  use: row.use,
  status,
  number: row.number,
  expiresAt: row.expires_at.toISOString(),
  ...(row.signed_at !== null &&
    row.origin !== null &&
    row.factors !== null && {
      signed: { at: row.signed_at.toISOString(), origin: row.origin, factors: [...row.factors] },
    }),
});

/** What the bank sees of a challenge at a moment. */
export const challengeAt = (row: ChallengeOfToken, at: Date): Challenge =>
  challengeOfRow(row, challengeStatusAt(row, at));
