import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const SESSION_ID = /^[A-Za-z0-9_-]{43}$/;

/** The session id that the browser sent. @returns undefined where it sent none, or something else */
export function sentSessionId(c: Context, cookie: string): string | undefined {
  const sent = getCookie(c, cookie);
  return sent !== undefined && SESSION_ID.test(sent) ? sent : undefined;
}

/** Gives the browser a session id, out of reach of scripts and of other sites' forms. @param secure where the site is https */
export function sendSessionId(c: Context, cookie: string, id: string, secure: boolean): void {
  setCookie(c, cookie, id, { path: '/', httpOnly: true, sameSite: 'Lax', secure });
}
