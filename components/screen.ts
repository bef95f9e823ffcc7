import { useEffect, useRef } from 'preact/hooks';
import { useText } from './text.ts';

/**
 * Names the page after its screen's heading, and moves the focus to a new screen's heading, except on the first screen.
 * @param name the screen; undefined until there is one
 */
export function useScreen(name: string | undefined): void {
  const text = useText();
  const first = useRef(true);
  useEffect(() => {
    if (name === undefined) return;
    const heading = document.querySelector<HTMLElement>('main h1');
    document.title = heading ? `${heading.textContent} | ${text('brand')}` : text('brand');
    if (!first.current) heading?.focus();
    first.current = false;
  }, [name]);
}
