import type { ChallengeUse } from '../api/challenge.ts';
import type { DecisionRefusal } from './decision-refusal.ts';

/** A login, 利用開始 or 利用解除 that waits for a token's signature. */
export interface WaitingLogin {
  /** Id of its challenge. */
  readonly id: string;
  readonly tokenId: string;
  /** Key of the institution. */
  readonly institution: string;
  readonly use: ChallengeUse;
  /** The two digits that the bank's page shows as well. */
  readonly number: string;
  /** When the bank asked, and until when it waits: device time in milliseconds. */
  readonly since: number;
  readonly until: number;
}

/** What came of 心当たりがない. After a lost answer it can be sent again. */
export type NotMeOutcome =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused'; readonly reason: DecisionRefusal };
