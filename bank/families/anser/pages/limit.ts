import { japaneseDate, yen } from '../../../format.ts';
import type { NextLimit } from '../../../transfer/limits.ts';
import { banner, facts, fieldRow, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { trouble } from '../../common/pages/request.ts';
import type { SubmissionState } from '../../common/pages/state.ts';
import { limitFromNote } from './change.ts';
import { confirmationPasswordRow } from './issue.ts';

export interface LimitState extends SubmissionState {
  /** The present limit in yen a day, and the change applied for, if any. */
  readonly current: number;
  readonly next: NextLimit | undefined;
  /** Whether that counts only once the one-time password is in use. */
  readonly nextWaitsForOtp: boolean;
  readonly most: number;
  readonly afterDays: number;
  readonly otpInUse: boolean;
  readonly typed: string;
}

export function limitContent(state: LimitState): Html {
  const { formToken, submission, errors, current, next, most, otpInUse, typed } = state;
  const lead = otpInUse
    ? '変更後の限度額を入力し、「次へ」ボタンを押して下さい。トークンアプリで内容を確認したあと、確定します。'
    : '変更後の限度額と確認用パスワードを入力し、「変更する」ボタンを押して下さい。';
  return html`${trouble(state)}
<p class="lead">${lead}</p>
${section(
  '現在の限度額',
  facts([
    { name: '一日あたりの限度額', value: html`<span class="number money">${yen(current)}</span>` },
    ...(next ? [{ name: '変更予定', value: nextText(next, state) }] : []),
  ]),
  next &&
    '変更予定のお申込みがあります。あらたにお申し込みになると、先のお申込みは取り消され、今回の内容に置き換わります。',
)}
${form({
  action: '/services/limit',
  formToken,
  submission,
  content: html`${section(
    '変更後の限度額',
    html`${fieldRow(
      {
        name: 'limit',
        label: '変更後の限度額',
        hint: '(半角数字・円)',
        type: 'text',
        inputmode: 'numeric',
        autocomplete: 'off',
        maxlength: 30,
        value: typed,
        note: limitNote(state),
      },
      errors,
    )}`,
    otpInUse
      ? undefined
      : `ワンタイムパスワード未利用時の一日あたりの振込・振替限度額は${yen(most)}までです。`,
  )}${otpInUse ? nothing : section('確認用パスワードの入力', confirmationPasswordRow({ errors }))}`,
  buttons: { primary: otpInUse ? '次へ' : '変更する', back: { label: '戻る', path: '/services' } },
})}`;
}

const nextText = ({ yen: amount, from }: NextLimit, { nextWaitsForOtp }: LimitState): string =>
  `${japaneseDate(from)}から ${yen(amount)}${nextWaitsForOtp ? '（ワンタイムパスワードの利用開始後）' : ''}`;

function limitNote({ most, afterDays }: LimitState): string {
  const raising = afterDays === 0 ? 'すぐに' : `お手続き日の${afterDays}日後から`;
  return `${yen(most)}まで指定できます。引き上げは${raising}、引き下げはすぐに有効になります。`;
}

export function limitCompleteContent({ yen: amount, from }: NextLimit, now: number): Html {
  return html`<p class="lead">振込・振替限度額の変更を受け付けました。</p>
${banner('info', limitFromNote(from, now))}
${section(
  '受付内容',
  facts([
    { name: '変更後の限度額', value: html`<span class="number money">${yen(amount)}</span>` },
    { name: '適用日', value: japaneseDate(from) },
  ]),
)}
${navigation([{ label: 'トップページへ', path: '/top', kind: 'primary' }])}`;
}
