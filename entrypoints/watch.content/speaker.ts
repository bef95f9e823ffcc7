import { isWorthReading } from './page.ts';

/** Origins of the banks that ask in frames, where this script runs in frames. The build inserts them. */
declare const __WARIFU_FRAMED_ORIGINS__: readonly string[];

/**
 * Whether this document's script answers for its tab, as only one of several frames must. It is the frame that has something to
 * read, or the top frame if none has.
 */
export function isSpeaker(document: Document): boolean {
  // A statement of its own, so that the bundler can drop the rest in builds without frames.
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
