import type { BankDependencies } from '../context.ts';
import type { FieldError } from './form.ts';
import { type BankContext, formToken, type PageStatus } from './render.ts';
import { type FormName, newSubmission, type Outcome } from './submission.ts';
import { giveSession } from './visitor.ts';

export const UNAVAILABLE =
  '申し訳ございません。ワンタイムパスワードのサービスに接続できないため、ただいまお手続きができません。お手続きは行われていません。しばらくしてから、もう一度操作してください。';

const UNKNOWN =
  '申し訳ございません。ワンタイムパスワードのサービスに接続できないため、お手続きの結果を確認できませんでした。しばらくしてから、もう一度操作してください。';

/** A form that is shown again. */
export interface FormAgain {
  readonly errors: readonly FieldError[];
  readonly notice?: string;
  /** Set if the same submission may be sent again; undefined if the form must carry a new one. */
  readonly submission?: string;
}

/** What a form with a submission is rendered from, the first time or again. */
export function formState(
  c: BankContext,
  dependencies: Pick<BankDependencies, 'keys' | 'randomBytes'>,
  form: FormName,
  { errors, notice, submission }: FormAgain,
) {
  const { id } = c.get('visitor');
  return {
    formToken: formToken(dependencies, id),
    submission: submission ?? newSubmission(dependencies, id, form),
    errors,
    notice,
  };
}

type Page = Response | Promise<Response>;

interface Pages {
  readonly showForm: (again: FormAgain, status: PageStatus) => Page;
  /** Shows the page that says why it cannot be done; the form itself by default. */
  readonly showBlocked?: (notice: string) => Page;
}

/** Turns the outcome of a submission into an answer: a redirect, or the form with its errors. */
export function answer(
  c: BankContext,
  { submission, outcome }: { readonly submission: string; readonly outcome: Outcome },
  { showForm, showBlocked = (notice) => showForm({ errors: [], notice }, 409) }: Pages,
): Page {
  switch (outcome.kind) {
    case 'done':
      if (outcome.session !== undefined) giveSession(c, outcome.session);
      return c.redirect(outcome.to, 303);
    case 'refused':
      return showForm({ errors: outcome.errors }, 422);
    case 'blocked':
      return showBlocked(outcome.notice);
    case 'unavailable':
      return showForm({ errors: [], notice: outcome.unknown ? UNKNOWN : UNAVAILABLE, submission }, 503);
  }
}
