import type { Hono } from 'hono';
import { SHINKIN } from '../../../../core/family/shinkin.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import type { LoginLimits } from '../../../customer/login-limits.ts';
import type { Customer } from '../../../store/customers.ts';
import { noteEnd } from '../../../token/ends.ts';
import { currentState, noticeLock, type TokenState } from '../../../token/state.ts';
import { type FormAgain, formState, UNAVAILABLE } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import { endSession } from '../../../web/session.ts';
import {
  askForToken,
  logInByPassword,
  loginPageRoutes,
  readCode,
  takeLoginProof,
} from '../../common/routes/login.ts';
import { contractHolder } from '../contract.ts';
import {
  type LoginStop,
  loginContent,
  loginOtpContent,
  loginStoppedContent,
  STOP_HEADINGS,
} from '../pages/login.ts';

const { screens } = SHINKIN;

/** ログイン, and ワンタイムパスワード認証 if the customer has chosen 認証する. */
export function loginRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, limits: LoginLimits): void {
  loginPageRoutes(app, (c, notice) => showLogin(c, dependencies, [], 200, notice));
  app.post('/login', (c) => login(c, dependencies, limits));
  app.get('/login/otp', (c) => {
    const { session, timedOut } = c.get('visitor');
    if (timedOut) return c.redirect('/timeout', 303);
    if (session?.stage !== 'otp') return c.redirect('/', 303);
    return showOtp(c, dependencies, { errors: [] }, 200);
  });
  app.post('/login/otp', (c) =>
    takeLoginProof(c, dependencies, {
      readProof: readCode,
      showForm: (again, status) => showOtp(c, dependencies, again, status),
      stoppedAt: (state, customer) => {
        const stop = stopOf(state, customer);
        return stop && stopPath(stop);
      },
    }),
  );
  app.post('/login/cancel', async (c) => {
    await endSession(dependencies.db, c.get('visitor').id);
    return c.redirect('/', 303);
  });
  for (const stop of ['locked', 'suspended', 'expired'] as const) {
    app.get(stopPath(stop), (c) => showStopped(c, dependencies, stop));
  }
}

const stopPath = (stop: LoginStop) => `/login/${stop === 'locked' ? 'stopped' : stop}`;

/**
 * What prevents a login. A suspended token stops every login: somebody else may know the password. Other states, in which
 * the token only accepts no codes, stop customers who have chosen that the login asks for one.
 */
function stopOf({ kind }: TokenState, { login_otp: loginOtp }: Customer): LoginStop | undefined {
  if (kind === 'suspended') return kind;
  return loginOtp && (kind === 'locked' || kind === 'expired') ? kind : undefined;
}

async function login(c: BankContext, dependencies: BankDependencies, limits: LoginLimits): Promise<Response> {
  const { institution } = c.get('site');
  const holder = await contractHolder(c, dependencies, limits, 'login');
  if (holder.kind === 'too-soon') {
    c.header('Retry-After', String(holder.seconds));
    return showError(c, dependencies, 429);
  }
  if (holder.kind === 'wrong') return showLogin(c, dependencies, holder.errors, 422);
  const { customer } = holder;
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return showLogin(c, dependencies, [], 503, UNAVAILABLE);
  await noteEnd(dependencies, customer, state);
  // The answer that reported the lock may have been lost.
  if (state.kind === 'locked') await noticeLock(dependencies, institution, customer, state.token);
  const stop = stopOf(state, customer);
  if (stop !== undefined) {
    dependencies.logger.warn(
      { institution: institution.key, customer: customer.id, event: 'login', stop },
      'refused login',
    );
    return c.redirect(stopPath(stop), 303);
  }
  if (state.kind === 'active' && customer.login_otp) {
    return askForToken(c, dependencies, customer.id);
  }
  return logInByPassword(c, dependencies, customer.id);
}

function showLogin(
  c: BankContext,
  dependencies: BankDependencies,
  errors: readonly FieldError[],
  status: PageStatus,
  notice?: string,
) {
  const state = { formToken: formToken(dependencies, c.get('visitor').id), errors, notice };
  return show(c, dependencies, { screen: screens.login, content: loginContent(state), path: '/' }, status);
}

function showOtp(c: BankContext, dependencies: BankDependencies, state: FormAgain, status: PageStatus) {
  const content = loginOtpContent(formState(c, dependencies, 'verify', state));
  return show(c, dependencies, { screen: screens.loginOtp, content }, status);
}

function showStopped(c: BankContext, dependencies: BankDependencies, stop: LoginStop) {
  const content = loginStoppedContent(c.get('site').institution, stop);
  return show(c, dependencies, { screen: screens.loginStopped, heading: STOP_HEADINGS[stop], content }, 403);
}
