import type { UnlistedScriptDefinition } from 'wxt';
import { handOver } from '../watch.content/handover.ts';
import { createPageFiller } from './page-filler.ts';

/** The reader: recognises a screen and fills it. The background injects it where the watcher has found our words. */
const reader: UnlistedScriptDefinition = {
  main: () => handOver(createPageFiller),
};

export default reader;
