// First: it settles how schemas are made.
import '../../platform/no-eval.ts';

import type { BackgroundDefinition } from 'wxt';
import { defineBackground } from 'wxt/utils/define-background';
import { clockMeasureSchema } from '../../core/messages/clock.ts';
import {
  codeRequestSchema,
  confirmationsRequestSchema,
  decideRequestSchema,
  transferSeenSchema,
  watchRequestSchema,
} from '../../core/messages/confirmation.ts';
import { type FillReply, fillDoneSchema, fillRequestSchema } from '../../core/messages/fill.ts';
import { browser } from '../../platform/browser.ts';
import { listen, on, onFromOwnPages } from '../../platform/messaging/gate.ts';
import { createClockKeeper } from '../../platform/service/clock-keeper.ts';
import { createConfirmer } from '../../platform/service/confirmer.ts';
import { keepDecision } from '../../platform/storage/decisions.ts';
import { tokensOnRequest } from '../../platform/storage/fill-modes.ts';
import { tokenKeys } from '../../platform/storage/token-keys.ts';
import { tokenReader } from '../../platform/storage/token-reader.ts';
import { systemClock, systemRandomBytes } from '../../platform/system.ts';
import { showBadge } from './badge.ts';
import { createConfirmationDesk } from './confirmations.ts';
import { createFiller } from './fill.ts';
import { FILL_COMMAND, fillActivePage } from './fill-command.ts';
import { createFilledScreens } from './filled-screens.ts';
import { createShownPages } from './shown-pages.ts';
import { createWaiting, EXPIRY_ALARM, openNotice } from './waiting.ts';

const background: BackgroundDefinition = defineBackground(() => {
  const clock = systemClock;
  const randomBytes = systemRandomBytes;
  const vault = tokenReader;
  const clockKeeper = createClockKeeper(clock, randomBytes);
  const confirmer = createConfirmer({ clock, clockKeeper, randomBytes, keys: tokenKeys, keepDecision });
  const pages = createShownPages(clock);
  const waiting = createWaiting(clock);
  const desk = createConfirmationDesk({ vault, clockKeeper, confirmer, pages, waiting, pause });
  const filledScreens = createFilledScreens();
  const filler = createFiller({ vault, tokensOnRequest, filledScreens, clock, clockKeeper, desk });

  listen(
    on(fillRequestSchema, async (request, sender) => {
      const reply = await filler.fill(request, sender);
      // The page waits for the code, not for the badge.
      if (!isNotYetConfirmed(reply)) void showBadge(sender.tabId, reply.kind);
      return reply;
    }),
    on(fillDoneSchema, async ({ screen, outcome }, sender) => {
      if (outcome === 'filled') await filledScreens.add(sender, screen);
      await showBadge(sender.tabId, outcome);
    }),
    on(transferSeenSchema, (message, sender) => desk.seen(message, sender)),
    onFromOwnPages(clockMeasureSchema, ({ institution }) => clockKeeper.measure(institution)),
    onFromOwnPages(confirmationsRequestSchema, () => desk.latest()),
    onFromOwnPages(decideRequestSchema, ({ tokenId, details, decision }) =>
      desk.decide(tokenId, details, decision),
    ),
    onFromOwnPages(codeRequestSchema, ({ tokenId, details }) => desk.code(tokenId, details)),
    onFromOwnPages(watchRequestSchema, () => desk.streams()),
  );
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === EXPIRY_ALARM) void waiting.expire();
  });
  browser.tabs.onRemoved.addListener((tabId) => void pages.forget(tabId));
  browser.tabs.onRemoved.addListener((tabId) => void filledScreens.forget(tabId));
  browser.commands.onCommand.addListener((command) => {
    if (command === FILL_COMMAND) void fillActivePage();
  });
  browser.notifications.onClicked.addListener((notice) => void openNotice(notice));
});

/** Nothing gone wrong: the badge goes on counting what waits. */
const isNotYetConfirmed = (reply: FillReply) =>
  reply.kind === 'refused' && reply.reason === 'confirmation-missing';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export default background;
