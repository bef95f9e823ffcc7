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
import { injectReader } from '../../platform/content-scripts.ts';
import { listen, on, onFromOwnPages } from '../../platform/messaging/gate.ts';
import { showBadge, showNumber } from './badge.ts';
import { fillTab } from './fill-command.ts';
import type { Parts } from './parts.ts';

/** Answers the messages of content scripts and of the extension's own pages. */
export function listenToMessages(parts: Parts): void {
  listen(...ofContentScripts(parts), ...ofOwnPages(parts));
}

const ofContentScripts = ({ approvals, desk, filledScreens, filler, refusedFills, signIn }: Parts) => [
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
];

const ofOwnPages = ({ approvals, clockKeeper, desk, grants, refusedFills }: Parts) => [
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
];

/** A report without a problem, after which the badge shows the number of waiting confirmations again. */
const isNotYetConfirmed = (reply: FillReply) =>
  reply.kind === 'refused' && reply.reason === 'confirmation-missing';
