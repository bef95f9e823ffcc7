import type { BankDependencies } from '../context.ts';
import { findCustomer } from '../store/customers.ts';
import { findReview, noteReviewed, type ReviewOf } from '../store/reviews.ts';
import type { Outcome } from '../web/submission.ts';
import type { SignedIn } from './context.ts';
import { reviewPath } from './paths.ts';
import { SUPERVISORS_ONLY } from './roles.ts';
import { NOTHING_CHANGED, record } from './written.ts';

interface Reviewing {
  readonly by: SignedIn;
  readonly review: ReviewOf;
  readonly comment: string;
}

/** 緊急利用停止の確認, once, by a supervisor who did not act. */
export async function reviewEmergency(
  dependencies: BankDependencies,
  { by, review, comment }: Reviewing,
): Promise<Outcome> {
  const { db, clock } = dependencies;
  const id = String(review.id);
  const customer = await findCustomer(db, review.customer_id);
  const noted = await db.transaction().execute(async (trx) => {
    const row = await noteReviewed(trx, { id, by: by.clerk, comment, at: new Date(clock()) });
    if (row === undefined) return false;
    const { institution, clerk } = by;
    await record(
      dependencies,
      trx,
      {
        institution,
        staffId: clerk.staff_id,
        customer,
        userId: row.user_id,
        act: 'emergency',
        reason: comment,
        key: row.key,
      },
      'reviewed',
    );
    return true;
  });
  if (noted) return { kind: 'done', to: reviewPath(id) };
  return { kind: 'blocked', notice: `${await whyNot(dependencies, by, id)}${NOTHING_CHANGED}` };
}

async function whyNot(
  { db }: BankDependencies,
  { clerk, institution }: SignedIn,
  id: string,
): Promise<string> {
  const now = await findReview(db, institution.key, id);
  if (now?.reviewed_at) return `この緊急利用停止は、すでに${now.reviewed_by}が確認しています。`;
  if (now?.acted_by === clerk.staff_id) {
    return 'ご自分の緊急利用停止は確認できません。ほかの役席者に依頼してください。';
  }
  return SUPERVISORS_ONLY;
}
