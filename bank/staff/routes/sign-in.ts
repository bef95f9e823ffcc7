import type { Hono } from 'hono';
import { type Policy, policiesOf, policyOf } from '../../../core/institution/policy.ts';
import { sourceOf } from '../../../host/source.ts';
import type { BankDependencies } from '../../context.ts';
import { authenticate } from '../../customer/authenticate.ts';
import { createLoginLimits, type LoginLimits } from '../../customer/login-limits.ts';
import { typedPasswordError } from '../../customer/typed-password.ts';
import { passkeysOf } from '../../store/passkeys.ts';
import { findClerkByStaffId } from '../../store/staff.ts';
import type { FieldError } from '../../web/form.ts';
import type { PageStatus } from '../../web/render.ts';
import type { StaffContext, StaffEnv } from '../context.ts';
import { staffFormToken, whereLeftOff } from '../drafts.ts';
import { signedOutContent, signInContent, timedOutContent } from '../pages/sign-in.ts';
import { show, showError } from '../render.ts';
import { endStaffSession, forgetTimeout, startStaffSession } from '../session.ts';
import { secondStepRoutes } from './passkey.ts';

const STAFF_ID = /^[0-9A-Za-z]{4,20}$/;

/** One message for an unknown ID, a wrong password and a stopped one. */
function notSignedIn({ wrongPasswordsToStop, passwordStopMinutes }: Policy): FieldError {
  return {
    field: '',
    message: `金融機関、職員ID、パスワードのいずれかが正しくありません。連続して${wrongPasswordsToStop}回間違えると、${passwordStopMinutes}分間サインインできなくなります。`,
  };
}

/** What is open to everyone: サインイン, サインアウト, timeout. */
export function signInRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  const { directory, loginRates } = dependencies;
  const limits = createLoginLimits(policiesOf(directory.institutions), loginRates);
  app.get('/sign-in', (c) =>
    c.get('visitor').signedIn === undefined
      ? showSignIn(c, dependencies, { errors: [], chosen: '' }, 200)
      : c.redirect('/', 303),
  );
  app.post('/sign-in', (c) => signIn(c, dependencies, limits));
  secondStepRoutes(app, dependencies);
  app.post('/sign-out', async (c) => {
    await endStaffSession(c, dependencies);
    return c.redirect('/signed-out', 303);
  });
  app.get('/signed-out', (c) =>
    show(c, dependencies, { heading: 'サインアウト', content: signedOutContent() }),
  );
  app.get('/timeout', (c) => {
    forgetTimeout(c, dependencies);
    return show(c, dependencies, { heading: 'タイムアウト', content: timedOutContent() });
  });
}

async function signIn(
  c: StaffContext,
  dependencies: BankDependencies,
  limits: LoginLimits,
): Promise<Response> {
  const { db, clock, directory, logger, passwordChecks } = dependencies;
  const text = (name: string) => c.get('form').get(name) ?? '';
  const chosen = text('institution');
  const institution = directory.institutions.find(({ key }) => key === chosen);
  const staffId = text('staff_id').normalize('NFKC').trim();
  const password = text('password');
  const errors = wrongFields({ chosen, staffId, password });
  if (errors.length > 0) return showSignIn(c, dependencies, { errors, chosen }, 422);
  const source = sourceOf(c, dependencies.trustedProxies) ?? '';
  const tried = { institution: institution?.key ?? '', source, loginId: staffId };
  const tooSoon = limits.take(tried, clock());
  if (tooSoon !== undefined) {
    logger.warn({ event: 'staff sign-in' }, 'too many sign-ins from one source; refused');
    c.header('Retry-After', String(tooSoon));
    return showError(c, dependencies, 429);
  }
  const clerk = await passwordChecks.login.run(async () => {
    const known = STAFF_ID.test(staffId) ? staffId : '';
    const holder = await findClerkByStaffId(db, institution?.key ?? '', known);
    return authenticate(dependencies, institution, { kind: 'staff', holder, password });
  });
  if (clerk === undefined || institution === undefined) {
    logger.info({ institution: institution?.key, event: 'staff sign-in' }, 'wrong staff ID or password');
    const error = notSignedIn(policyOf(institution));
    return showSignIn(c, dependencies, { errors: [error], chosen }, 422);
  }
  limits.giveBack(tried);
  if ((await passkeysOf(db, clerk.id)).length > 0) {
    await startStaffSession(c, dependencies, clerk, 'second-step');
    return c.redirect('/sign-in/passkey', 303);
  }
  await startStaffSession(c, dependencies, clerk);
  logger.info({ institution: clerk.institution, staff: clerk.staff_id, event: 'staff sign-in' }, 'signed in');
  return c.redirect((await whereLeftOff(dependencies, { clerk, institution })) ?? '/', 303);
}

function wrongFields(typed: { chosen: string; staffId: string; password: string }): FieldError[] {
  const errors: FieldError[] = [];
  if (typed.chosen === '') errors.push({ field: 'institution', message: '金融機関を選択してください。' });
  if (typed.staffId === '') errors.push({ field: 'staff_id', message: '職員IDを入力してください。' });
  const wrongPassword = typedPasswordError('password', 'パスワード', typed.password);
  return wrongPassword === undefined ? errors : [...errors, wrongPassword];
}

interface SignInAgain {
  readonly errors: readonly FieldError[];
  /** Key of the institution that was chosen. */
  readonly chosen: string;
}

function showSignIn(
  c: StaffContext,
  dependencies: BankDependencies,
  { errors, chosen }: SignInAgain,
  status: PageStatus,
) {
  const content = signInContent({
    institutions: dependencies.directory.institutions,
    formToken: staffFormToken(c, dependencies),
    errors,
    chosen,
  });
  return show(c, dependencies, { heading: 'サインイン', content }, status);
}
