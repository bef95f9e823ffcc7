// Must be first: it configures how schemas are made.
import '../../platform/no-eval.ts';

import type { BackgroundDefinition } from 'wxt';
import { defineBackground } from 'wxt/utils/define-background';
import { clockMeasureSchema } from '../../core/messages/clock.ts';
import {
  codeRequestSchema,
  confirmationsRequestSchema,
  decideRequestSchema,
  notMeRequestSchema,
  transferSeenSchema,
  watchRequestSchema,
} from '../../core/messages/confirmation.ts';
import {
  approvalCancelSchema,
  type FillReply,
  fillCheckedSchema,
  fillDoneSchema,
  fillLeftSchema,
  fillPrepareSchema,
  fillRecallSchema,
  fillRequestSchema,
  fillWishSchema,
} from '../../core/messages/fill.ts';
import { signRequestSchema } from '../../core/messages/sign.ts';
import { browser } from '../../platform/browser.ts';
import { injectEverywhere, injectReader, originShown } from '../../platform/content-scripts.ts';
import { listen, on, onFromOwnPages } from '../../platform/messaging/gate.ts';
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
import { watchSession } from '../../platform/storage/watch-session.ts';
import { systemClock, systemRandomBytes } from '../../platform/system.ts';
import { createApprovals } from './approvals.ts';
import { createAutoLock, LOOK_ALARM } from './auto-lock.ts';
import { showBadge, showNumber } from './badge.ts';
import { createConfirmationDesk } from './confirmations.ts';
import { createFiller } from './fill.ts';
import { FILL_COMMAND, fillActivePage, fillTab } from './fill-command.ts';
import { createFillGrants } from './fill-grants.ts';
import { createFilledScreens } from './filled-screens.ts';
import { injectOnce } from './inject-once.ts';
import { createMemory } from './memory.ts';
import { createRefusedFills, REPORT_ALARM } from './refused-fills.ts';
import { createShownPages } from './shown-pages.ts';
import { createSignIn } from './sign-in.ts';
import { createSigningPages } from './signing-pages.ts';
import { createWaiting, EXPIRY_ALARM, openNotice } from './waiting.ts';

const background: BackgroundDefinition = defineBackground(() => {
  const clock = systemClock;
  const randomBytes = systemRandomBytes;
  const vault = lockedTokenReader;
  const memory = createMemory();
  const session = createExtensionSession(clock, randomBytes);
  useVaultSession(session);
  const clockKeeper = createClockKeeper(clock, randomBytes);
  const confirmer = createConfirmer({
    clock,
    clockKeeper,
    randomBytes,
    keys: tokenKeys,
    factors,
    keepDecision,
    keepStanding,
  });
  const pages = createShownPages(memory('shown-pages'), clock);
  const waiting = createWaiting(memory('confirmations'), clock);
  const challenges = createChallenges({
    clock,
    clockKeeper,
    randomBytes,
    keys: tokenKeys,
    factors,
    keepSignature,
  });
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
  const asker = createApprovalAsker({ clock, clockKeeper, randomBytes, keys: tokenKeys, peers, pause });
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
  });
  const signIn = createSignIn({
    known: filler.known,
    originShown,
    challenges,
    grants,
    pages: signingPages,
    clock,
  });
  const reporter = createRefusedFillsReporter({
    clock,
    clockKeeper,
    randomBytes,
    vault,
    keys: tokenKeys,
    kept: keptRefusals,
  });
  const refusedFills = createRefusedFills({ vault, clock, clockKeeper, kept: keptRefusals, reporter });
  const autoLock = createAutoLock(session, clock);

  listen(
    on(fillPrepareSchema, (_message, sender) => {
      void filler.prepare(sender);
      return injectReader(sender);
    }),
    on(fillRequestSchema, async (request, sender) => {
      const reply = await filler.fill(request, sender);
      // Not awaited: the page waits for the code.
      if (reply.kind === 'approval') void showNumber(sender.tabId, reply.number);
      else if (!isNotYetConfirmed(reply)) void showBadge(sender.tabId, reply.kind);
      if (reply.kind === 'refused') void refusedFills.note(request, sender, reply.reason);
      return reply;
    }),
    on(signRequestSchema, async (request, sender) => {
      const reply = await signIn.sign(request, sender);
      void showBadge(sender.tabId, reply.kind);
      return reply;
    }),
    on(fillDoneSchema, async ({ outcome, ...page }, sender) => {
      if (outcome === 'filled') await filledScreens.add(sender, page.screen);
      else void refusedFills.note(page, sender, outcome);
      await showBadge(sender.tabId, outcome);
    }),
    on(fillCheckedSchema, async ({ check, ...page }, sender) => {
      void refusedFills.note(page, sender, check);
    }),
    on(fillRecallSchema, ({ screen }, sender) => filledScreens.recall(sender, screen)),
    on(fillLeftSchema, async (_message, { tabId }) => {
      if (tabId !== undefined) await approvals.withdraw(tabId);
    }),
    on(transferSeenSchema, (message, sender) => desk.seen(message, sender)),
    onFromOwnPages(approvalCancelSchema, ({ tabId }) => approvals.withdraw(tabId)),
    onFromOwnPages(fillWishSchema, ({ tabId }) => fillTab(grants, tabId)),
    onFromOwnPages(clockMeasureSchema, ({ institution }) => clockKeeper.measure(institution)),
    onFromOwnPages(confirmationsRequestSchema, async () => {
      const latest = await desk.latest();
      void refusedFills.report();
      return latest;
    }),
    onFromOwnPages(decideRequestSchema, ({ tokenId, details, decision }) =>
      desk.decide(tokenId, details, decision),
    ),
    onFromOwnPages(notMeRequestSchema, ({ login }) => desk.notMe(login)),
    onFromOwnPages(codeRequestSchema, ({ tokenId, details }) => desk.code(tokenId, details)),
    onFromOwnPages(watchRequestSchema, () => desk.streams()),
  );
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === EXPIRY_ALARM) void waiting.expire();
    if (name === LOOK_ALARM) void autoLock.look();
    if (name === REPORT_ALARM) void refusedFills.wake();
  });
  browser.idle.onStateChanged.addListener((presence) => void autoLock.hear(presence));
  watchSession(() => void autoLock.follow(), new AbortController().signal);
  // the browser forgets the interval when the worker ends
  void autoLock.follow();
  const leave = (tabId: number) =>
    Promise.all([grants.forget(tabId), approvals.withdraw(tabId), signingPages.forget(tabId)]);
  browser.tabs.onRemoved.addListener((tabId) => void Promise.all([desk.closed(tabId), leave(tabId)]));
  // The next page in the tab tells of itself.
  browser.tabs.onUpdated.addListener((tabId, { status }) => {
    if (status === 'loading') void Promise.all([desk.left(tabId), leave(tabId)]);
  });
  browser.tabs.onRemoved.addListener((tabId) => void filledScreens.forget(tabId));
  browser.runtime.onStartup.addListener(() => void filledScreens.forgetAll());
  browser.runtime.onStartup.addListener(() => void refusedFills.wake());
  browser.permissions.onAdded.addListener(() => void injectEverywhere());
  void injectOnce(memory('content-scripts'));
  browser.commands.onCommand.addListener((command) => {
    if (command === FILL_COMMAND) void fillActivePage(grants);
  });
  browser.notifications.onClicked.addListener((notice) => void openNotice(notice));
});

/** A report without a problem, after which the badge shows the number of waiting confirmations again. */
const isNotYetConfirmed = (reply: FillReply) =>
  reply.kind === 'refused' && reply.reason === 'confirmation-missing';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export default background;
