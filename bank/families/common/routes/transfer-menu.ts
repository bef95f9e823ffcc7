import type { Hono } from 'hono';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { accountsOf, payeesOf } from '../../../store/accounts.ts';
import { type Customer, findCustomer } from '../../../store/customers.ts';
import { recentTransfers } from '../../../store/transfers.ts';
import { barredBy } from '../../../token/refusals.ts';
import { currentState, isHardware, isStop, type OtpUse, otpUse } from '../../../token/state.ts';
import type { Choices } from '../../../transfer/input.ts';
import { limitNow, usedToday } from '../../../transfer/limits.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, show, showError } from '../../../web/render.ts';
import { transferMenuContent } from '../pages/transfer-menu.ts';
import type { TransferFamily } from '../transfer-family.ts';

const HISTORY_SHOWN = 20;

/** 振込・振替: the menu. */
export function transferMenuRoutes(
  app: Hono<BankEnv>,
  dependencies: BankDependencies,
  family: TransferFamily,
): void {
  app.get('/transfer', async (c) => {
    const asking = await whoAsks(c, dependencies);
    return asking.otpUse === undefined
      ? showError(c, dependencies, 503)
      : showMenu(c, dependencies, family, asking);
  });
}

/** A customer who wants to transfer, and what they may do. */
export interface Asking {
  readonly customer: Customer;
  readonly choices: Choices;
  /** Undefined if the token service does not answer. */
  readonly otpUse: OtpUse | undefined;
  /** The token cannot show details; its code confirms. */
  readonly hardware: boolean;
  readonly limit: number;
  readonly used: number;
}

export async function whoAsks(c: BankContext, dependencies: BankDependencies): Promise<Asking> {
  const { db, clock } = dependencies;
  const { institution } = c.get('site');
  const customer = await findCustomer(db, openSession(c).customerId);
  const state = await currentState(dependencies, institution, customer);
  const use = state && otpUse(state);
  const choices = {
    institution,
    holder: customer.name,
    accounts: await accountsOf(db, customer.id),
    payees: await payeesOf(db, customer.id),
  };
  const limit = limitNow(customer, institution, use === 'in-use', clock());
  const used = await usedToday(db, customer.id, clock());
  return {
    customer,
    choices,
    otpUse: use,
    hardware: state !== undefined && isHardware(state),
    limit,
    used,
  };
}

/** Calls `next` if the customer may transfer; otherwise shows why not. */
export async function whenAllowed(
  c: BankContext,
  dependencies: BankDependencies,
  family: TransferFamily,
  next: (asking: Asking) => Response | Promise<Response>,
): Promise<Response> {
  const asking = await whoAsks(c, dependencies);
  if (asking.otpUse === undefined) return showError(c, dependencies, 503);
  const barred = barredBy(c.get('site').institution, asking.otpUse, family.needsOtp);
  return barred === undefined ? next(asking) : showMenu(c, dependencies, family, asking);
}

export async function showMenu(
  c: BankContext,
  dependencies: BankDependencies,
  family: TransferFamily,
  asking: Asking,
): Promise<Response> {
  const { institution } = c.get('site');
  const { otpUse } = asking;
  const refusal = barredBy(institution, otpUse, family.needsOtp);
  const content = transferMenuContent({
    limit: asking.limit,
    usedToday: asking.used,
    transfers: await recentTransfers(dependencies.db, asking.customer.id, HISTORY_SHOWN),
    limitNote: family.limitNote,
    refusal,
  });
  return show(
    c,
    dependencies,
    { screen: family.screens.transfer, content, path: '/transfer' },
    isStop(otpUse) ? 409 : 200,
  );
}
