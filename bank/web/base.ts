import type { MiddlewareHandler } from 'hono';
import type { BankEnv } from '../context.ts';
import { ASSETS } from './assets.ts';

/** Addresses in a page. Text that customers typed cannot match: templates escape its `"`. */
const ADDRESSES = new RegExp(` (href|action|data-follow)="(?=/)(?!//|${ASSETS})`, 'g');

/**
 * Puts the base of the site before the addresses in every page and redirect. Routes and pages are written as if each
 * institution had a host of its own, and none of them can forget the base.
 */
export const withinBase: MiddlewareHandler<BankEnv> = async (c, next) => {
  await next();
  const { base } = c.get('site');
  if (base === '') return;
  const location = c.res.headers.get('Location');
  if (location?.startsWith('/')) c.header('Location', `${base}${location}`);
  if (c.res.headers.get('Content-Type')?.startsWith('text/html')) {
    const page = await c.res.text();
    c.res = new Response(page.replace(ADDRESSES, ` $1="${base}`), c.res);
  }
};
