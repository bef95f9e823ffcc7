import type { MiddlewareHandler } from 'hono';
import type { BankDependencies, BankEnv, Site } from '../context.ts';
import { isFollowing } from './following.ts';
import type { BankContext } from './render.ts';
import { customersOf, findSession, newSessionId } from './session.ts';
import { sendSessionId, sentSessionId } from './session-cookie.ts';

/** Finds the session by the browser's cookie. A first visit gets a cookie. */
export function recogniseVisitor(dependencies: BankDependencies): MiddlewareHandler<BankEnv> {
  return async (c, next) => {
    const site = c.get('site');
    const id = sentSessionId(c, cookieName(site));
    if (id === undefined) {
      giveSession(c, newSessionId(dependencies));
      return next();
    }
    // If the sessions cannot be read, the error page is shown as to a visitor who is not logged in.
    c.set('visitor', { id, session: undefined, timedOut: false });
    const use = !isFollowing(c.req.path);
    const found = await findSession(dependencies, customersOf(site.institution), id, use);
    c.set('visitor', {
      id,
      session: found.kind === 'live' ? found.data : undefined,
      timedOut: found.kind === 'timed-out',
      endedByStaff: found.kind === 'timed-out' && found.byStaff,
    });
    await next();
  };
}

/** Gives the browser a session id; pages rendered from now on belong to it. */
export function giveSession(c: BankContext, id: string): void {
  const site = c.get('site');
  sendSessionId(c, cookieName(site), id, isSecure(site));
  c.set('visitor', { id, session: undefined, timedOut: false });
}

export function isSecure({ origin }: Site): boolean {
  return origin.startsWith('https:');
}

/**
 * Each institution at an origin has its own cookie. The prefix `__Host-` keeps a sibling host from setting it; browsers
 * demand https and the path `/` for it.
 */
function cookieName(site: Site): string {
  return `${isSecure(site) ? '__Host-' : ''}s${site.base.replace('/', '-')}`;
}
