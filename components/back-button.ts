import { useEffect, useRef } from 'preact/hooks';

/**
 * Makes the browser's back button leave a screen instead of the app. One entry of the history stands for "not at home"; it is
 * added again while the app is still away from home.
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
      // a link was opened in the page
      if (location.hash !== '') return;
      latest.current();
      // after the answer to this press is drawn; if that screen is not home either, the next press counts again
      setTimeout(() => watching.aborted || arm());
    };
    const stop = new AbortController();
    const watching = stop.signal;
    arm();
    addEventListener('popstate', leave, { signal: watching });
    return () => stop.abort();
  }, [away]);
}
