import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import {
  confirmationPasswordError,
  missingConfirmationPassword,
} from '../../../customer/confirmation-password.ts';
import { findCustomer } from '../../../store/customers.ts';
import { presentApplication, type TokenApplication } from '../../../token/application.ts';
import type { Proof } from '../../../token/present.ts';
import { releaseElsewhere, releasesOnline } from '../../../token/ways.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, show, showError } from '../../../web/render.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import type { Waiters } from '../../../web/waiters.ts';
import { releaseCompleteContent, releaseConfirmContent } from '../pages/activate-release.ts';
import { answerFromMenu, showOtpMenu, whenPossible } from './otp-menu.ts';
import { type ProofScreen, proofRoutes, readProof, showProof } from './proof.ts';

const CONFIRM: ProofScreen = {
  use: 'release',
  screen: ANSER.screens.releaseConfirm,
  path: '/otp/release',
  stage: 'open',
  what: '利用解除',
  goesOn: false,
  content: (_, state) => releaseConfirmContent(state),
};

/** ワンタイムパスワード利用解除: BOS001. */
export function releaseRoutes(app: Hono<BankEnv>, dependencies: BankDependencies, waiters: Waiters): void {
  app.get('/otp/release', (c) =>
    whenPossible(c, dependencies, 'release', () => showProof(c, dependencies, CONFIRM, { errors: [] }, 200)),
  );
  proofRoutes(app, dependencies, waiters, CONFIRM);
  app.post('/otp/release', (c) => release(c, dependencies));
  app.get('/otp/release/complete', (c) => {
    if (openSession(c).completion?.kind !== 'release') return c.redirect('/otp', 303);
    const { reissueAfterDays } = c.get('site').institution.rules;
    const content = releaseCompleteContent(reissueAfterDays);
    return show(c, dependencies, { screen: ANSER.screens.releaseComplete, content });
  });
}

async function release(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const { institution } = c.get('site');
  if (!releasesOnline(institution)) return showOtpMenu(c, dependencies, releaseElsewhere(institution));
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'release', submission)) {
    return showError(c, dependencies, 403);
  }
  const password = c.get('form').get('confirmation_password') ?? '';
  const proof = await readProof(c, dependencies, CONFIRM);
  const missing = missingConfirmationPassword(password);
  const errors = missing === undefined ? [] : [missing];
  if (proof.kind === 'wrong') {
    const again = { ...proof.again, errors: [...errors, ...proof.again.errors] };
    return showProof(c, dependencies, CONFIRM, again, proof.status);
  }
  if (missing !== undefined) return showProof(c, dependencies, CONFIRM, { errors }, 422);
  const outcome = await doOnce(dependencies, submission, (again) =>
    releaseOnce(c, dependencies, { submission, again, password, proof }),
  );
  return answerFromMenu(c, dependencies, { submission, outcome }, (again, status) =>
    showProof(c, dependencies, CONFIRM, again, status),
  );
}

interface Release {
  readonly submission: string;
  readonly again: boolean;
  readonly password: string;
  readonly proof: Proof;
}

/** Checks the password first, so that a wrong one spends no code. */
async function releaseOnce(
  c: BankContext,
  dependencies: BankDependencies,
  { password, ...presented }: Release,
): Promise<Outcome> {
  const { institution } = c.get('site');
  const customer = await findCustomer(dependencies.db, openSession(c).customerId);
  const error = await confirmationPasswordError(dependencies, institution, customer, password);
  if (error !== undefined) return { kind: 'refused', errors: [error] };
  const application: TokenApplication = {
    use: 'release',
    complete: '/otp/release/complete',
    completion: () => ({ kind: 'release' }),
  };
  return presentApplication(c, dependencies, application, { customer, ...presented });
}
