import type { Hono } from 'hono';
import { SHINKIN } from '../../../../core/family/shinkin.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import type { LoginLimits } from '../../../customer/login-limits.ts';
import { type Customer, findCustomer, forgetLockNotice, recordLogin } from '../../../store/customers.ts';
import { CODE_NOT_ACCEPTED, readOtp } from '../../../token/code-input.ts';
import { noteEnd } from '../../../token/ends.ts';
import { presentCode } from '../../../token/present.ts';
import { currentState, noticeLock, type TokenState } from '../../../token/state.ts';
import { answer, type FormAgain, formState, UNAVAILABLE } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { type BankContext, formToken, type PageStatus, show, showError } from '../../../web/render.ts';
import { customersOf, endSession, startSession } from '../../../web/session.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import { giveSession } from '../../../web/visitor.ts';
import { contractHolder } from '../contract.ts';
import {
  type LoginStop,
  loginContent,
  loginOtpContent,
  loginStoppedContent,
  STOP_HEADINGS,
} from '../pages/login.ts';

const { screens } = SHINKIN;

/** ログイン, and ワンタイムパスワード認証 where the customer has chosen 認証する. */
export function loginRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, limits: LoginLimits): void {
  app.get('/', (c) => {
    const stage = c.get('visitor').session?.stage;
    if (stage === 'open') return c.redirect('/top', 303);
    if (stage === 'otp') return c.redirect('/login/otp', 303);
    return showLogin(c, dependencies, [], 200);
  });
  // Where the back button or a bookmark leads after a refused login.
  app.get('/login', (c) => c.redirect('/', 303));
  app.post('/login', (c) => login(c, dependencies, limits));
  app.get('/login/otp', (c) => {
    const { session, timedOut } = c.get('visitor');
    if (timedOut) return c.redirect('/timeout', 303);
    if (session?.stage !== 'otp') return c.redirect('/', 303);
    return showOtp(c, dependencies, { errors: [] }, 200);
  });
  app.post('/login/otp', (c) => takeCode(c, dependencies));
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
 * What stands in the way of a login. A token that was suspended stops every one: somebody else may know the password. What
 * only keeps codes from being taken stops those who have chosen that the login asks for one.
 */
function stopOf({ kind }: TokenState, { login_otp: loginOtp }: Customer): LoginStop | undefined {
  if (kind === 'suspended') return kind;
  return loginOtp && (kind === 'locked' || kind === 'expired') ? kind : undefined;
}

async function login(c: BankContext, dependencies: BankDependencies, limits: LoginLimits): Promise<Response> {
  const { institution } = c.get('site');
  const holder = await contractHolder(c, dependencies, limits);
  if (holder.kind === 'too-soon') {
    c.header('Retry-After', String(holder.seconds));
    return showError(c, dependencies, 429);
  }
  if (holder.kind === 'wrong') return showLogin(c, dependencies, holder.errors, 422);
  const { customer } = holder;
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return showLogin(c, dependencies, [], 503, UNAVAILABLE);
  await noteEnd(dependencies, customer, state);
  // The answer that told of the lock may have been lost.
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
    const data = { stage: 'otp', customerId: customer.id } as const;
    giveSession(c, await startSession(dependencies, customersOf(institution), c.get('visitor').id, data));
    return c.redirect('/login/otp', 303);
  }
  giveSession(c, await open(dependencies, institution, c.get('visitor').id, customer.id, 'password'));
  return c.redirect('/top', 303);
}

/** @returns the id of the new session */
async function open(
  dependencies: BankDependencies,
  institution: Institution,
  previousId: string,
  customerId: string,
  method: 'password' | 'otp',
): Promise<string> {
  const { db, clock, logger } = dependencies;
  const data = { stage: 'open', customerId } as const;
  const id = await startSession(dependencies, customersOf(institution), previousId, data);
  await recordLogin(db, customerId, new Date(clock()), method);
  logger.info({ institution: institution.key, customer: customerId, event: 'login', method }, 'logged in');
  return id;
}

async function takeCode(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const { id, session, timedOut } = c.get('visitor');
  if (timedOut) return c.redirect('/timeout', 303);
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, id, 'verify', submission)) return showError(c, dependencies, 403);
  const input = readOtp(c.get('form').get('otp'), c.get('site').institution);
  if (input.kind === 'wrong') return showOtp(c, dependencies, { errors: [input.error] }, 422);
  const outcome = await doOnce(dependencies, submission, async () =>
    // A second click may find the session gone: the first has turned it into a new one.
    session?.stage === 'otp'
      ? verify(c, dependencies, session.customerId, submission, input.code)
      : { kind: 'done', to: '/' },
  );
  return answer(
    c,
    { submission, outcome },
    { showForm: (again, status) => showOtp(c, dependencies, again, status) },
  );
}

async function verify(
  c: BankContext,
  dependencies: BankDependencies,
  customerId: string,
  submission: string,
  code: string,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const customer = await findCustomer(dependencies.db, customerId);
  if (customer.user_id === null) return { kind: 'done', to: '/' };
  const presented = await presentCode(dependencies, institution, customer, {
    use: 'verify',
    submission,
    code,
  });
  switch (presented.kind) {
    case 'accepted': {
      await forgetLockNotice(dependencies.db, customerId);
      const session = await open(dependencies, institution, c.get('visitor').id, customerId, 'otp');
      return { kind: 'done', to: '/top', session };
    }
    case 'conflict':
      return overtaken(c, dependencies, customer);
    default:
      return presented;
  }
}

/** The token was stopped, or ended, while the code was typed: says so, as a new login would. */
async function overtaken(
  c: BankContext,
  dependencies: BankDependencies,
  customer: Customer,
): Promise<Outcome> {
  const state = await currentState(dependencies, c.get('site').institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const stop = stopOf(state, customer);
  if (stop === undefined) return { kind: 'refused', errors: [CODE_NOT_ACCEPTED] };
  await endSession(dependencies.db, c.get('visitor').id);
  return { kind: 'done', to: stopPath(stop) };
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
