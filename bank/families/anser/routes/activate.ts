import type { Hono } from 'hono';
import { ANSER } from '../../../../core/family/anser.ts';
import type { BankDependencies, BankEnv } from '../../../context.ts';
import { activatedMail } from '../../../mail/texts.ts';
import { findCustomer } from '../../../store/customers.ts';
import { type CodeApplication, presentApplication } from '../../../token/code-application.ts';
import { readOtp } from '../../../token/code-input.ts';
import { type FormAgain, formState } from '../../../web/answer.ts';
import { openSession } from '../../../web/guard.ts';
import { type BankContext, type PageStatus, show, showError } from '../../../web/render.ts';
import { doOnce, isOurSubmission } from '../../../web/submission.ts';
import { activateCompleteContent, activateConfirmContent } from '../pages/activate-release.ts';
import { answerFromMenu, whenPossible } from './otp-menu.ts';

/** ワンタイムパスワード利用開始. */
export function activateRoutes(app: Hono<BankEnv>, dependencies: BankDependencies): void {
  app.get('/otp/activate', (c) =>
    whenPossible(c, dependencies, 'activate', () => showForm(c, dependencies, { errors: [] }, 200)),
  );
  app.post('/otp/activate', (c) => activate(c, dependencies));
  app.get('/otp/activate/complete', (c) => {
    if (openSession(c).completion?.kind !== 'activate') return c.redirect('/otp', 303);
    return show(c, dependencies, {
      screen: ANSER.screens.activateComplete,
      content: activateCompleteContent(),
    });
  });
}

async function activate(c: BankContext, dependencies: BankDependencies): Promise<Response> {
  const { institution } = c.get('site');
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, 'activate', submission)) {
    return showError(c, dependencies, 403);
  }
  const input = readOtp(c.get('form').get('otp'), institution);
  if (input.kind === 'wrong') return showForm(c, dependencies, { errors: [input.error], submission }, 422);
  const application: CodeApplication = {
    use: 'activate',
    mail: 'activated',
    isDone: ({ kind }) => kind === 'active',
    complete: '/otp/activate/complete',
    text: (at) => activatedMail(institution, at),
    completion: () => ({ kind: 'activate' }),
  };
  const outcome = await doOnce(dependencies, submission, async (again) => {
    const customer = await findCustomer(dependencies.db, openSession(c).customerId);
    const presented = { customer, submission, again, code: input.code };
    return presentApplication(c, dependencies, application, presented);
  });
  return answerFromMenu(c, dependencies, { submission, outcome }, (again, status) =>
    showForm(c, dependencies, again, status),
  );
}

function showForm(c: BankContext, dependencies: BankDependencies, again: FormAgain, status: PageStatus) {
  const content = activateConfirmContent(formState(c, dependencies, 'activate', again));
  return show(c, dependencies, { screen: ANSER.screens.activateConfirm, content }, status);
}
