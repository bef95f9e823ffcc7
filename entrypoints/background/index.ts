// Must be first: it configures how schemas are made.
import '../../platform/no-eval.ts';

import type { BackgroundDefinition } from 'wxt';
import { defineBackground } from 'wxt/utils/define-background';
import { listenToBrowser } from './browser-events.ts';
import { listenToMessages } from './messages.ts';
import { createParts } from './parts.ts';

/** The browser wakes the worker only for listeners that are there before this returns. */
const background: BackgroundDefinition = defineBackground(() => {
  const parts = createParts();
  listenToMessages(parts);
  listenToBrowser(parts);
});

export default background;
