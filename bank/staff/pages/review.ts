import { japaneseSecond } from '../../format.ts';
import type { ReviewOf } from '../../store/reviews.ts';
import { banner, errorSummary, type FieldError, facts, form, navigation } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import type { SignedIn } from '../context.ts';
import { customerPath, reviewPath } from '../paths.ts';
import { mayApprove } from '../roles.ts';
import type { Standing } from '../standing.ts';
import { customerFacts, tokenFacts } from './customer.ts';
import { reasonRow, unsentReason } from './reason.ts';

interface ReviewPage {
  readonly review: ReviewOf;
  readonly standing: Standing;
  readonly by: SignedIn;
  readonly comment: string;
  readonly errors: readonly FieldError[];
  /** Why something asked for was not done. */
  readonly notice: string | undefined;
  readonly formToken: string;
  readonly submission: string;
}

/** 緊急利用停止の確認: what was done, and what a supervisor says of it. */
export function reviewContent(page: ReviewPage): Html {
  const { review, standing, errors, notice } = page;
  const { reviewed_by, reviewed_at, comment } = review;
  const isReviewed = reviewed_by !== null && reviewed_at !== null;
  return html`${errorSummary(errors)}
${notice ? banner('caution', notice) : nothing}
${isReviewed ? banner('info', 'この緊急利用停止は確認済です。') : nothing}
<div class="columns">
<section><h2>緊急利用停止</h2>${facts([
    { name: '日時', value: japaneseSecond(review.acted_at.getTime()) },
    { name: '担当者', value: review.acted_by },
    { name: '理由', value: review.reason },
    { name: 'トークンのユーザID', value: html`<span class="number">${review.user_id}</span>` },
    ...(isReviewed
      ? [
          { name: '確認者', value: reviewed_by },
          { name: '確認日時', value: japaneseSecond(reviewed_at.getTime()) },
          { name: '確認の内容', value: comment ?? '' },
        ]
      : []),
  ])}</section>
<div>
<section><h2>お客さま</h2>${facts([
    { name: 'お名前', value: html`<a href="${customerPath(review.customer_id)}">${review.name} 様</a>` },
    ...customerFacts(standing),
  ])}</section>
<section><h2>現在のトークン</h2>${facts(tokenFacts(standing))}</section>
</div>
</div>
${isReviewed ? unsentReason(page.comment) : toDo(page)}
${navigation([
  { label: 'お客さまの画面へ', path: customerPath(review.customer_id), kind: 'back' },
  { label: '対応待ちへ', path: '/', kind: 'back' },
])}`;
}

function toDo({ review, by, comment, errors, formToken, submission }: ReviewPage): Html {
  if (!mayApprove(by.clerk) || review.acted_by === by.clerk.staff_id) {
    return html`<p class="empty">利用停止を行った方ではない役席者が確認します。</p>${unsentReason(comment)}`;
  }
  return html`<section><h2>確認</h2>
<p class="lead">停止が必要でなかった場合は、確認のあと、お客さまの画面から「利用停止の解除」を申請してください。</p>
${form({
  action: reviewPath(review.id),
  formToken,
  submission,
  content: html`<div class="panel">${reasonRow('確認の内容', comment, errors)}</div>`,
  buttons: { primary: '確認済にする' },
})}</section>`;
}
