import { useEffect, useState } from 'preact/hooks';
import type { Shortcut } from '../core/autofill/bank-page.ts';
import { useText } from './text.ts';

/** The keys that fill the page, as they are set in the browser, and the way to change them. */
export function ShortcutLine({ shortcut }: { shortcut: Shortcut }) {
  const text = useText();
  const [keys, setKeys] = useState<string>();
  const [known, setKnown] = useState(false);
  useEffect(() => {
    const look = () => {
      if (document.hidden) return;
      void shortcut.keys().then(
        (found) => {
          setKeys(found);
          setKnown(true);
        },
        () => undefined,
      );
    };
    look();
    // The customer changes them on a page of the browser.
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [shortcut]);
  if (!known) return null;
  return (
    <div class="shortcut">
      <p>{keys ? text('shortcutKeys', keys) : text('shortcutNone')}</p>
      <button type="button" class="button bare wide" onClick={() => void shortcut.open()}>
        {text('shortcutSet')}
      </button>
    </div>
  );
}
