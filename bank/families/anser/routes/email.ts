import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import { changeEmail, EMAIL_CHANGE } from '../../../change/email.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { missingConfirmationPassword } from '../../../customer/confirmation-password.ts';
import { sha256 } from '../../../keys.ts';
import { findCustomer } from '../../../store/customers.ts';
import { stoppedNotice } from '../../../token/refusals.ts';
import { isStop, otpUseOf, type TokenStop } from '../../../token/state.ts';
import { addressError } from '../../../web/address.ts';
import { answer, type FormAgain, formState, UNAVAILABLE } from '../../../web/answer.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { changeSession } from '../../../web/session.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import type { Waiters } from '../../../web/waiters.ts';
import { changeWords, EMAIL_TOLD_NOTE, emailFacts } from '../pages/change.ts';
import { emailCompleteContent, emailContent } from '../pages/email.ts';
import { accepted, askForChange, type ChangePages, changeRoutes } from './change.ts';
import { changeByPassword, otpUseShown, showStopped } from './services.ts';

const { screens } = ANSER;

const PAGES: ChangePages<'email-change'> = {
  type: 'email-change',
  kind: EMAIL_CHANGE,
  input: '/services/email',
  screens: {
    waiting: screens.emailWaiting,
    running: screens.emailRunning,
    complete: screens.emailComplete,
    stopped: screens.emailStopped,
  },
  words: changeWords('email-change', '/services/email'),
  facts: emailFacts,
  done: accepted('email-change', () => EMAIL_TOLD_NOTE),
};

/** The token could not show the change: there is no registered address to change from. */
const NOWHERE =
  '現在のメールアドレスが登録されていないため、この画面ではお手続きできません。お取引店の窓口でお手続きください。';

const NEW_ADDRESS = '新しいメールアドレス';

/** メールアドレスの変更; confirmed on the token if the OTP is in use. */
export function emailRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, waiters: Waiters): void {
  app.get('/services/email', (c) => showForm(c, dependencies, { errors: [], typed: EMPTY }, 200));
  app.post('/services/email', (c) => change(c, dependencies));
  app.get('/services/email/complete', (c) => {
    const { completion } = openSession(c);
    if (completion?.kind !== 'email') return c.redirect('/services', 303);
    const content = emailCompleteContent(completion);
    return show(c, dependencies, { screen: screens.emailDirectComplete, content });
  });
  changeRoutes(app, dependencies, waiters, PAGES);
}

interface Typed {
  readonly email: string;
  readonly emailAgain: string;
}

const EMPTY: Typed = { email: '', emailAgain: '' };

async function change(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const { institution } = c.get('site');
  const form = c.get('form');
  const submission = form.get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'email', submission)) {
    return showError(c, dependencies, 403);
  }
  const typed = {
    email: (form.get('email') ?? '').trim(),
    emailAgain: (form.get('email_again') ?? '').trim(),
  };
  const again = (more: FormAgain, status: PageStatus) =>
    showForm(c, dependencies, { ...more, typed }, status);
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const use = await otpUseOf(dependencies, institution, customer);
  if (use === undefined) return again({ errors: [], notice: UNAVAILABLE, submission }, 503);
  if (isStop(use)) return again({ errors: [], submission }, 409);
  const wrong = addressError(NEW_ADDRESS, typed) ?? sameError(typed, customer.email);
  if (use === 'in-use' && customer.user_id !== null) {
    if (customer.email === null) return again({ errors: [], notice: NOWHERE }, 409);
    if (wrong !== undefined) return again({ errors: [wrong], submission }, 422);
    return askForChange(c, dependencies, PAGES, {
      customer,
      userId: customer.user_id,
      submission,
      transaction: {
        type: 'email-change',
        oldAddress: customer.email,
        newAddress: typed.email,
        from: 'on-acceptance',
      },
      showForm: again,
    });
  }
  const password = form.get('confirmation_password') ?? '';
  const errors = [wrong, missingConfirmationPassword(password)].filter((error) => error !== undefined);
  if (errors.length > 0) return again({ errors, submission }, 422);
  const outcome = await doOnce(dependencies, submission, () =>
    changeDirectly(c, dependencies, { submission, address: typed.email, password }),
  );
  return answer(c, { submission, outcome }, { showForm: again });
}

const sameError = ({ email }: Typed, present: string | null) =>
  email === present
    ? { field: 'email', message: `現在と同じメールアドレスです。${NEW_ADDRESS}を入力してください。` }
    : undefined;

interface DirectInput {
  readonly submission: string;
  readonly address: string;
  readonly password: string;
}

const CHANGED_MEANWHILE =
  'メールアドレスが別の画面で変更されたため、お手続きできません。現在のメールアドレスを確認して、もう一度入力してください。';

/** Changes the address without the token, if the OTP is still not in use. */
function changeDirectly(
  c: BankContext,
  dependencies: BankDependencies,
  { submission, address, password }: DirectInput,
): Promise<Outcome> {
  const { clock, wakeOutbox } = dependencies;
  const { institution } = c.get('site');
  const stopped = (stop: TokenStop) => stoppedNotice(institution, stop, 'お手続き');
  return changeByPassword(c, dependencies, { password, stopped }, async (customer) => {
    const changed = await changeSession(dependencies, c.get('visitor').id, async (data, trx) => {
      const details = { id: sha256(submission), customerId: customer.id, from: customer.email, to: address };
      const result = await changeEmail(dependencies, institution, details, trx);
      const completion = { kind: 'email' as const, address, at: clock() };
      return { data: result ? { ...data, completion } : data, result };
    });
    if (!changed) return { kind: 'blocked', notice: CHANGED_MEANWHILE };
    wakeOutbox();
    return { kind: 'done', to: '/services/email/complete' };
  });
}

interface Again extends FormAgain {
  readonly typed: Typed;
}

async function showForm(
  c: BankContext,
  dependencies: BankDependencies,
  again: Again,
  status: PageStatus,
): Promise<Response> {
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const use = await otpUseShown(c, dependencies, customer, status);
  if (use === undefined) return showError(c, dependencies, 503);
  if (isStop(use))
    return showStopped(c, dependencies, { use, screen: screens.emailDirectInput, path: PAGES.input }, status);
  const content = emailContent({
    ...formState(c, dependencies, 'email', again),
    current: customer.email,
    otpInUse: use === 'in-use',
    ...again.typed,
  });
  const screen = use === 'in-use' ? screens.emailInput : screens.emailDirectInput;
  return show(c, dependencies, { screen, content, path: PAGES.input }, status);
}
