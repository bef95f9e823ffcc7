import type { BankDependencies } from '../context.ts';
import { showOtpMenu } from '../families/anser/routes/otp-menu.ts';
import type { FieldError } from './form.ts';
import type { BankContext, PageStatus } from './render.ts';
import type { Outcome } from './submission.ts';
import { giveSession } from './visitor.ts';

export const UNAVAILABLE =
  '申し訳ございません。ワンタイムパスワードのサービスに接続できないため、ただいまお手続きができません。お手続きは行われていません。しばらくしてから、もう一度操作してください。';

/** A form shown again. */
export interface FormAgain {
  readonly errors: readonly FieldError[];
  readonly notice?: string;
  /** What was sent may be sent again as it is; undefined where the form must carry a new submission. */
  readonly submission?: string;
}

/** Turns what came of a submission into an answer: a redirect, the menu, or the form with what is wrong. */
export async function answer(
  c: BankContext,
  dependencies: BankDependencies,
  sent: { readonly submission: string; readonly outcome: Outcome },
  showForm: (again: FormAgain, status: PageStatus) => Response | Promise<Response>,
): Promise<Response> {
  const { submission, outcome } = sent;
  switch (outcome.kind) {
    case 'done':
      if (outcome.session !== undefined) giveSession(c, outcome.session);
      return c.redirect(outcome.to, 303);
    case 'refused':
      return showForm({ errors: outcome.errors }, 422);
    case 'blocked':
      return showOtpMenu(c, dependencies, outcome.notice);
    case 'unavailable':
      return showForm({ errors: [], notice: UNAVAILABLE, submission }, 503);
  }
}
