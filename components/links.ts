import { useEffect, useState } from 'preact/hooks';
import type { TokenPlace } from '../core/shell.ts';
import { mayLeave, placeIn, type Route, saidIn } from './token-route.ts';

/** Takes what the address says after `#` out of it and the history, so that the same link can be opened again. */
export function takeHash(): string {
  const { hash, pathname, search } = location;
  if (hash !== '') history.replaceState(history.state, '', `${pathname}${search}`);
  return hash;
}

/**
 * Follows links that are opened in the page: a shortcut of the app, or the QR code of 連携 that another app has read. A link waits
 * until the screen may be left.
 * @param first what the address said at the start
 * @param deciding whether 取引認証 or 承認 shows something
 * @returns what the last link said that was followed
 */
export function useLinks(
  first: string | undefined,
  route: Route,
  deciding: boolean,
  onLink: (to: TokenPlace, said: string | undefined) => void,
): string | undefined {
  const [said, setSaid] = useState(first);
  const [link, setLink] = useState('');
  useEffect(() => {
    const take = () => {
      const hash = takeHash();
      if (placeIn(hash) !== 'code') setLink(hash);
    };
    const following = new AbortController();
    addEventListener('hashchange', take, { signal: following.signal });
    take();
    return () => following.abort();
  }, []);
  const to = placeIn(link);
  const free = to === route.at || (route.at === 'confirm' ? !deciding : mayLeave(route));
  useEffect(() => {
    if (link === '' || !free) return;
    setLink('');
    setSaid(saidIn(link));
    onLink(to, saidIn(link));
  }, [link, free]);
  return said;
}
