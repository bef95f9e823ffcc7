import { daysOn } from '../../../format.ts';
import { banner, errorSummary, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { otpRow } from '../../common/pages/otp-row.ts';
import type { SubmissionState } from '../../common/pages/state.ts';
import { confirmationPasswordRow } from './issue.ts';

export function activateConfirmContent({ formToken, submission, errors, notice }: SubmissionState): Html {
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">ワンタイムパスワードを入力し、「利用開始する」ボタンを押して下さい。</p>
${form({
  action: '/otp/activate',
  formToken,
  submission,
  content: section('ワンタイムパスワードの入力', otpRow(errors)),
  buttons: {
    primary: '利用開始する',
    cancel: { label: '申込を中止する', action: '/otp/cancel' },
    back: { label: '戻る', path: '/otp' },
  },
})}`;
}

export function activateCompleteContent(): Html {
  return html`<p class="lead">ワンタイムパスワードの利用開始を受け付けました。</p>
${banner('info', '次回のログインから、「ログインID」と「ログインパスワード」に加えて「ワンタイムパスワード」の入力が必要です。')}
${navigation([{ label: 'ワンタイムパスワード申請内容選択へ', path: '/otp', kind: 'primary' }])}`;
}

export function releaseConfirmContent(state: SubmissionState): Html {
  const { formToken, submission, errors, notice } = state;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">確認用パスワード・ワンタイムパスワードを入力し、「解除する」ボタンを押して下さい。</p>
${form({
  action: '/otp/release',
  formToken,
  submission,
  content: html`${section('確認用パスワードの入力', confirmationPasswordRow(state))}${section(
    'ワンタイムパスワードの入力',
    otpRow(errors),
  )}`,
  buttons: {
    primary: '解除する',
    cancel: { label: '申込を中止する', action: '/otp/cancel' },
    back: { label: '戻る', path: '/otp' },
  },
})}`;
}

export function releaseCompleteContent(reissueAfterDays: number): Html {
  const again = reissueAfterDays === 0 ? '機種変更後に' : `${daysOn(reissueAfterDays)}以降に`;
  return html`<p class="lead">ワンタイムパスワードの利用解除を受け付けました。</p>
${banner('info', `次回のログインから、ワンタイムパスワードの入力は不要です。${again}、新たに「トークン発行」「ワンタイムパスワード利用開始」を実施してワンタイムパスワードの利用を再開ください。`)}
${navigation([{ label: 'ワンタイムパスワード申請内容選択へ', path: '/otp', kind: 'primary' }])}`;
}
