// Must be first: it configures how schemas are made.
import '../no-eval.ts';

import { createConfirmations } from '../service/confirmations.ts';
import { createConfirmer } from '../service/confirmer.ts';
import { keepDecision } from '../storage/decisions.ts';
import { isLocked } from '../storage/door.ts';
import { keepStanding } from '../storage/standing.ts';
import { tokenKeys } from '../storage/token-keys.ts';
import { lockedTokenReader } from '../storage/token-reader.ts';
import { systemClock, systemRandomBytes } from '../system.ts';
import { clockKeeper } from './services.ts';

/** 取引認証 by the page itself, where there is no background. */
export const ownConfirmations = createConfirmations(
  createConfirmer({
    clock: systemClock,
    clockKeeper,
    randomBytes: systemRandomBytes,
    keys: tokenKeys,
    keepDecision,
    keepStanding,
  }),
  lockedTokenReader,
  isLocked,
);
