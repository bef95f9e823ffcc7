import { useEffect, useRef } from 'preact/hooks';

/**
 * Moves the focus on after a press that puts one part of a screen in place of another: the pressed button is gone with its part.
 * @param part what stands there now
 * @param heading selector of where to go on
 */
export function usePart(part: string, heading: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) document.querySelector<HTMLElement>(heading)?.focus();
    first.current = false;
  }, [part]);
}
