import type { UnlistedScriptDefinition } from 'wxt';
import { UNKNOWN, unrecognised } from '../../core/autofill/unrecognised.ts';
import type { FillReport } from '../../core/messages/fill.ts';
import { pageRequestSchema } from '../../core/messages/page.ts';
import { answerExtensionPages, tell } from '../../platform/messaging/page.ts';
import { watchChanges } from './changes.ts';
import { awaitReader, type Filler, type Follow, isWatched } from './handover.ts';
import {
  asksForAnything,
  bodySaysOurs,
  hasControl,
  hasCustomElements,
  isHidden,
  isTranslated,
  rootsOf,
  SETTLE_MS,
  saysOurs,
} from './page.ts';
import { isSpeaker } from './speaker.ts';

/** After a wait as long as this, in milliseconds, a page with custom elements is looked at once more, and then no more. */
const LAST_WAIT_MS = 30_000;

/** Changes of a page's nodes, texts and attributes that can add or remove a screen. */
const CONTENT = { childList: true, characterData: true, subtree: true };

/**
 * The watcher: the content script of every page of a bank. It looks for our words, and has the background inject the reader where
 * there are any. It is built as a plain script, which wxt.config.ts lists in the manifest: the framework's wrapper for content
 * scripts sends messages and events into the page, by which the page could detect it.
 */
const watcher: UnlistedScriptDefinition = {
  main() {
    // The background may inject it a second time.
    if (isWatched()) return;
    const isLate = document.readyState !== 'loading';
    /** When the page is complete and its own handlers have run. */
    const complete = isLate
      ? Promise.resolve()
      : new Promise((resolve) => addEventListener('DOMContentLoaded', resolve));
    let filler: Filler<FillReport> | undefined;
    let asking: Promise<void> | undefined;
    let given = false;
    let waiting = false;
    let answers = false;

    const fetchReader = async () => {
      asking ??= tell({ type: 'fill.prepare' });
      await asking;
      asking = undefined;
    };
    /** Has the page read if it asks for anything and has our words. On most pages only the text is looked at. */
    const look = async () => {
      waiting = false;
      if (filler) return;
      const asks = asksForAnything(document);
      if (!asks && !hasCustomElements(document)) return;
      answer();
      // Nothing is asked for a page that is not visible yet.
      if (asks && !given && !isHidden(document) && saysOurs(document)) await fetchReader();
      else followTrees();
    };
    const changed = () => {
      if (filler) filler.changed();
      else if (!waiting) setTimeout(look, SETTLE_MS);
      waiting = true;
    };
    const observer = new MutationObserver(changed);
    /** Observes shadow trees too, as a document's observer does not see their changes. */
    const follow: Follow = (roots) => {
      for (const root of roots) observer.observe(root, { ...CONTENT, attributes: true });
    };
    let layout: ResizeObserver | undefined;
    let patience = SETTLE_MS;
    /**
     * What a custom element shows may come late. Nobody tells that one gets a shadow tree: the page's size seldom stays as it was, and
     * it is looked for, ever more rarely.
     */
    const followTrees = () => {
      if (!hasCustomElements(document)) return;
      for (const root of rootsOf(document)) observer.observe(root, CONTENT);
      if (patience < LAST_WAIT_MS) {
        patience *= 2;
        setTimeout(look, patience);
      }
      if (layout) return;
      layout = new ResizeObserver(changed);
      layout.observe(document.documentElement);
    };
    awaitReader<FillReport>((make) => {
      // Injected for the document before this one, or twice.
      if (given || !asking) return;
      given = true;
      void complete.then(() => use(make(document, follow)));
    });
    const use = (made: Filler<FillReport>) => {
      filler = made;
      answer();
      void made.run();
    };

    const answer = () => {
      if (answers) return;
      answers = true;
      answerExtensionPages(pageRequestSchema, async ({ type }) => {
        if (!isSpeaker(document)) return undefined;
        await look();
        if (type === 'page.fill') await filler?.run(true);
        return filler?.report() ?? (isTranslated(document) ? unrecognised('screen', 'translated') : UNKNOWN);
      });
    };
    /** Of a parsed page that has nothing to read: whether it asks for anything, and whether it has changed since. */
    let seen: { readonly asks: boolean; readonly changed: () => boolean } | undefined;
    const start = () => {
      observer.observe(document, CONTENT);
      addEventListener('visibilitychange', look, { capture: true });
      if (!seen || seen.changed()) void look();
      else if (seen.asks) answer();
    };
    /**
     * The page is parsed and waits for its own scripts, which may still change it. The reader can come meanwhile; and where they do
     * not change it, looking at it once is enough.
     */
    const hurry = () => {
      if (isHidden(document)) return;
      const asks = hasControl(document);
      if (asks && bodySaysOurs(document)) void fetchReader();
      else if (!hasCustomElements(document)) seen = { asks, changed: watchChanges(document) };
    };
    // The script loads before the page, but reads only a complete one.
    void complete.then(start);
    if (!isLate) addEventListener('readystatechange', hurry, { capture: true, once: true });
  },
};

export default watcher;
