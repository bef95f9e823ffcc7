import type { BankDependencies } from '../../context.ts';
import type { Outcome } from '../../web/submission.ts';
import type { StaffContext } from '../context.ts';
import { dropTyped } from '../drafts.ts';

type Page = Response | Promise<Response>;

interface Pages {
  /** Shows the form again with the notice; the notice is empty where the outcome is not known. */
  readonly showBlocked: (notice: string) => Page;
  /** Shows the same form so that it can be sent again as it is: the outcome is not known, or the token service was busy. */
  readonly showUnavailable?: (isBusy: boolean) => Page;
}

/** Answers a form that was sent. Done: forgets what was typed and redirects. Else: shows the form again. */
export async function answer(
  c: StaffContext,
  dependencies: Pick<BankDependencies, 'db'>,
  outcome: Outcome,
  { showBlocked, showUnavailable = () => showBlocked('') }: Pages,
): Promise<Response> {
  if (outcome.kind === 'done') {
    await dropTyped(c, dependencies);
    return c.redirect(outcome.to, 303);
  }
  if (outcome.kind === 'unavailable') return showUnavailable(outcome.busy === true);
  return showBlocked(outcome.kind === 'blocked' ? outcome.notice : '');
}
