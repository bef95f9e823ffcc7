import { useEffect, useState } from 'preact/hooks';

/** An app on a phone or tablet: there the picture in the list of open apps is taken of it. */
const TAKES_PICTURES = '(display-mode: standalone) and (pointer: coarse)';

/**
 * Whether to show no code, as the customer is leaving the app and the device may take its picture. No browser lets a page forbid the
 * picture; the focus is the first that it tells of.
 */
export function useCovered(): boolean {
  const [covered, setCovered] = useState(false);
  useEffect(() => {
    if (!matchMedia(TAKES_PICTURES).matches) return;
    const watching = new AbortController();
    const { signal } = watching;
    addEventListener('blur', () => setCovered(true), { signal });
    addEventListener('focus', () => setCovered(false), { signal });
    return () => watching.abort();
  }, []);
  return covered;
}
