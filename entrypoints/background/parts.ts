import { originShown } from '../../platform/content-scripts.ts';
import { createApprovalAsker } from '../../platform/service/approval-asker.ts';
import { createChallenges } from '../../platform/service/challenges.ts';
import { createClockKeeper } from '../../platform/service/clock-keeper.ts';
import { createConfirmer } from '../../platform/service/confirmer.ts';
import { createRefusedFillsReporter } from '../../platform/service/refused-fills.ts';
import { keepDecision } from '../../platform/storage/decisions.ts';
import { isLocked } from '../../platform/storage/door.ts';
import { createExtensionSession } from '../../platform/storage/extension-session.ts';
import { factors } from '../../platform/storage/factors.ts';
import { tokensOnRequest } from '../../platform/storage/fill-modes.ts';
import { peers } from '../../platform/storage/peers.ts';
import { refusedFills as keptRefusals } from '../../platform/storage/refused-fills.ts';
import { useVaultSession } from '../../platform/storage/session.ts';
import { keepSignature } from '../../platform/storage/signatures.ts';
import { keepStanding } from '../../platform/storage/standing.ts';
import { tokenKeys } from '../../platform/storage/token-keys.ts';
import { lockedTokenReader } from '../../platform/storage/token-reader.ts';
import { systemClock, systemRandomBytes } from '../../platform/system.ts';
import { createApprovals } from './approvals.ts';
import { createAutoLock } from './auto-lock.ts';
import { createConfirmationDesk } from './confirmations.ts';
import { createFiller } from './fill.ts';
import { createFillGrants } from './fill-grants.ts';
import { createFilledScreens } from './filled-screens.ts';
import { createMemory } from './memory.ts';
import { createRefusedFills } from './refused-fills.ts';
import { createShownPages } from './shown-pages.ts';
import { createSignIn } from './sign-in.ts';
import { createSigningPages } from './signing-pages.ts';
import { createWaiting } from './waiting.ts';

/** What the background works with, put together. */
export type Parts = ReturnType<typeof createParts>;

export function createParts() {
  const clock = systemClock;
  const randomBytes = systemRandomBytes;
  const vault = lockedTokenReader;
  const memory = createMemory();
  const session = createExtensionSession(clock, randomBytes);
  useVaultSession(session);
  const clockKeeper = createClockKeeper(clock, randomBytes);
  // What it takes to ask a service.
  const asking = { clock, clockKeeper, randomBytes, keys: tokenKeys };
  const confirmer = createConfirmer({ ...asking, factors, keepDecision, keepStanding });
  const pages = createShownPages(memory('shown-pages'), clock);
  const waiting = createWaiting(memory('confirmations'), clock);
  const challenges = createChallenges({ ...asking, factors, keepSignature });
  const signingPages = createSigningPages(memory('signing-pages'));
  const desk = createConfirmationDesk({
    vault,
    isLocked,
    clockKeeper,
    confirmer,
    pages,
    challenges,
    signingPages,
    waiting,
    clock,
    pause,
  });
  const filledScreens = createFilledScreens(clock);
  const grants = createFillGrants(memory('fill-grants'), clock);
  const asker = createApprovalAsker({ ...asking, peers, pause });
  const approvals = createApprovals(memory('approvals'), { asker, vault, clock });
  const filler = createFiller({
    approvals,
    vault,
    isLocked,
    tokensOnRequest,
    filledScreens,
    grants,
    clock,
    clockKeeper,
    desk,
    pause,
  });
  const signIn = createSignIn({
    known: filler.known,
    originShown,
    challenges,
    grants,
    pages: signingPages,
    clock,
  });
  const reporter = createRefusedFillsReporter({ ...asking, vault, kept: keptRefusals });
  const refusedFills = createRefusedFills({ vault, clock, clockKeeper, kept: keptRefusals, reporter });
  const autoLock = createAutoLock(session, clock);
  return {
    approvals,
    autoLock,
    clockKeeper,
    desk,
    filledScreens,
    filler,
    grants,
    memory,
    refusedFills,
    signIn,
    signingPages,
    waiting,
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
