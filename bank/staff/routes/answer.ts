import type { BankDependencies } from '../../context.ts';
import type { Outcome } from '../../web/submission.ts';
import type { StaffContext } from '../context.ts';
import { dropTyped } from '../drafts.ts';

type Page = Response | Promise<Response>;

interface Pages {
  /** The form again, with what stands in the way; empty where nothing is known of it. */
  readonly showBlocked: (notice: string) => Page;
  /** Nobody knows what came of it, or the token service was busy: what was sent may be sent again as it is. */
  readonly showUnavailable?: (isBusy: boolean) => Page;
}

/** Turns what came of a form into an answer: it leads on, and what was typed is kept no longer; or the form is shown again. */
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
