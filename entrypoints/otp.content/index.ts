import type { UnlistedScriptDefinition } from 'wxt';
import { pageRequestSchema } from '../../core/messages/fill.ts';
import { answerExtensionPages } from '../../platform/messaging/page.ts';
import { createPageFiller } from './page-filler.ts';
import { isSpeaker } from './speaker.ts';

/**
 * The content script. Built as a plain script (wxt.config.ts lists it in the manifest): the framework's wrapper for
 * content scripts would post messages and events into the page, which could tell it by them.
 */
const contentScript: UnlistedScriptDefinition = {
  main() {
    const { run, changed, report } = createPageFiller(document);
    answerExtensionPages(pageRequestSchema, async ({ type }) => {
      if (!isSpeaker(document)) return undefined;
      if (type === 'page.fill') await run(true);
      return report();
    });
    void run();
    addEventListener('load', changed);
    // A field is filled where it can be seen: perhaps only when the customer gets there.
    addEventListener('scroll', changed, { capture: true, passive: true });
    addEventListener('resize', changed);
    new MutationObserver(changed).observe(document, { childList: true, subtree: true, attributes: true });
  },
};

export default contentScript;
