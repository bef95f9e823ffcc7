import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import {
  confirmationPasswordError,
  missingConfirmationPassword,
} from '../../../customer/confirmation-password.ts';
import { releasedMail } from '../../../mail/texts.ts';
import { findCustomer } from '../../../store/customers.ts';
import { type CodeApplication, presentApplication } from '../../../token/code-application.ts';
import { readOtp } from '../../../token/code-input.ts';
import { releaseElsewhere, releasesOnline } from '../../../token/ways.ts';
import { type FormAgain, formState } from '../../../web/answer.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { doOnce, isOurSubmission, type Outcome } from '../../../web/submission.ts';
import { releaseCompleteContent, releaseConfirmContent } from '../pages/activate-release.ts';
import { answerFromMenu, showOtpMenu, whenPossible } from './otp-menu.ts';

/** ワンタイムパスワード利用解除: BOS001. */
export function releaseRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/otp/release', (c) =>
    whenPossible(c, dependencies, 'release', () => showForm(c, dependencies, { errors: [] }, 200)),
  );
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
  const input = readOtp(c.get('form').get('otp'), institution);
  const missing = missingConfirmationPassword(password);
  if (missing !== undefined || input.kind === 'wrong') {
    const errors = [missing, input.kind === 'wrong' ? input.error : undefined].filter((e) => e !== undefined);
    return showForm(c, dependencies, { errors, submission }, 422);
  }
  const outcome = await doOnce(dependencies, submission, (again) =>
    releaseOnce(c, dependencies, { submission, again, password, code: input.code }),
  );
  return answerFromMenu(c, dependencies, { submission, outcome }, (again, status) =>
    showForm(c, dependencies, again, status),
  );
}

interface Release {
  readonly submission: string;
  readonly again: boolean;
  readonly password: string;
  readonly code: string;
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
  const application: CodeApplication = {
    use: 'release',
    mail: 'released',
    isDone: ({ kind }) => kind === 'released',
    complete: '/otp/release/complete',
    text: (at) => releasedMail(institution, at),
    completion: () => ({ kind: 'release' }),
  };
  return presentApplication(c, dependencies, application, { customer, ...presented });
}

function showForm(c: BankContext, dependencies: BankDependencies, again: FormAgain, status: PageStatus) {
  const content = releaseConfirmContent(formState(c, dependencies, 'release', again));
  return show(c, dependencies, { screen: ANSER.screens.releaseConfirm, content }, status);
}
