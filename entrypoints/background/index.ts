// First: it settles how schemas are made.
import '../../platform/no-eval.ts';

import type { BackgroundDefinition } from 'wxt';
import { defineBackground } from 'wxt/utils/define-background';
import { clockMeasureSchema } from '../../core/messages/clock.ts';
import { fillDoneSchema, fillRequestSchema } from '../../core/messages/fill.ts';
import { listen, on } from '../../platform/messaging/gate.ts';
import { createClockKeeper } from '../../platform/service/clock-keeper.ts';
import { tokenReader } from '../../platform/storage/token-reader.ts';
import { systemClock, systemRandomBytes } from '../../platform/system.ts';
import { showBadge } from './badge.ts';
import { createFiller } from './fill.ts';

const background: BackgroundDefinition = defineBackground(() => {
  const clockKeeper = createClockKeeper(systemClock, systemRandomBytes);
  const filler = createFiller({ vault: tokenReader, clock: systemClock, clockKeeper });

  listen(
    on(fillRequestSchema, async (request, sender) => {
      const reply = await filler.fill(request, sender);
      // The page waits for the code, not for the badge.
      void showBadge(sender.tabId, reply.kind);
      return reply;
    }),
    on(fillDoneSchema, ({ outcome }, sender) => showBadge(sender.tabId, outcome)),
    on(clockMeasureSchema, async ({ institution }, sender) =>
      sender.tabId === undefined ? clockKeeper.measure(institution) : undefined,
    ),
  );
});

export default background;
