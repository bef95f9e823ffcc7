import type { MiddlewareHandler } from 'hono';
import type { BankDependencies, BankEnv, Site } from '../context.ts';
import { isFollowing } from './following.ts';
import type { BankContext } from './render.ts';
import { customersOf, findSession, newSessionId } from './session.ts';
import { sendSessionId, sentSessionId } from './session-cookie.ts';

/** Recognises the browser by its cookie, and the session behind it. A first visit gets a cookie. */
export function recogniseVisitor(dependencies: BankDependencies): MiddlewareHandler<BankEnv> {
  return async (c, next) => {
    const site = c.get('site');
    const id = sentSessionId(c, cookieName(site));
    if (id === undefined) {
      giveSession(c, newSessionId(dependencies));
      return next();
    }
    // Should the sessions be out of reach, the page that says so is shown to somebody not logged in.
    c.set('visitor', { id, session: undefined, timedOut: false });
    const use = !isFollowing(c.req.path);
    const found = await findSession(dependencies, customersOf(site.institution), id, use);
    c.set('visitor', {
      id,
      session: found.kind === 'live' ? found.data : undefined,
      timedOut: found.kind === 'timed-out',
    });
    await next();
  };
}

/** Sends the browser a session id; what is shown to it from now on belongs to that one. */
export function giveSession(c: BankContext, id: string): void {
  const site = c.get('site');
  sendSessionId(c, cookieName(site), id, isSecure(site));
  c.set('visitor', { id, session: undefined, timedOut: false });
}

export function isSecure({ origin }: Site): boolean {
  return origin.startsWith('https:');
}

/**
 * One for each institution at an origin. Browsers keep `__Host-` cookies from being set by a sibling host; they want https
 * for it, and no path.
 */
function cookieName(site: Site): string {
  return `${isSecure(site) ? '__Host-' : ''}s${site.base.replace('/', '-')}`;
}
