import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { equalInConstantTime } from '../../host/compare.ts';
import type { BankDependencies, BankEnv, Visitor } from '../context.ts';
import { type BankContext, formToken } from './render.ts';
import type { OpenSession } from './session-data.ts';
import { isSecure } from './visitor.ts';

export const MAX_BODY_BYTES = 64 * 1024;
const FORM = 'application/x-www-form-urlencoded';

const SELF = ["'self'"];
const NOTHING = ["'none'"];

const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: NOTHING,
    styleSrc: SELF,
    scriptSrc: SELF,
    imgSrc: SELF,
    connectSrc: SELF,
    formAction: SELF,
    frameAncestors: NOTHING,
    baseUri: NOTHING,
  },
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [], usb: [] },
  strictTransportSecurity: false,
});

// These guards read `site` and `visitor`, which the bank and the staff console each set as their own.

/** Headers of every answer; assets set their own caching. */
export const protectingHeaders: MiddlewareHandler = async (c, next) => {
  await headers(c, next);
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  const site = c.get('site');
  if (site && isSecure(site)) c.header('Strict-Transport-Security', 'max-age=31536000');
};

/** PostgreSQL takes no NUL in a text, so nothing that an address names has one. */
export const namesWithoutNul: MiddlewareHandler = async (c, next) =>
  c.req.url.includes('%00') ? c.notFound() : next();

/** Accepts posted forms only, besides GET and HEAD. */
export const formsOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  if (c.req.method !== 'POST') throw new HTTPException(405);
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== FORM) throw new HTTPException(415);
  await next();
};

/** Accepts a form only if the browser says that it came from a page of the same origin. */
export const sameOrigin: MiddlewareHandler = csrf({
  origin: (origin, c) => origin === c.get('site').origin,
});

export const smallBody: MiddlewareHandler = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new HTTPException(413);
  },
});

/** Answers a form that was given to another session; undefined for the usual refusal. */
export type ForeignForm<Env extends object> = (
  c: Context<Env>,
  form: ReadonlyMap<string, string>,
) => Promise<Response | undefined>;

/** Stands for a NUL, as in HTML (§13.2.5): PostgreSQL takes none in a text, and no field has a use for either. */
const REPLACEMENT = '\uFFFD';

/**
 * Reads the form, refuses a field name that occurs twice, and checks that the form's token was made for this session. The
 * staff console appends a part of its own to the token, after a dot; that part is not checked here.
 */
export function readForm<Env extends object>(
  dependencies: Pick<BankDependencies, 'keys'>,
  foreign?: ForeignForm<Env>,
): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== 'POST') return next();
    const { id, timedOut }: Pick<Visitor, 'id' | 'timedOut'> = c.get('visitor');
    const form = new Map<string, string>();
    for (const [name, value] of new URLSearchParams(await c.req.text())) {
      if (form.has(name)) throw new HTTPException(400);
      form.set(name, value.replaceAll('\0', REPLACEMENT));
    }
    const [given = ''] = (form.get('form_token') ?? '').split('.');
    if (!equalInConstantTime(given, formToken(dependencies, id))) {
      const answer = await foreign?.(c, form);
      if (answer !== undefined) return answer;
      // The session has ended since the form was shown: the timeout page says more than a refusal.
      if (timedOut) return c.redirect('/timeout', 303);
      throw new HTTPException(403);
    }
    c.set('form', form);
    await next();
  };
}

/** The login page, for a form whose session another window, or the customer elsewhere, has ended: it says so. */
export const OVER_PATH = '/login/over';

/** Lets only customers pass who have finished logging in. */
export const loggedInOnly: MiddlewareHandler<BankEnv> = async (c, next) => {
  const { session, timedOut } = c.get('visitor');
  if (timedOut) return c.redirect('/timeout', 303);
  if (session?.stage === 'otp') return c.redirect('/login/otp', 303);
  if (session === undefined && c.req.method === 'POST') return c.redirect(OVER_PATH, 303);
  if (session?.stage !== 'open') return c.redirect('/', 303);
  await next();
};

/** The session behind {@link loggedInOnly}. */
export function openSession(c: BankContext): OpenSession {
  const { session } = c.get('visitor');
  if (session?.stage !== 'open') throw new Error('route needs loggedInOnly');
  return session;
}
