// Must be first: it configures how schemas are made.
import '../no-eval.ts';

import { createApprover } from '../service/approver.ts';
import { createChallenges } from '../service/challenges.ts';
import { createConfirmations } from '../service/confirmations.ts';
import { createConfirmer } from '../service/confirmer.ts';
import { keepDecision } from '../storage/decisions.ts';
import { isLocked } from '../storage/door.ts';
import { factors } from '../storage/factors.ts';
import { claimStep } from '../storage/filled.ts';
import { peers } from '../storage/peers.ts';
import { keepSignature } from '../storage/signatures.ts';
import { keepStanding } from '../storage/standing.ts';
import { tokenKeys } from '../storage/token-keys.ts';
import { lockedTokenReader, tokenReader } from '../storage/token-reader.ts';
import { systemClock, systemRandomBytes } from '../system.ts';
import { clockKeeper } from './services.ts';

const ports = { clock: systemClock, clockKeeper, randomBytes: systemRandomBytes, keys: tokenKeys };
const confirmer = createConfirmer({ ...ports, factors, keepDecision, keepStanding });

/** 承認 of what paired desktops ask. */
export const approver = createApprover({ ...ports, vault: tokenReader, peers, confirmer, claimStep });

/** 取引認証 by the page itself, where there is no background. */
export const ownConfirmations = createConfirmations(
  confirmer,
  lockedTokenReader,
  isLocked,
  createChallenges({ ...ports, factors, keepSignature }),
  approver,
);
