import { isWorthReading } from './read-page.ts';

/** Origins of the banks that ask in frames, where this runs in frames; put in by the build. */
declare const __WARIFU_FRAMED_ORIGINS__: readonly string[];

/**
 * Whether this document's script answers for its tab: of several frames, one must. It is the frame with something worth
 * reading, and the top frame where no other has.
 */
export function isSpeaker(document: Document): boolean {
  // Said apart, for the builds that leave out the rest.
  if (__WARIFU_FRAMED_ORIGINS__.length === 0) return true;
  if (!__WARIFU_FRAMED_ORIGINS__.includes(location.origin)) return true;
  const inner = [...document.querySelectorAll<HTMLIFrameElement>('iframe,frame')];
  const passes = inner.some(
    ({ contentDocument }) =>
      contentDocument?.location.origin === location.origin &&
      contentDocument.body &&
      isWorthReading(contentDocument),
  );
  return !passes && (window === window.parent || isWorthReading(document));
}
