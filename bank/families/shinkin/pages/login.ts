import type { Institution } from '../../../../core/institution/directory.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import {
  banner,
  errorSummary,
  type FieldError,
  fieldRow,
  form,
  navigation,
  section,
} from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { contactSection } from '../../common/pages/contact.ts';
import { otpRow } from '../../common/pages/otp-row.ts';
import type { FormState, SubmissionState } from '../../common/pages/state.ts';
import { PROCEDURES } from '../procedures.ts';

/** 契約者ID（利用者番号） and ログインパスワード. */
export const contractRows = (errors: readonly FieldError[]): Html =>
  html`${fieldRow(
    {
      name: 'login_id',
      label: '契約者ID（利用者番号）',
      hint: '(半角数字)',
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'username',
      maxlength: 64,
    },
    errors,
  )}${fieldRow(
    {
      name: 'password',
      label: 'ログインパスワード',
      hint: '(半角英数字)',
      type: 'password',
      autocomplete: 'current-password',
      maxlength: 64,
      keyboard: 'lower',
    },
    errors,
  )}`;

export function loginContent({ formToken, errors, notice }: FormState): Html {
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">インターネットバンキングにログインします。契約者ID（利用者番号）、ログインパスワードを入力し、「ログイン」ボタンを押してください。</p>
${form({
  action: '/login',
  formToken,
  content: html`${section('ログイン', contractRows(errors))}
<p class="note">英字は大文字と小文字を区別しますので、ご注意ください。</p>`,
  buttons: { primary: 'ログイン' },
})}
${section(
  'ワンタイムパスワード',
  html`<p class="lead">ワンタイムパスワードの管理を行います。</p>
<ul class="procedures">${PROCEDURES.map(
    ({ name, path, when }) =>
      html`<li><p>${when}は、「${name}」ボタンを押してください。</p><form method="get" action="${path}"><button class="button button-secondary">${name}</button></form></li>`,
  )}</ul>
<p class="section-action"><a href="/otp-guide">ワンタイムパスワードご案内（概要説明はこちら）</a></p>`,
)}`;
}

export function loginOtpContent({ formToken, submission, errors, notice }: SubmissionState): Html {
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">ご登録のトークンに表示されているワンタイムパスワードを入力し、「認証」ボタンを押してください。</p>
${form({
  action: '/login/otp',
  formToken,
  submission,
  content: section('ワンタイムパスワードの入力', otpRow(errors)),
  buttons: { primary: '認証', cancel: { label: '中止する', action: '/login/cancel' } },
})}
${section(
  'ワンタイムパスワードを表示できないとき',
  html`<ul class="link-row"><li><a href="/help">お困りのとき</a></li></ul>`,
)}`;
}

/** `locked`: too many wrong codes · `suspended`: by staff, or after an unrecognised transfer · `expired`: past the 有効期限 */
export type LoginStop = 'locked' | 'suspended' | 'expired';

export const STOP_HEADINGS: Readonly<Record<LoginStop, string>> = {
  locked: 'ワンタイムパスワード認証の停止',
  suspended: 'トークンの利用停止',
  expired: 'トークンの有効期限',
};

const STOPS: Readonly<Record<LoginStop, string>> = {
  locked:
    'ワンタイムパスワードが連続して一定回数以上間違えて入力されたため、ワンタイムパスワード認証が停止しています。現在ログインができません。状況を確認後、当金庫にて停止状態の解除を実施いたしますので、下記までご連絡ください。',
  suspended:
    'トークンを利用停止にしています。現在ログインができません。状況を確認後、当金庫にてお手続きをご案内いたしますので、至急、下記までご連絡ください。',
  expired:
    'トークンの有効期限が過ぎているため、ワンタイムパスワード認証ができません。現在ログインができません。新しいトークンのご利用を、下記にてご案内いたします。',
};

export function loginStoppedContent(institution: Institution, stop: LoginStop): Html {
  return html`${banner('caution', STOPS[stop])}
${contactSection(institution)}
${navigation([
  { label: 'お困りのとき', path: '/help' },
  { label: 'ログイン画面に戻る', path: '/' },
])}`;
}

const TO_LOGIN = [{ label: 'ログイン画面に戻る', path: '/' }] as const;

export function loggedOutContent(): Html {
  return html`<p class="lead">ログアウトしました。ご利用ありがとうございました。</p>
${navigation(TO_LOGIN)}`;
}

export function timedOutContent(institution: Institution): Html {
  const { idleMinutes, sessionHours } = policyOf(institution);
  return html`${banner('caution', `${idleMinutes}分以上操作がなかったか、ご利用の開始から${sessionHours}時間が経過したため、安全のためお手続きを終了しました。`)}
<p class="lead">お手続きを続ける場合は、ログイン画面からもう一度操作してください。取引認証の途中だったお取引は、有効期限内であれば「振込・振替」の画面から続けることができます。</p>
${navigation(TO_LOGIN)}`;
}
