import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { findCustomer } from '../../../store/customers.ts';
import { presentApplication, type TokenApplication } from '../../../token/application.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, show, showError } from '../../../web/render.ts';
import { doOnce, isOurSubmission } from '../../../web/submission.ts';
import type { Waiters } from '../../../web/waiters.ts';
import { activateCompleteContent, activateConfirmContent } from '../pages/activate-release.ts';
import { answerFromMenu, whenPossible } from './otp-menu.ts';
import { type ProofScreen, proofRoutes, readProof, showProof } from './proof.ts';

const CONFIRM: ProofScreen = {
  use: 'activate',
  screen: ANSER.screens.activateConfirm,
  path: '/otp/activate',
  stage: 'open',
  what: '利用開始',
  goesOn: true,
  content: (_, state) => activateConfirmContent(state),
};

/** ワンタイムパスワード利用開始. */
export function activateRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, waiters: Waiters): void {
  app.get('/otp/activate', (c) =>
    whenPossible(c, dependencies, 'activate', () => showProof(c, dependencies, CONFIRM, { errors: [] }, 200)),
  );
  proofRoutes(app, dependencies, waiters, CONFIRM);
  app.post('/otp/activate', (c) => activate(c, dependencies));
  app.get('/otp/activate/complete', (c) => {
    if (openSession(c).completion?.kind !== 'activate') return c.redirect('/otp', 303);
    return show(c, dependencies, {
      screen: ANSER.screens.activateComplete,
      content: activateCompleteContent(c.get('site').institution),
    });
  });
}

async function activate(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'activate', submission)) {
    return showError(c, dependencies, 403);
  }
  const proof = await readProof(c, dependencies, CONFIRM);
  if (proof.kind === 'wrong') return showProof(c, dependencies, CONFIRM, proof.again, proof.status);
  const application: TokenApplication = {
    use: 'activate',
    complete: '/otp/activate/complete',
    completion: () => ({ kind: 'activate' }),
  };
  const outcome = await doOnce(dependencies, submission, async (again) => {
    const customer = await findCustomer(dependencies.db, openSession(c).customerId);
    const presented = { customer, submission, again, proof };
    return presentApplication(c, dependencies, application, presented);
  });
  return answerFromMenu(c, dependencies, { submission, outcome }, (again, status) =>
    showProof(c, dependencies, CONFIRM, again, status),
  );
}
