import type { Hono } from 'hono';
import type { BankDependencies } from '../../context.ts';
import { findCustomer } from '../../store/customers.ts';
import { findReview, type ReviewOf } from '../../store/reviews.ts';
import type { FieldError } from '../../web/form.ts';
import type { PageStatus } from '../../web/render.ts';
import { doOnce, type FormName, isOurSubmission, newSubmission } from '../../web/submission.ts';
import { reasonError } from '../act-input.ts';
import { type StaffContext, type StaffEnv, signedIn } from '../context.ts';
import { staffFormToken, TYPED_BEFORE, typedBefore } from '../drafts.ts';
import { isNumber } from '../numbers.ts';
import { reviewContent } from '../pages/review.ts';
import { show, showError } from '../render.ts';
import { reviewEmergency } from '../reviews.ts';
import { standingOf } from '../standing.ts';
import { answer } from './answer.ts';

const PATH = '/reviews/:no';

/** 緊急利用停止の確認. */
export function reviewRoutes(app: Hono<StaffEnv>, dependencies: BankDependencies): void {
  app.get(PATH, async (c) => {
    const review = await reviewAt(c, dependencies);
    if (review === undefined) return showError(c, dependencies, 404);
    const comment = (await typedBefore(c, dependencies))?.get('reason');
    const again = comment === undefined ? {} : { comment, notice: TYPED_BEFORE };
    return showReview(c, dependencies, review, again, 200);
  });
  app.post(PATH, async (c) => {
    const review = await reviewAt(c, dependencies);
    return review ? sendReview(c, dependencies, review) : showError(c, dependencies, 404);
  });
}

async function reviewAt(c: StaffContext, { db }: BankDependencies): Promise<ReviewOf | undefined> {
  const no = c.req.param('no') ?? '';
  return isNumber(no) ? findReview(db, signedIn(c).institution.key, no) : undefined;
}

const formName = (id: string): FormName => `staff review ${id}`;

async function sendReview(
  c: StaffContext,
  dependencies: BankDependencies,
  review: ReviewOf,
): Promise<Response> {
  const submission = c.get('form').get('submission') ?? '';
  if (!isOurSubmission(dependencies, c.get('visitor').id, formName(review.id), submission)) {
    return showError(c, dependencies, 403);
  }
  const comment = (c.get('form').get('reason') ?? '').trim();
  const wrong = reasonError('確認の内容', comment);
  if (wrong !== undefined) return showReview(c, dependencies, review, { comment, errors: [wrong] }, 422);
  const by = signedIn(c);
  const outcome = await doOnce(dependencies, submission, () =>
    reviewEmergency(dependencies, { by, review, comment }),
  );
  return answer(c, dependencies, outcome, {
    showBlocked: async (notice) => {
      const now = await reviewAt(c, dependencies);
      return showReview(c, dependencies, now ?? review, { comment, notice }, 409);
    },
  });
}

interface Shown {
  readonly comment?: string;
  readonly errors?: readonly FieldError[];
  readonly notice?: string;
}

async function showReview(
  c: StaffContext,
  dependencies: BankDependencies,
  review: ReviewOf,
  { comment = '', errors = [], notice }: Shown,
  status: PageStatus,
): Promise<Response> {
  const by = signedIn(c);
  const { id } = c.get('visitor');
  const customer = await findCustomer(dependencies.db, review.customer_id);
  const content = reviewContent({
    review,
    standing: await standingOf(dependencies, by.institution, customer),
    by,
    comment,
    errors,
    notice,
    formToken: staffFormToken(c, dependencies),
    submission: newSubmission(dependencies, id, formName(review.id)),
  });
  return show(c, dependencies, { heading: '緊急利用停止の確認', content }, status);
}
