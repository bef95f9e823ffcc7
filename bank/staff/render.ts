import type { BankDependencies } from '../context.ts';
import { ERROR_TEXTS, type ErrorStatus } from '../web/error.ts';
import type { PageStatus } from '../web/render.ts';
import type { StaffContext } from './context.ts';
import { staffFormToken } from './drafts.ts';
import { errorContent } from './pages/error.ts';
import { layout, type StaffPage } from './pages/layout.ts';

/** Shows a page in the console's frame. */
export function show(
  c: StaffContext,
  dependencies: BankDependencies,
  page: StaffPage,
  status: PageStatus = 200,
): Response | Promise<Response> {
  const { signedIn } = c.get('visitor');
  const frame = { href: dependencies.assets.href, formToken: staffFormToken(c, dependencies), signedIn };
  return c.html(layout(frame, { ...page, failed: page.failed ?? status !== 200 }), status);
}

/** The same answer for what there is not and for what another institution has. @param reason that was typed, and is not lost */
export function showError(
  c: StaffContext,
  dependencies: BankDependencies,
  status: ErrorStatus,
  what?: string,
  reason?: string,
): Response | Promise<Response> {
  const { signedIn } = c.get('visitor');
  const { heading } = ERROR_TEXTS[status];
  return show(
    c,
    dependencies,
    { heading, content: errorContent(status, signedIn !== undefined, what, reason) },
    status,
  );
}
