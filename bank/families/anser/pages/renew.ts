import { japaneseMinute } from '../../../format.ts';
import { banner, errorSummary, facts, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { otpRow } from '../../common/pages/otp-row.ts';
import type { SubmissionState } from '../../common/pages/state.ts';

/** The present 有効期限 and the new one, in Unix milliseconds. */
export interface RenewedEnds {
  readonly endsAt: number;
  readonly newEnd: number;
}

export interface RenewState extends SubmissionState {
  /** Undefined where they are not known. */
  readonly ends: RenewedEnds | undefined;
}

export function renewConfirmContent(state: RenewState): Html {
  const { formToken, submission, errors, notice, ends } = state;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">有効期限を確認し、ワンタイムパスワードを入力して、「更新する」ボタンを押して下さい。</p>
${form({
  action: '/otp/renew',
  formToken,
  submission,
  content: html`${ends ? endsSection(ends) : nothing}${section('ワンタイムパスワードの入力', otpRow(errors))}`,
  buttons: {
    primary: '更新する',
    cancel: { label: '申込を中止する', action: '/otp/cancel' },
    back: { label: '戻る', path: '/otp' },
  },
})}`;
}

const endsSection = ({ endsAt, newEnd }: RenewedEnds): Html =>
  section(
    'トークンの有効期限',
    html`${facts([
      { name: '現在の有効期限', value: inJapan(endsAt) },
      { name: '更新後の有効期限', value: inJapan(newEnd) },
    ])}<p class="note">シリアルNoとトークン表示名は変わりません。トークンの初期設定をやり直す必要はありません。</p>`,
  );

/** @param endsAt the new 有効期限, in Unix milliseconds */
export function renewCompleteContent(endsAt: number): Html {
  return html`<p class="lead">トークンの有効期限の更新を受け付けました。</p>
${section('トークンの有効期限', facts([{ name: '更新後の有効期限', value: inJapan(endsAt) }]))}
${banner('info', 'トークンアプリの有効期限の表示は、次にアプリを開いたときに変わります。ワンタイムパスワードは、これまでと同じトークンで続けてご利用いただけます。')}
${navigation([{ label: 'ワンタイムパスワード申請内容選択へ', path: '/otp', kind: 'primary' }])}`;
}

const inJapan = (at: number): Html => html`<span class="nowrap">${japaneseMinute(at)}</span>（日本時間）`;
