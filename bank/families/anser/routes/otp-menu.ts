import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { findCustomer } from '../../../store/customers.ts';
import { leaveChallenge } from '../../../token/challenge.ts';
import { type Application, isRenewable, refusalOf, remarkOf } from '../../../token/refusals.ts';
import { currentState, type TokenState } from '../../../token/state.ts';
import { answer, type FormAgain } from '../../../web/answer.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import type { Outcome } from '../../../web/submission.ts';
import { otpMenuContent } from '../pages/otp-menu.ts';

/** ワンタイムパスワード申請内容選択: BOP001. */
export function otpMenuRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/otp', (c) => showOtpMenu(c, dependencies));
  app.post('/otp/cancel', (c) => {
    leaveChallenge(c, dependencies);
    return c.redirect('/otp', 303);
  });
}

/** The menu, or an error page if the token service does not answer. */
export async function showOtpMenu(
  c: BankContext,
  dependencies: BankDependencies,
  refusal?: string,
): Promise<Response> {
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const { institution } = c.get('site');
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return showError(c, dependencies, 503);
  return showState(c, dependencies, state, refusal);
}

/**
 * Shows the form of an application that is possible now; otherwise the menu with the reason.
 * @param next shows the form
 */
export async function whenPossible(
  c: BankContext,
  dependencies: BankDependencies,
  application: Application,
  next: (state: TokenState) => Response | Promise<Response>,
): Promise<Response> {
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const { institution } = c.get('site');
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return showError(c, dependencies, 503);
  const refusal = refusalOf(application, state, institution, dependencies.clock());
  return refusal === undefined ? next(state) : showState(c, dependencies, state, refusal);
}

/** Answers a form that the menu links to; if the application is blocked, the menu says why. */
export const answerFromMenu = (
  c: BankContext,
  dependencies: BankDependencies,
  done: { readonly submission: string; readonly outcome: Outcome },
  showForm: (again: FormAgain, status: PageStatus) => Response | Promise<Response>,
): Response | Promise<Response> =>
  answer(c, done, { showForm, showBlocked: (notice) => showOtpMenu(c, dependencies, notice) });

function showState(
  c: BankContext,
  dependencies: BankDependencies,
  state: TokenState,
  refusal?: string,
): Response | Promise<Response> {
  const { institution } = c.get('site');
  const remark = remarkOf(state, institution, dependencies.clock());
  const renewable = isRenewable(state, institution, dependencies.clock());
  const issuable = refusalOf('issue', state, institution, dependencies.clock()) === undefined;
  const content = otpMenuContent({ institution, state, refusal, remark, renewable, issuable });
  const page = { screen: ANSER.screens.otpMenu, content, path: '/otp' };
  return show(c, dependencies, page, refusal === undefined ? 200 : 409);
}
