import type { UnlistedScriptDefinition } from 'wxt';
import { handOver } from '../watch.content/handover.ts';
import { createPageFiller } from './page-filler.ts';

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

/** The reader: recognises a screen and fills it. The background injects it where the watcher has found our words. */
const reader: UnlistedScriptDefinition = {
  main: () =>
    handOver((document, follow) => {
      const filler = createPageFiller(document, (roots) => {
        follow(roots);
        // Each time, as document.open() takes them away. Most of these events do not leave a shadow tree, and the load of a style
        // sheet or a picture does not get to the window.
        for (const target of [window, ...roots])
          for (const moved of MOVED)
            target.addEventListener(moved, filler.changed, { capture: true, passive: true });
        addEventListener('pageshow', comeBack);
      });
      /** The page comes back from the back/forward cache; the background forgot it when it was left. */
      const comeBack = ({ persisted }: PageTransitionEvent) => persisted && void filler.returned();
      return filler;
    }),
};

export default reader;
