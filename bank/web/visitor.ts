import type { MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { BankDependencies, BankEnv, Site } from '../context.ts';
import { isFollowing } from './following.ts';
import type { BankContext } from './render.ts';
import { findSession, newSessionId } from './session.ts';

const SESSION_ID = /^[A-Za-z0-9_-]{43}$/;

/** Recognises the browser by its cookie, and the session behind it. A first visit gets a cookie. */
export function recogniseVisitor(dependencies: BankDependencies): MiddlewareHandler<BankEnv> {
  return async (c, next) => {
    const site = c.get('site');
    const cookie = getCookie(c, cookieName(site));
    if (cookie === undefined || !SESSION_ID.test(cookie)) {
      giveSession(c, newSessionId(dependencies));
      return next();
    }
    // Should the sessions be out of reach, the page that says so is shown to somebody not logged in.
    c.set('visitor', { id: cookie, session: undefined, timedOut: false });
    const use = !isFollowing(c.req.path);
    const found = await findSession(dependencies, site.institution, cookie, use);
    c.set('visitor', {
      id: cookie,
      session: found.kind === 'live' ? found.data : undefined,
      timedOut: found.kind === 'timed-out',
    });
    await next();
  };
}

/** Sends the browser a session id; what is shown to it from now on belongs to that one. */
export function giveSession(c: BankContext, id: string): void {
  const site = c.get('site');
  setCookie(c, cookieName(site), id, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure(site),
  });
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
