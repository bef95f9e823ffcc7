import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { accountsOf, payeesOf } from '../../../store/accounts.ts';
import { type Customer, findCustomer } from '../../../store/customers.ts';
import { recentTransfers } from '../../../store/transfers.ts';
import { stoppedNotice } from '../../../token/refusals.ts';
import { type OtpUse, otpUseOf } from '../../../token/state.ts';
import type { Choices } from '../../../transfer/input.ts';
import { limitNow, usedToday } from '../../../transfer/limits.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, show, showError } from '../../../web/render.ts';
import { transferMenuContent } from '../pages/transfer-menu.ts';

const HISTORY_SHOWN = 20;

/** 振込・振替: the menu. */
export function transferMenuRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/transfer', async (c) => {
    const asking = await whoAsks(c, dependencies);
    return asking.otpUse === undefined ? showError(c, dependencies, 503) : showMenu(c, dependencies, asking);
  });
}

/** A customer who is about to transfer, and what they can. */
export interface Asking {
  readonly customer: Customer;
  readonly choices: Choices;
  /** Undefined where the token service cannot say. */
  readonly otpUse: OtpUse | undefined;
  readonly limit: number;
  readonly used: number;
}

export async function whoAsks(c: BankContext, dependencies: BankDependencies): Promise<Asking> {
  const { db, clock } = dependencies;
  const { institution } = c.get('site');
  const customer = await findCustomer(db, openSession(c).customerId);
  const otpUse = await otpUseOf(dependencies, institution, customer);
  const choices = {
    institution,
    holder: customer.name,
    accounts: await accountsOf(db, customer.id),
    payees: await payeesOf(db, customer.id),
  };
  const limit = limitNow(customer, institution, otpUse === 'in-use', clock());
  return { customer, choices, otpUse, limit, used: await usedToday(db, customer.id, clock()) };
}

/** Goes on unless the token is stopped or nobody can say. */
export async function whenAllowed(
  c: BankContext,
  dependencies: BankDependencies,
  next: (asking: Asking) => Response | Promise<Response>,
): Promise<Response> {
  const asking = await whoAsks(c, dependencies);
  if (asking.otpUse === undefined) return showError(c, dependencies, 503);
  return asking.otpUse === 'stopped' ? showMenu(c, dependencies, asking) : next(asking);
}

export async function showMenu(
  c: BankContext,
  dependencies: BankDependencies,
  asking: Asking,
): Promise<Response> {
  const { institution } = c.get('site');
  const stopped = asking.otpUse === 'stopped';
  const content = transferMenuContent({
    limit: asking.limit,
    usedToday: asking.used,
    transfers: await recentTransfers(dependencies.db, asking.customer.id, HISTORY_SHOWN),
    refusal: stopped ? stoppedNotice(institution) : undefined,
  });
  return show(
    c,
    dependencies,
    { screen: ANSER.screens.transfer, content, path: '/transfer' },
    stopped ? 409 : 200,
  );
}
