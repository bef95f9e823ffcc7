import { useEffect, useRef } from 'preact/hooks';
import type { Notices } from '../core/notices.ts';
import type { TokenSummary } from '../core/vault/token.ts';

/**
 * Goes to what waits when a notice is pressed, and renews the subscriptions of the tokens that can be signed for: once as they come,
 * and not with each answer about them, as the service takes few.
 */
export function useNoticesOf(
  notices: Notices | undefined,
  tokens: readonly TokenSummary[],
  onPressed: (institution: string) => void,
): void {
  const latest = useRef({ tokens, onPressed });
  latest.current = { tokens, onPressed };
  const ids = tokens.map(({ id }) => id).join(' ');
  const renew = () => void notices?.renew(latest.current.tokens);
  useEffect(() => {
    const following = new AbortController();
    const pressed = (institution: string) => latest.current.onPressed(institution);
    notices?.follow({ pressed, changed: renew }, following.signal);
    return () => following.abort();
  }, [notices]);
  useEffect(() => {
    if (ids !== '') renew();
  }, [notices, ids]);
}
