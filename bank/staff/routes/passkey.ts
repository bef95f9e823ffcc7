import type { Hono } from 'hono';
import { policyOf } from '../../../core/institution/policy.ts';
import type { BankDependencies } from '../../context.ts';
import { authenticate } from '../../customer/authenticate.ts';
import { typedPasswordError } from '../../customer/typed-password.ts';
import {
  colleaguesOf,
  PASSKEYS_MOST,
  passkeysOf,
  removePasskey,
  resetPasskeys,
} from '../../store/passkeys.ts';
import { findClerk } from '../../store/staff.ts';
import type { FieldError } from '../../web/form.ts';
import type { PageStatus } from '../../web/render.ts';
import { reasonError } from '../act-input.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { dropTyped, staffFormToken, TYPED_BEFORE, typedBefore, whereLeftOff } from '../drafts.ts';
import { recordOwnAct } from '../own-acts.ts';
import { colleaguesContent, passkeysContent, secondStepContent } from '../pages/passkeys.ts';
import { registerPasskey, registrationOptions, signInByPasskey, signInOptions } from '../passkeys.ts';
import { show, showError } from '../render.ts';
import { mayApprove, SUPERVISORS_ONLY } from '../roles.ts';
import { endSessionsOfClerk } from '../session.ts';

const SCRIPTS = ['simplewebauthn.js', 'passkey.js'] as const;

/** Characters of a passkey's name at most. */
const NAME_MOST = 40;

/** The second step of the sign-in, open to whoever has given the password. */
export function secondStepRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.get('/sign-in/passkey', (c) => showSecondStep(c, dependencies, [], 200));
  app.post('/sign-in/passkey', async (c) => {
    const { secondStep, timedOut } = c.get('visitor');
    if (secondStep === undefined) return c.redirect(timedOut ? '/timeout' : '/sign-in', 303);
    const { clerk, institution } = secondStep;
    const log = { institution: institution.key, staff: clerk.staff_id, event: 'staff passkey' };
    if (!(await signInByPasskey(c, dependencies, secondStep, c.get('form').get('response') ?? ''))) {
      dependencies.logger.warn(log, 'passkey not accepted');
      return showSecondStep(c, dependencies, [{ field: '', message: NOT_ACCEPTED }], 422);
    }
    dependencies.logger.info(log, 'signed in');
    return c.redirect((await whereLeftOff(dependencies, secondStep)) ?? '/', 303);
  });
}

const NOT_ACCEPTED = 'パスキーを確認できませんでした。もう一度操作してください。';

async function showSecondStep(
  c: StaffContext,
  dependencies: BankDependencies,
  errors: readonly FieldError[],
  status: PageStatus,
): Promise<Response> {
  const { secondStep } = c.get('visitor');
  if (secondStep === undefined) return c.redirect('/sign-in', 303);
  const options = await signInOptions(c, dependencies, secondStep);
  const content = secondStepContent({ formToken: staffFormToken(c, dependencies), options, errors });
  return show(c, dependencies, { heading: 'サインイン（パスキー）', content, scripts: SCRIPTS }, status);
}

/** One's own passkeys, and those of a colleague who has lost them. */
export function passkeyRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.get('/passkeys', (c) => showPasskeys(c, dependencies, {}, 200));
  app.get('/passkeys/remove', (c) => c.redirect('/passkeys', 303));
  app.post('/passkeys', (c) => add(c, dependencies));
  app.post('/passkeys/remove', (c) => remove(c, dependencies));
  app.get('/staff', async (c) => {
    const typed = await typedBefore(c, dependencies);
    if (typed === undefined) return showColleagues(c, dependencies, {}, 200);
    const notice = { kind: 'caution', text: TYPED_BEFORE } as const;
    const again = { chosen: typed.get('clerk'), reason: typed.get('reason'), notice };
    return showColleagues(c, dependencies, again, 200);
  });
  app.get('/staff/reset', (c) => c.redirect('/staff', 303));
  app.post('/staff/reset', (c) => reset(c, dependencies));
}

/** Whoever changes passkeys gives the password again, so that a page left open is not enough. */
async function passwordError(
  c: StaffContext,
  dependencies: BankDependencies,
  field: 'password' | 'remove-password',
): Promise<FieldError | undefined> {
  const { clerk, institution } = signedIn(c);
  const password = c.get('form').get(field) ?? '';
  const wrong = typedPasswordError(field, 'パスワード', password);
  if (wrong !== undefined) return wrong;
  const found = await dependencies.passwordChecks.login.run(() =>
    authenticate(dependencies, institution, { kind: 'staff', holder: clerk, password }),
  );
  if (found !== undefined) return undefined;
  const { wrongPasswordsToStop, passwordStopMinutes } = policyOf(institution);
  return {
    field,
    message: `パスワードが正しくありません。連続して${wrongPasswordsToStop}回間違えると、${passwordStopMinutes}分間、この操作もサインインもできなくなります。`,
  };
}

async function add(c: StaffContext, dependencies: BankDependencies): Promise<Response> {
  const { logger } = dependencies;
  const by = signedIn(c);
  const name = (c.get('form').get('name') ?? '').trim();
  const response = c.get('form').get('response') ?? '';
  const wrongName =
    name.length > NAME_MOST
      ? { message: `パスキーの名称は${NAME_MOST}文字以内で入力してください。` }
      : reasonError('パスキーの名称', name);
  const errors = [
    wrongName && { field: 'name', message: wrongName.message },
    await passwordError(c, dependencies, 'password'),
  ].filter((error) => error !== undefined);
  if (errors.length > 0) return showPasskeys(c, dependencies, { name, errors }, 422);
  if (!(await registerPasskey(c, dependencies, by, { name, response }))) {
    return showPasskeys(c, dependencies, { name, notice: { kind: 'caution', text: NOT_ACCEPTED } }, 422);
  }
  logger.warn(
    { institution: by.institution.key, staff: by.clerk.staff_id, event: 'staff passkey' },
    'passkey added',
  );
  return showPasskeys(
    c,
    dependencies,
    { notice: { kind: 'info', text: `パスキーを登録しました。${OTHERS_ENDED}` } },
    200,
  );
}

async function remove(c: StaffContext, dependencies: BankDependencies): Promise<Response> {
  const { db, logger } = dependencies;
  const by = signedIn(c);
  const key = c.get('form').get('key') ?? '';
  const errors = [
    key === '' ? { field: 'key', message: '削除するパスキーを選択してください。' } : undefined,
    await passwordError(c, dependencies, 'remove-password'),
  ].filter((error) => error !== undefined);
  if (errors.length > 0) return showPasskeys(c, dependencies, { key, errors }, 422);
  const removed = await db.transaction().execute(async (trx) => {
    const name = await removePasskey(trx, by.clerk.id, key);
    if (name !== undefined) {
      await recordOwnAct(dependencies, trx, by, 'passkey-remove', name);
      await endSessionsOfClerk(trx, by.clerk.id, c.get('visitor').id);
    }
    return name;
  });
  if (removed === undefined) {
    return showPasskeys(c, dependencies, { notice: { kind: 'caution', text: NOT_THERE } }, 409);
  }
  logger.warn(
    { institution: by.institution.key, staff: by.clerk.staff_id, event: 'staff passkey' },
    'passkey removed',
  );
  return showPasskeys(
    c,
    dependencies,
    { notice: { kind: 'info', text: `パスキーを削除しました。${OTHERS_ENDED}` } },
    200,
  );
}

const OTHERS_ENDED = 'この画面のほかでサインインしていた場合、そのサインインは終了しました。';

const NOT_THERE = '選択したパスキーは、すでにありません。何も変更していません。';

interface PasskeysAgain {
  readonly name?: string;
  /** Id of the passkey that was chosen for removal. */
  readonly key?: string;
  readonly errors?: readonly FieldError[];
  readonly notice?: { readonly kind: 'info' | 'caution'; readonly text: string };
}

async function showPasskeys(
  c: StaffContext,
  dependencies: BankDependencies,
  { name = '', key = '', errors = [], notice }: PasskeysAgain,
  status: PageStatus,
): Promise<Response> {
  const by = signedIn(c);
  const passkeys = await passkeysOf(dependencies.db, by.clerk.id);
  const isRoom = passkeys.length < PASSKEYS_MOST;
  const content = passkeysContent({
    by,
    passkeys,
    name,
    chosen: key,
    options: isRoom ? await registrationOptions(c, dependencies, by, passkeys) : undefined,
    errors,
    notice,
    formToken: staffFormToken(c, dependencies),
  });
  return show(c, dependencies, { heading: 'パスキー', content, scripts: SCRIPTS }, status);
}

/** パスキーの解除: by a supervisor, of somebody else. */
async function reset(c: StaffContext, dependencies: BankDependencies): Promise<Response> {
  const { db, logger } = dependencies;
  const by = signedIn(c);
  const { clerk, institution } = by;
  const chosen = c.get('form').get('clerk') ?? '';
  const reason = (c.get('form').get('reason') ?? '').trim();
  const errors = [
    chosen === '' ? { field: 'clerk', message: '職員を選択してください。' } : undefined,
    reasonError('理由', reason),
  ].filter((error) => error !== undefined);
  if (errors.length > 0) return showColleagues(c, dependencies, { chosen, reason, errors }, 422);
  const count = await db.transaction().execute(async (trx) => {
    const taken = await resetPasskeys(trx, chosen, clerk.id);
    if (taken > 0) {
      const colleague = await findClerk(trx, chosen);
      const about = `職員ID ${colleague?.staff_id}：${reason}`;
      await recordOwnAct(dependencies, trx, by, 'passkey-reset', about);
      await endSessionsOfClerk(trx, chosen);
    }
    return taken;
  });
  if (count === 0) {
    const text =
      'パスキーを解除できませんでした。登録と、ご自分の権限を確認してください。何も変更していません。';
    return showColleagues(c, dependencies, { chosen, reason, notice: { kind: 'caution', text } }, 409);
  }
  logger.warn(
    { institution: institution.key, staff: clerk.staff_id, of: chosen, reason, event: 'staff passkey' },
    'passkeys reset',
  );
  await dropTyped(c, dependencies);
  const text = `パスキーを解除しました（${count}件）。この職員のサインインは、すべて終了しました。次回は、パスワードだけでサインインできます。`;
  return showColleagues(c, dependencies, { notice: { kind: 'info', text } }, 200);
}

interface ColleaguesAgain extends PasskeysAgain {
  readonly chosen?: string | undefined;
  readonly reason?: string | undefined;
}

async function showColleagues(
  c: StaffContext,
  dependencies: BankDependencies,
  { chosen = '', reason = '', errors = [], notice }: ColleaguesAgain,
  status: PageStatus,
): Promise<Response> {
  const by = signedIn(c);
  if (!mayApprove(by.clerk)) return showError(c, dependencies, 403, SUPERVISORS_ONLY, reason);
  const content = colleaguesContent({
    by,
    colleagues: await colleaguesOf(dependencies.db, by.institution.key),
    chosen,
    reason,
    errors,
    notice,
    formToken: staffFormToken(c, dependencies),
  });
  return show(c, dependencies, { heading: '職員のパスキーの解除', content }, status);
}
