import type { UnlistedScriptDefinition } from 'wxt';
import { UNKNOWN, unrecognised } from '../../core/autofill/recognise.ts';
import { pageRequestSchema } from '../../core/messages/fill.ts';
import { answerExtensionPages } from '../../platform/messaging/page.ts';
import { createPageFiller, SETTLE_MS } from './page-filler.ts';
import { asksForAnything, isTranslated, rootsOf, saysOurs } from './read-page.ts';
import { isSpeaker } from './speaker.ts';

/** What is put into a page, or taken out of it. */
const CONTENT = { childList: true, subtree: true };

/** After these a screen may be seen that was not: its styles have come, it moved, or the customer has got there. */
const MOVED = [
  'load',
  'scroll',
  'resize',
  'visibilitychange',
  'pageshow',
  'hashchange',
  'transitionend',
  'animationend',
  'toggle',
  'change',
  'click',
  'focusin',
  'fullscreenchange',
];

/** Set in this script's own world, which the page has no part in: the background puts the script in wherever it may be missing. */
const RUNNING = Symbol.for('warifu');

/**
 * The content script. Built as a plain script (wxt.config.ts lists it in the manifest): the framework's wrapper for
 * content scripts would post messages and events into the page, which could tell it by them.
 */
const contentScript: UnlistedScriptDefinition = {
  main() {
    if (RUNNING in globalThis) return;
    Reflect.set(globalThis, RUNNING, true);
    let filler: ReturnType<typeof createPageFiller> | undefined;
    let waiting = false;
    let answers = false;

    /** A page that asks for nothing is nothing to speak of. Of most others nothing is looked at but their text. */
    const look = () => {
      waiting = false;
      if (filler || !asksForAnything(document)) return;
      if (!answers) answer();
      if (saysOurs(document)) begin();
    };
    const observer = new MutationObserver(() => {
      if (filler) filler.changed();
      else if (!waiting) setTimeout(look, SETTLE_MS);
      waiting = true;
    });
    /** Changes in shadow trees are not heard outside them. */
    const follow = () => {
      for (const root of rootsOf(document)) observer.observe(root, { ...CONTENT, attributes: true });
    };
    const begin = () => {
      filler = createPageFiller(document, follow);
      const { run, changed } = filler;
      void run();
      for (const moved of MOVED) addEventListener(moved, changed, { capture: true, passive: true });
      // Kept aside and shown again: the background let go of it when it was left.
      addEventListener('pageshow', ({ persisted }) => persisted && void filler?.returned());
    };

    const answer = () => {
      answers = true;
      answerExtensionPages(pageRequestSchema, async ({ type }) => {
        if (!isSpeaker(document)) return undefined;
        look();
        if (type === 'page.fill') await filler?.run(true);
        return filler?.report() ?? (isTranslated(document) ? unrecognised('screen', 'translated') : UNKNOWN);
      });
    };
    const start = () => {
      observer.observe(document, CONTENT);
      look();
    };
    // There before the page, so as to be ready when it is; a part of one is never read. Bubbling comes after the page's own.
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', start);
    else start();
  },
};

export default contentScript;
