import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { familyOf } from '../../core/family/families.ts';
import type { MenuEntry } from '../../core/family/screen.ts';
import type { BankDependencies, BankEnv } from '../context.ts';
import { hmac } from '../keys.ts';
import { ERROR_TEXTS, type ErrorStatus, errorContent } from './error.ts';
import { layout, type Page, TEXT_SIZES, type TextSize } from './layout.ts';

export type BankContext = Context<BankEnv>;

/** Statuses of a page; a form with errors is 422. */
export type PageStatus = 200 | 422 | ErrorStatus;

export const TEXT_SIZE_COOKIE = 't';

/** The token that every form carries; only pages shown to this session contain it. */
export function formToken({ keys }: Pick<BankDependencies, 'keys'>, sessionId: string): string {
  return hmac(keys.forms, JSON.stringify(['form', sessionId]));
}

/** Shows a page in the institution's frame. */
export function show(
  c: BankContext,
  dependencies: BankDependencies,
  page: Page,
  status: PageStatus = 200,
): Response | Promise<Response> {
  const visitor = c.get('visitor');
  const site = c.get('site');
  const frame = {
    site,
    href: dependencies.assets.href,
    textSize: textSize(c),
    path: page.path ?? c.req.path,
    formToken: formToken(dependencies, visitor.id),
    menu: visitor.session?.stage === 'open' ? menuOf(c) : undefined,
  };
  return c.html(layout(frame, { ...page, failed: page.failed ?? status !== 200 }), status);
}

export function showError(
  c: BankContext,
  dependencies: BankDependencies,
  status: ErrorStatus,
): Response | Promise<Response> {
  const loggedIn = c.get('visitor').session?.stage === 'open';
  const { error } = familyOf(c.get('site').institution).screens;
  const { heading } = ERROR_TEXTS[status];
  const content = errorContent(status, loggedIn);
  // Nobody can open again what a form was sent to.
  const path = c.req.method === 'GET' ? c.req.path : loggedIn ? '/top' : '/';
  return show(c, dependencies, { screen: error, heading, content, path }, status);
}

/** The family's menu, without the entries this customer is not offered. */
function menuOf(c: BankContext): readonly MenuEntry[] {
  const withheld = c.get('withheld') ?? [];
  return familyOf(c.get('site').institution).menu.filter(({ path }) => !withheld.includes(path));
}

function textSize(c: BankContext): TextSize {
  const chosen = getCookie(c, TEXT_SIZE_COOKIE);
  return TEXT_SIZES.find(({ key }) => key === chosen)?.key ?? 'normal';
}
