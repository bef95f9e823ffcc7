import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import {
  confirmationPasswordError,
  missingConfirmationPassword,
} from '../../../customer/confirmation-password.ts';
import { yen } from '../../../format.ts';
import { findCustomer, lockCustomer } from '../../../store/customers.ts';
import { readOtp } from '../../../token/code-input.ts';
import { presentCode } from '../../../token/present.ts';
import { stoppedNotice } from '../../../token/refusals.ts';
import { currentState, otpUse, otpUseOf } from '../../../token/state.ts';
import { yenOf } from '../../../transfer/amount.ts';
import { changeLimit, mostLimit, nextLimit, ownLimit } from '../../../transfer/limits.ts';
import { answer, type FormAgain, formState, UNAVAILABLE } from '../../../web/answer.ts';
import type { FieldError } from '../../../web/form.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { changeSession } from '../../../web/session.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import { limitCompleteContent, limitContent, servicesContent } from '../pages/limit.ts';

const USED_MEANWHILE =
  'ワンタイムパスワードの登録状況が変わったため、お手続きできません。内容を確認して、もう一度入力してください。';

/** ご利用サービスの変更, with 振込・振替限度額の変更. */
export function limitRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/services', (c) =>
    show(c, dependencies, { screen: ANSER.screens.services, content: servicesContent() }),
  );
  app.get('/services/limit', (c) => showForm(c, dependencies, { errors: [], typed: '' }, 200));
  app.post('/services/limit', (c) => change(c, dependencies));
  app.get('/services/limit/complete', (c) => {
    const { completion } = openSession(c);
    if (completion?.kind !== 'limit') return c.redirect('/services', 303);
    const content = limitCompleteContent(completion, dependencies.clock());
    return show(c, dependencies, { screen: ANSER.screens.limitComplete, content });
  });
}

interface LimitInput {
  readonly limit: number;
  readonly password: string;
  /** Undefined where the OTP is not in use. */
  readonly code: string | undefined;
}

async function change(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const { institution } = c.get('site');
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'limit', submission)) {
    return showError(c, dependencies, 403);
  }
  const typed = c.get('form').get('limit') ?? '';
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const use = await otpUseOf(dependencies, institution, customer);
  if (use === undefined)
    return showForm(c, dependencies, { errors: [], typed, notice: UNAVAILABLE, submission }, 503);
  const limit = readLimit(typed, mostLimit(institution, use === 'in-use'));
  const password = c.get('form').get('confirmation_password') ?? '';
  const otp = use === 'in-use' ? readOtp(c.get('form').get('otp'), institution) : undefined;
  const errors = [
    'error' in limit ? limit.error : undefined,
    missingConfirmationPassword(password),
    otp?.kind === 'wrong' ? otp.error : undefined,
  ].filter((error) => error !== undefined);
  if ('error' in limit || otp?.kind === 'wrong' || errors.length > 0) {
    return showForm(c, dependencies, { errors, typed, submission }, 422);
  }
  const input = { limit: limit.value, password, code: otp?.code };
  const outcome = await doOnce(dependencies, submission, () =>
    changeOnce(c, dependencies, submission, input),
  );
  return answer(
    c,
    { submission, outcome },
    {
      showForm: (again, status) => showForm(c, dependencies, { ...again, typed }, status),
    },
  );
}

function readLimit(typed: string, most: number): { readonly value: number } | { readonly error: FieldError } {
  const value = yenOf(typed);
  const wrong = (message: string) => ({ error: { field: 'limit', message } });
  if (typed.trim() === '') return wrong('変更後の限度額を入力してください。');
  if (value === undefined) return wrong('変更後の限度額は半角数字で入力してください。');
  return value <= most ? { value } : wrong(`変更後の限度額は${yen(most)}以下で入力してください。`);
}

/** The password first: a wrong one costs no code. */
async function changeOnce(
  c: BankContext,
  dependencies: BankDependencies,
  submission: string,
  { limit, password, code }: LimitInput,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const error = await confirmationPasswordError(dependencies, institution, customer, password);
  if (error !== undefined) return { kind: 'refused', errors: [error] };
  const state = await currentState(dependencies, institution, customer);
  if (state === undefined) return { kind: 'unavailable' };
  const use = otpUse(state);
  if (use === 'stopped') return { kind: 'blocked', notice: stoppedNotice(institution) };
  if ((use === 'in-use') !== (code !== undefined)) return { kind: 'blocked', notice: USED_MEANWHILE };
  if (code !== undefined) {
    const presented = await presentCode(dependencies, institution, customer, {
      use: 'verify',
      submission,
      code,
    });
    if (presented.kind === 'conflict') return { kind: 'blocked', notice: stoppedNotice(institution) };
    if (presented.kind !== 'accepted') return presented;
  }
  return record(c, dependencies, customer.id, limit);
}

async function record(
  c: BankContext,
  dependencies: BankDependencies,
  customerId: string,
  limit: number,
): Promise<Outcome> {
  const { clock, logger } = dependencies;
  const { institution } = c.get('site');
  await changeSession(dependencies, c.get('visitor').id, async (data, trx) => {
    const customer = await lockCustomer(trx, customerId);
    const next = await changeLimit(trx, customer, institution, { yen: limit, now: clock() });
    return { data: { ...data, completion: { kind: 'limit' as const, ...next } }, result: undefined };
  });
  logger.info(
    { institution: institution.key, customer: customerId, event: 'limit' },
    'accepted limit change',
  );
  return { kind: 'done', to: '/services/limit/complete' };
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
  const use = await otpUseOf(dependencies, institution, customer);
  if (use === undefined) return showError(c, dependencies, 503);
  const content = limitContent({
    ...formState(c, dependencies, 'limit', again),
    notice: again.notice ?? (use === 'stopped' ? stoppedNotice(institution) : undefined),
    current: ownLimit(customer, institution, clock()),
    next: nextLimit(customer, clock()),
    most: mostLimit(institution, use === 'in-use'),
    afterDays: institution.rules.limitChangeAfterDays,
    otpInUse: use === 'in-use',
    typed: again.typed,
  });
  return show(c, dependencies, { screen: ANSER.screens.limitInput, content }, status);
}
