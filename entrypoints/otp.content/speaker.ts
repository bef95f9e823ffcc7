import { isWorthReading } from './read-page.ts';

/**
 * Whether this document's script answers for its tab: of several frames, one must. It is the frame with something worth
 * reading, and the top frame where no other has.
 */
export function isSpeaker(document: Document): boolean {
  const inner = [...document.querySelectorAll<HTMLIFrameElement>('iframe,frame')];
  const passes = inner.some(
    ({ contentDocument }) => contentDocument?.body && isWorthReading(contentDocument),
  );
  return !passes && (window === window.parent || isWorthReading(document));
}
