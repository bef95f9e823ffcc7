import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import { type Policy, policiesOf, policyOf } from '../../../../core/institution/policy.ts';
import { sourceOf } from '../../../../host/source.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { authenticate } from '../../../customer/authenticate.ts';
import { createLoginLimits, type LoginLimits } from '../../../customer/login-limits.ts';
import { typedPasswordError } from '../../../customer/typed-password.ts';
import { findCustomerByLogin } from '../../../store/customers.ts';
import { leaveChallenge } from '../../../token/challenge.ts';
import { noteEnd } from '../../../token/ends.ts';
import { currentState, noticeLock, type TokenState } from '../../../token/state.ts';
import { UNAVAILABLE } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import { endSession } from '../../../web/session.ts';
import type { Waiters } from '../../../web/waiters.ts';
import { askForToken, logInByPassword, loginPageRoutes, takeLoginProof } from '../../common/routes/login.ts';
import { type LoginStop, loginContent, loginOtpContent, loginStoppedContent } from '../pages/login.ts';
import { type ProofScreen, proofRoutes, readProof, showProof, stopPath } from './proof.ts';

/** The same message for an unknown ID, a wrong password and a stopped password. */
function notLoggedIn({ wrongPasswordsToStop, passwordStopMinutes }: Policy): FieldError {
  const stop = `連続して${wrongPasswordsToStop}回間違えると、${passwordStopMinutes}分間ログインできなくなります。`;
  return {
    field: '',
    message: `ログインIDまたはログインパスワードが正しくありません。もう一度入力してください。${stop}`,
  };
}

const STOP_HEADINGS: Record<LoginStop, string> = {
  locked: ANSER.screens.loginStopped.heading,
  suspended: 'トークンの利用停止',
  expired: 'トークンの有効期限',
};

const LOGIN_ID = /^[0-9A-Za-z]{6,12}$/;

const OTP: ProofScreen = {
  use: 'verify',
  screen: ANSER.screens.loginOtp,
  path: '/login/otp',
  stage: 'otp',
  what: 'ログイン',
  goesOn: true,
  content: loginOtpContent,
};

/** ログイン: BLI001 and, if a token is in use, BLI023. */
export function loginRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, waiters: Waiters): void {
  loginPageRoutes(app, (c, notice) => showLogin(c, dependencies, [], 200, notice));
  const { directory, loginRates } = dependencies;
  const limits = createLoginLimits(policiesOf(directory.institutions), loginRates);
  app.post('/login', (c) => login(c, dependencies, limits));
  app.get('/login/otp', async (c) => {
    const { session, timedOut } = c.get('visitor');
    if (timedOut) return c.redirect('/timeout', 303);
    if (session?.stage !== 'otp') return c.redirect('/', 303);
    return showProof(c, dependencies, OTP, { errors: [] }, 200);
  });
  app.post('/login/otp', (c) =>
    takeLoginProof(c, dependencies, {
      readProof: () => readProof(c, dependencies, OTP),
      showForm: (again, status) => showProof(c, dependencies, OTP, again, status),
      stoppedAt,
    }),
  );
  proofRoutes(app, dependencies, waiters, OTP);
  app.post('/login/cancel', async (c) => {
    if (c.get('visitor').session?.stage === 'otp') leaveChallenge(c, dependencies);
    await endSession(dependencies.db, c.get('visitor').id);
    return c.redirect('/', 303);
  });
  app.get('/login/stopped', (c) => showStopped(c, dependencies, 'locked'));
  app.get('/login/suspended', (c) => showStopped(c, dependencies, 'suspended'));
  app.get('/login/expired', (c) => showStopped(c, dependencies, 'expired'));
}

async function login(c: BankContext, dependencies: BankDependencies, limits: LoginLimits): Promise<Response> {
  const { db, clock, logger, passwordChecks } = dependencies;
  const { institution } = c.get('site');
  const loginId = (c.get('form').get('login_id') ?? '').normalize('NFKC').trim();
  const password = c.get('form').get('password') ?? '';
  const missing = missingFields(loginId, password);
  if (missing.length > 0) return showLogin(c, dependencies, missing, 422);
  const source = sourceOf(c, dependencies.trustedProxies) ?? '';
  const tried = { institution: institution.key, source, loginId };
  const tooSoon = limits.take(tried, clock());
  if (tooSoon !== undefined) {
    logger.warn({ institution: institution.key, event: 'login' }, 'too many logins from one source; refused');
    c.header('Retry-After', String(tooSoon));
    return showError(c, dependencies, 429);
  }
  const customer = await passwordChecks.login.run(async () => {
    const known = LOGIN_ID.test(loginId) ? loginId : '';
    const holder = await findCustomerByLogin(db, institution.key, known);
    return authenticate(dependencies, institution, { kind: 'login', holder, password });
  });
  if (customer === undefined) {
    logger.info({ institution: institution.key, event: 'login' }, 'wrong login ID or password');
    return showLogin(c, dependencies, [notLoggedIn(policyOf(institution))], 422);
  }
  limits.giveBack(tried);
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return showLogin(c, dependencies, [], 503, UNAVAILABLE);
  await noteEnd(dependencies, customer, state);
  if (state.kind === 'locked') {
    logger.warn(
      { institution: institution.key, customer: customer.id, event: 'login' },
      'refused login: token is locked',
    );
    // The answer that reported the lock may have been lost.
    await noticeLock(dependencies, institution, customer, state.token);
    return c.redirect('/login/stopped', 303);
  }
  if (state.kind === 'suspended') {
    logger.warn(
      { institution: institution.key, customer: customer.id, event: 'login' },
      'refused login: token is suspended',
    );
    return c.redirect('/login/suspended', 303);
  }
  if (state.kind === 'expired') return c.redirect('/login/expired', 303);
  return state.kind === 'active'
    ? askForToken(c, dependencies, customer.id)
    : logInByPassword(c, dependencies, customer.id);
}

function missingFields(loginId: string, password: string): FieldError[] {
  return [
    loginId === '' ? { field: 'login_id', message: 'ログインIDを入力してください。' } : undefined,
    typedPasswordError('password', 'ログインパスワード', password),
  ].filter((error) => error !== undefined);
}

/** Where to send a customer whose token was stopped or ended while they typed the code. */
const stoppedAt = ({ kind }: TokenState) =>
  kind === 'suspended' || kind === 'expired' ? stopPath(kind) : undefined;

function showLogin(
  c: BankContext,
  dependencies: BankDependencies,
  errors: readonly FieldError[],
  status: PageStatus,
  notice?: string,
) {
  const state = { formToken: formToken(dependencies, c.get('visitor').id), errors, notice };
  return show(
    c,
    dependencies,
    { screen: ANSER.screens.login, content: loginContent(c.get('site').institution, state) },
    status,
  );
}

function showStopped(c: BankContext, dependencies: BankDependencies, stop: LoginStop) {
  const content = loginStoppedContent(c.get('site').institution, stop);
  const heading = STOP_HEADINGS[stop];
  return show(c, dependencies, { screen: ANSER.screens.loginStopped, heading, content }, 403);
}
