import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import { suspendsByCustomer } from '../../../../core/institution/guide.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import {
  confirmationPasswordError,
  missingConfirmationPassword,
} from '../../../customer/confirmation-password.ts';
import { findCustomer } from '../../../store/customers.ts';
import { suspendToken } from '../../../token/suspend.ts';
import { suspendElsewhere } from '../../../token/ways.ts';
import { answer, type FormAgain, formState } from '../../../web/answer.ts';
import { OVER_PATH } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { customersOf, startSession } from '../../../web/session.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import { suspendCompleteContent, suspendConfirmContent, suspendElsewhereContent } from '../pages/suspend.ts';
import { showOtpMenu, whenPossible } from './otp-menu.ts';

const LOGIN = '/login/suspend';
const MENU = '/otp/suspend';
const COMPLETE = '/login/suspend/complete';

/** Shown if the service did not answer: nobody knows then whether the token was suspended. */
const UNKNOWN =
  '申し訳ございません。ワンタイムパスワードのサービスに接続できないため、利用停止の結果を確認できませんでした。しばらくしてから、もう一度「利用停止にする」ボタンを押して下さい。お急ぎの場合は、下記までお電話ください。';

/**
 * 利用停止 by the customer: from the menu, or from the login page that asks for a code, which a lost phone cannot give. That
 * page has checked the password only, so it allows nothing else. 利用停止 ends every session of the customer.
 */
export function suspendRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get(MENU, (c) =>
    whenPossible(c, dependencies, 'suspend', () => showForm(c, dependencies, MENU, { errors: [] }, 200)),
  );
  app.post(MENU, (c) => suspend(c, dependencies, MENU));
  app.get(LOGIN, (c) => {
    const { session, timedOut } = c.get('visitor');
    if (!suspendsByCustomer(c.get('site').institution)) return showElsewhere(c, dependencies);
    if (timedOut) return c.redirect('/timeout', 303);
    if (session?.stage === 'open') return c.redirect(MENU, 303);
    if (session?.stage !== 'otp') return c.redirect('/', 303);
    return showForm(c, dependencies, LOGIN, { errors: [] }, 200);
  });
  app.post(LOGIN, (c) => suspend(c, dependencies, LOGIN));
  app.get(COMPLETE, (c) => {
    const { session } = c.get('visitor');
    if (session?.stage !== 'suspended') return c.redirect('/', 303);
    const content = suspendCompleteContent(c.get('site').institution, session.at);
    return show(c, dependencies, { screen: ANSER.screens.loginSuspendComplete, content });
  });
}

type From = typeof LOGIN | typeof MENU;

async function suspend(c: BankContext, dependencies: BankDependencies, from: From): Promise<Response> {
  const { id, timedOut } = c.get('visitor');
  if (!suspendsByCustomer(c.get('site').institution)) return showElsewhere(c, dependencies);
  if (timedOut) return c.redirect('/timeout', 303);
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, id, 'suspend', submission)) return showError(c, dependencies, 403);
  const password = c.get('form').get('confirmation_password') ?? '';
  const missing = missingConfirmationPassword(password);
  if (missing !== undefined) {
    return showForm(c, dependencies, from, { errors: [missing], submission }, 422);
  }
  const outcome = await doOnce(dependencies, submission, () =>
    suspendOnce(c, dependencies, from, submission, password),
  );
  return answer(
    c,
    { submission, outcome },
    {
      showForm: (again, status) =>
        showForm(c, dependencies, from, status === 503 ? { ...again, notice: UNKNOWN } : again, status),
      ...(from === MENU && { showBlocked: (notice) => showOtpMenu(c, dependencies, notice) }),
    },
  );
}

async function suspendOnce(
  c: BankContext,
  dependencies: BankDependencies,
  from: From,
  submission: string,
  password: string,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const { id, session } = c.get('visitor');
  // Another window may have ended the session or logged in.
  if (session === undefined) return { kind: 'done', to: OVER_PATH };
  if (session.stage !== (from === MENU ? 'open' : 'otp')) return { kind: 'done', to: '/' };
  const customer = await findCustomer(dependencies.db, session.customerId);
  const kind = from === MENU ? 'confirmation' : 'suspension';
  const error = await confirmationPasswordError(dependencies, institution, customer, password, kind);
  if (error !== undefined) return { kind: 'refused', errors: [error] };
  const outcome = await suspendToken(dependencies, institution, customer, submission);
  if (outcome.kind !== 'suspended') return outcome;
  const ended = { stage: 'suspended', at: dependencies.clock() } as const;
  return {
    kind: 'done',
    to: COMPLETE,
    session: await startSession(dependencies, customersOf(institution), id, ended),
  };
}

function showForm(
  c: BankContext,
  dependencies: BankDependencies,
  from: From,
  again: FormAgain,
  status: PageStatus,
) {
  const { institution } = c.get('site');
  const screen = from === MENU ? ANSER.screens.suspendConfirm : ANSER.screens.loginSuspend;
  const back = from === MENU ? '/otp' : '/login/otp';
  const state = { ...formState(c, dependencies, 'suspend', again), institution, action: from, back };
  return show(c, dependencies, { screen, content: suspendConfirmContent(state) }, status);
}

function showElsewhere(c: BankContext, dependencies: BankDependencies) {
  const { institution } = c.get('site');
  const content = suspendElsewhereContent(institution, suspendElsewhere(institution));
  return show(c, dependencies, { screen: ANSER.screens.loginSuspend, content }, 403);
}
