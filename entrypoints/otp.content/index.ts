import type { UnlistedScriptDefinition } from 'wxt';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { pageRequestSchema } from '../../core/messages/fill.ts';
import { answerExtensionPages } from '../../platform/messaging/page.ts';
import { createPageFiller } from './page-filler.ts';

/**
 * The content script. Built as a plain script (wxt.config.ts lists it in the manifest): the framework's wrapper for
 * content scripts would post messages and events into the page, which could tell it by them.
 */
const contentScript: UnlistedScriptDefinition = defineUnlistedScript(() => {
  const filler = createPageFiller(document);
  answerExtensionPages(pageRequestSchema, async ({ type }) => {
    if (type === 'page.fill') await filler.run();
    return filler.report();
  });
  void filler.run();
  new MutationObserver(filler.changed).observe(document, { childList: true, subtree: true });
});

export default contentScript;
