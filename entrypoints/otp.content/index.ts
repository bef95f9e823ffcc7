import type { UnlistedScriptDefinition } from 'wxt';
import { UNKNOWN, unrecognised } from '../../core/autofill/recognise.ts';
import { pageRequestSchema } from '../../core/messages/fill.ts';
import { answerExtensionPages } from '../../platform/messaging/page.ts';
import { createPageFiller, SETTLE_MS } from './page-filler.ts';
import { asksForAnything, isTranslated, rootsOf, saysOurs } from './read-page.ts';
import { isSpeaker } from './speaker.ts';

/** Changes of a page's nodes and attributes that can add or remove a screen. */
const CONTENT = { childList: true, subtree: true };

/** Events after which a screen may become visible: styles have loaded, something moved, or the customer scrolled. */
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

/** Mark in this script's isolated world that it runs already, as the background may inject it a second time. */
const RUNNING = Symbol.for('warifu');

/**
 * The content script. It is built as a plain script, which wxt.config.ts lists in the manifest: the framework's wrapper for
 * content scripts sends messages and events into the page, by which the page could detect it.
 */
const contentScript: UnlistedScriptDefinition = {
  main() {
    if (RUNNING in globalThis) return;
    Reflect.set(globalThis, RUNNING, true);
    let filler: ReturnType<typeof createPageFiller> | undefined;
    let waiting = false;
    let answers = false;

    /** Reads the page if it asks for anything. On most pages only the text is looked at. */
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
    /** Observes shadow trees too, as a document's observer does not see their changes. */
    const follow = () => {
      for (const root of rootsOf(document)) observer.observe(root, { ...CONTENT, attributes: true });
    };
    const begin = () => {
      filler = createPageFiller(document, follow);
      const { run, changed } = filler;
      void run();
      for (const moved of MOVED) addEventListener(moved, changed, { capture: true, passive: true });
      // The page comes back from the back/forward cache; the background forgot it when it was left.
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
    // The script loads before the page, but reads only a complete one, after the page's own handlers.
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', start);
    else start();
  },
};

export default contentScript;
