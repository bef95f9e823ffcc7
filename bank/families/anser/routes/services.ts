import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { Screen } from '../../../../core/family/screen.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { confirmationPasswordError } from '../../../customer/confirmation-password.ts';
import { KINDS } from '../../../request/kinds.ts';
import { openChanges } from '../../../store/changes.ts';
import { type Customer, findCustomer } from '../../../store/customers.ts';
import { stoppedNotice } from '../../../token/refusals.ts';
import { isStop, type OtpUse, otpUseOf, type TokenStop } from '../../../token/state.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show } from '../../../web/render.ts';
import type { Outcome } from '../../../web/submission.ts';
import { barredContent, servicesContent } from '../pages/services.ts';

/** The OTP came into use after the form was shown. */
const USED_MEANWHILE =
  'ワンタイムパスワードの登録状況が変わったため、お手続きできません。内容を確認して、もう一度入力してください。';

/**
 * Makes a change that only the 確認用パスワード protects, if the OTP is still not in use.
 * @param stopped the message if the token is stopped
 */
export async function changeByPassword(
  c: BankContext,
  dependencies: BankDependencies,
  { password, stopped }: { readonly password: string; readonly stopped: (stop: TokenStop) => string },
  change: (customer: Customer) => Promise<Outcome>,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const error = await confirmationPasswordError(dependencies, institution, customer, password);
  if (error !== undefined) return { kind: 'refused', errors: [error] };
  const use = await otpUseOf(dependencies, institution, customer);
  if (use === undefined) return { kind: 'unavailable' };
  if (isStop(use)) return { kind: 'blocked', notice: stopped(use) };
  return use === 'in-use' ? { kind: 'blocked', notice: USED_MEANWHILE } : change(customer);
}

/**
 * Whether the customer's OTP is in use, for a form to show.
 * @param status 503: the token service does not answer; then the form that was sent tells, as only customers without an OTP are
 *   asked for their password, and nothing that was typed is lost
 */
export async function otpUseShown(
  c: BankContext,
  dependencies: BankDependencies,
  customer: Customer,
  status: PageStatus,
): Promise<OtpUse | undefined> {
  if (status !== 503) return otpUseOf(dependencies, c.get('site').institution, customer);
  return c.get('form').has('confirmation_password') ? 'not-in-use' : 'in-use';
}

interface StoppedForm {
  readonly use: TokenStop;
  readonly screen: Screen;
  readonly path: string;
}

/** In place of a change's form, which could only be refused while the token is stopped: why, and whom to call. */
export async function showStopped(
  c: BankContext,
  dependencies: BankDependencies,
  { use, screen, path }: StoppedForm,
  status: PageStatus,
): Promise<Response> {
  const content = barredContent(stoppedNotice(c.get('site').institution, use, 'お手続き'));
  return show(c, dependencies, { screen, content, path }, status);
}

/** ご利用サービスの変更. */
export function servicesRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/services', async (c) => {
    const rows = await openChanges(dependencies.db, openSession(c).customerId);
    const open = rows.map((row) => ({ row, path: KINDS[row.type].pathOf(row.id) }));
    return show(c, dependencies, { screen: ANSER.screens.services, content: servicesContent(open) });
  });
}
