import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import { endFrom } from '../../../../host/expiry.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { findCustomer } from '../../../store/customers.ts';
import { presentApplication, type TokenApplication } from '../../../token/application.ts';
import { readOtp } from '../../../token/code-input.ts';
import { type FormAgain, formState } from '../../../web/answer.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { doOnce, isOurSubmission } from '../../../web/submission.ts';
import { type RenewedEnds, renewCompleteContent, renewConfirmContent } from '../pages/renew.ts';
import { answerFromMenu, whenPossible } from './otp-menu.ts';

/** 有効期限の更新: the token stays the same, its end moves. */
export function renewRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/otp/renew', (c) => showForm(c, dependencies, { errors: [] }, 200));
  app.post('/otp/renew', (c) => renew(c, dependencies));
  app.get('/otp/renew/complete', (c) => {
    const { completion } = openSession(c);
    if (completion?.kind !== 'renew') return c.redirect('/otp', 303);
    const content = renewCompleteContent(Date.parse(completion.until));
    return show(c, dependencies, { screen: ANSER.screens.renewComplete, content });
  });
}

async function renew(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'renew', submission)) {
    return showError(c, dependencies, 403);
  }
  const input = readOtp(c.get('form').get('otp'));
  if (input.kind === 'wrong') return showForm(c, dependencies, { errors: [input.error], submission }, 422);
  const application: TokenApplication = {
    use: 'renew',
    complete: '/otp/renew/complete',
    completion: ({ expiresAt = '' }) => ({ kind: 'renew', until: expiresAt }),
  };
  const outcome = await doOnce(dependencies, submission, async (again) => {
    const customer = await findCustomer(dependencies.db, openSession(c).customerId);
    const presented = { customer, submission, again, proof: input };
    return presentApplication(c, dependencies, application, presented);
  });
  // The form must stay, with its submission: it may be done, and then the menu would refuse to show the form.
  return answerFromMenu(c, dependencies, { submission, outcome }, (again, status) =>
    status === 503 ? showConfirm(c, dependencies, again, status) : showForm(c, dependencies, again, status),
  );
}

function showForm(c: BankContext, dependencies: BankDependencies, again: FormAgain, status: PageStatus) {
  return whenPossible(c, dependencies, 'renew', (state) => {
    const endsAt = 'token' in state ? Date.parse(state.token.expiresAt ?? '') : Number.NaN;
    const newEnd = endFrom(new Date(endsAt), policyOf(c.get('site').institution)).getTime();
    return showConfirm(c, dependencies, again, status, { endsAt, newEnd });
  });
}

/** @param ends undefined while the token service cannot be asked for them */
function showConfirm(
  c: BankContext,
  dependencies: BankDependencies,
  again: FormAgain,
  status: PageStatus,
  ends?: RenewedEnds,
) {
  const content = renewConfirmContent({ ...formState(c, dependencies, 'renew', again), ends });
  return show(c, dependencies, { screen: ANSER.screens.renewConfirm, content }, status);
}
