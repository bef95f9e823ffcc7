import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import { LIMIT_CHANGE, limitChange, tellOfLimit } from '../../../change/limit.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { missingConfirmationPassword } from '../../../customer/confirmation-password.ts';
import { yen } from '../../../format.ts';
import { findCustomer, lockCustomer } from '../../../store/customers.ts';
import { stoppedNotice } from '../../../token/refusals.ts';
import { isStop, otpUseOf, type TokenStop } from '../../../token/state.ts';
import { yenOf } from '../../../transfer/amount.ts';
import { changeLimit, limitNow, mostLimit, nextLimit, waitsForOtp } from '../../../transfer/limits.ts';
import { answer, type FormAgain, formState, UNAVAILABLE } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { changeSession } from '../../../web/session.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import type { Waiters } from '../../../web/waiters.ts';
import { changeWords, limitDoneNote, limitFacts } from '../pages/change.ts';
import { limitCompleteContent, limitContent } from '../pages/limit.ts';
import { accepted, askForChange, type ChangePages, changeRoutes } from './change.ts';
import { changeByPassword, otpUseShown, showStopped } from './services.ts';

const { screens } = ANSER;

const PAGES: ChangePages<'limit-change'> = {
  type: 'limit-change',
  kind: LIMIT_CHANGE,
  input: '/services/limit',
  screens: {
    waiting: screens.limitWaiting,
    running: screens.limitRunning,
    complete: screens.limitComplete,
    stopped: screens.limitStopped,
  },
  words: changeWords('limit-change', '/services/limit'),
  facts: limitFacts,
  done: accepted('limit-change', limitDoneNote),
};

/** 振込・振替限度額の変更; confirmed on the token if the OTP is in use. */
export function limitRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, waiters: Waiters): void {
  app.get('/services/limit', (c) => showForm(c, dependencies, { errors: [], typed: '' }, 200));
  app.post('/services/limit', (c) => change(c, dependencies));
  app.get('/services/limit/complete', (c) => {
    const { completion } = openSession(c);
    if (completion?.kind !== 'limit') return c.redirect('/services', 303);
    const content = limitCompleteContent(completion, dependencies.clock());
    return show(c, dependencies, { screen: screens.limitDirectComplete, content });
  });
  changeRoutes(app, dependencies, waiters, PAGES);
}

async function change(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const { db, clock } = dependencies;
  const { institution } = c.get('site');
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'limit', submission)) {
    return showError(c, dependencies, 403);
  }
  const typed = c.get('form').get('limit') ?? '';
  const again = (more: FormAgain, status: PageStatus) =>
    showForm(c, dependencies, { ...more, typed }, status);
  const customer = await findCustomer(db, openSession(c).customerId);
  const use = await otpUseOf(dependencies, institution, customer);
  if (use === undefined) return again({ errors: [], notice: UNAVAILABLE, submission }, 503);
  if (isStop(use)) return again({ errors: [], submission }, 409);
  const limit = readLimit(typed, mostLimit(institution, use === 'in-use'));
  if (use === 'in-use' && customer.user_id !== null) {
    if ('error' in limit) return again({ errors: [limit.error], submission }, 422);
    const transaction = limitChange(customer, institution, limit.value, clock());
    const entered = { customer, userId: customer.user_id, submission, transaction, showForm: again };
    return askForChange(c, dependencies, PAGES, entered);
  }
  const password = c.get('form').get('confirmation_password') ?? '';
  const errors = ['error' in limit ? limit.error : undefined, missingConfirmationPassword(password)].filter(
    (error) => error !== undefined,
  );
  if ('error' in limit || errors.length > 0) return again({ errors, submission }, 422);
  const outcome = await doOnce(dependencies, submission, () =>
    changeDirectly(c, dependencies, { submission, limit: limit.value, password }),
  );
  return answer(c, { submission, outcome }, { showForm: again });
}

function readLimit(typed: string, most: number): { readonly value: number } | { readonly error: FieldError } {
  const value = yenOf(typed);
  const wrong = (message: string) => ({ error: { field: 'limit', message } });
  if (typed.trim() === '') return wrong('変更後の限度額を入力してください。');
  if (value === undefined) return wrong('変更後の限度額は半角数字で入力してください。');
  return value <= most ? { value } : wrong(`変更後の限度額は${yen(most)}以下で入力してください。`);
}

interface DirectInput {
  readonly submission: string;
  readonly limit: number;
  readonly password: string;
}

/** Changes the limit without the token, if the OTP is still not in use. */
function changeDirectly(
  c: BankContext,
  dependencies: BankDependencies,
  { submission, limit, password }: DirectInput,
): Promise<Outcome> {
  const { clock, wakeOutbox } = dependencies;
  const { institution } = c.get('site');
  const stopped = (stop: TokenStop) => stoppedNotice(institution, stop, 'お手続き');
  return changeByPassword(c, dependencies, { password, stopped }, async (customer) => {
    await changeSession(dependencies, c.get('visitor').id, async (data, trx) => {
      const locked = await lockCustomer(trx, customer.id);
      const next = await changeLimit(trx, locked, institution, { yen: limit, now: clock() });
      await tellOfLimit(dependencies, institution, { id: submission, customer: locked, next }, trx);
      return { data: { ...data, completion: { kind: 'limit' as const, ...next } }, result: undefined };
    });
    wakeOutbox();
    return { kind: 'done', to: '/services/limit/complete' };
  });
}

interface Again extends FormAgain {
  readonly typed: string;
}

async function showForm(
  c: BankContext,
  dependencies: BankDependencies,
  again: Again,
  status: PageStatus,
): Promise<Response> {
  const { db, clock } = dependencies;
  const { institution } = c.get('site');
  const customer = await findCustomer(db, openSession(c).customerId);
  const use = await otpUseShown(c, dependencies, customer, status);
  if (use === undefined) return showError(c, dependencies, 503);
  if (isStop(use))
    return showStopped(c, dependencies, { use, screen: screens.limitDirectInput, path: PAGES.input }, status);
  const next = nextLimit(customer, clock());
  const content = limitContent({
    ...formState(c, dependencies, 'limit', again),
    current: limitNow(customer, institution, use !== 'not-in-use', clock()),
    next,
    nextWaitsForOtp: next !== undefined && waitsForOtp(next.yen, institution, use === 'in-use'),
    most: mostLimit(institution, use === 'in-use'),
    afterDays: institution.rules.limitChangeAfterDays,
    otpInUse: use === 'in-use',
    typed: again.typed,
  });
  const screen = use === 'in-use' ? screens.limitInput : screens.limitDirectInput;
  return show(c, dependencies, { screen, content, path: PAGES.input }, status);
}
