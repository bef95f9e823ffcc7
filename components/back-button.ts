import { useEffect, useRef } from 'preact/hooks';

/**
 * Lets the browser's back button leave a screen instead of the app: one entry of history stands for "not at home",
 * and is put back as long as the app is still away.
 */
export function useBackButton(away: boolean, onBack: () => void): void {
  const latest = useRef(onBack);
  latest.current = onBack;
  useEffect(() => {
    if (!away) return;
    const arm = () => {
      if (history.state !== 'away') history.pushState('away', '');
    };
    const leave = () => {
      latest.current();
      // the answer to this press is drawn first; where that is no home either, the next press counts again
      setTimeout(() => watching.aborted || arm());
    };
    const stop = new AbortController();
    const watching = stop.signal;
    arm();
    addEventListener('popstate', leave, { signal: watching });
    return () => stop.abort();
  }, [away]);
}
