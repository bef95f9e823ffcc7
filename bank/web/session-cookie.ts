import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const SESSION_ID = /^[A-Za-z0-9_-]{43}$/;

/** The session id that the browser sent. @returns undefined if it sent none or a malformed one */
export function sentSessionId(c: Context, cookie: string): string | undefined {
  const sent = getCookie(c, cookie);
  return sent !== undefined && SESSION_ID.test(sent) ? sent : undefined;
}

/** Sets the session cookie, which scripts and forms of other sites cannot use. @param secure true if the site is https */
export function sendSessionId(c: Context, cookie: string, id: string, secure: boolean): void {
  setCookie(c, cookie, id, { path: '/', httpOnly: true, sameSite: 'Lax', secure });
}
