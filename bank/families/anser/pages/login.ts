import type { Institution } from '../../../../core/institution/directory.ts';
import { suspendsByCustomer } from '../../../../core/institution/guide.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import { unlockAtCounter } from '../../../token/ways.ts';
import { banner, errorSummary, fieldRow, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import type { FormState } from '../../common/pages/state.ts';
import { type ProofState, proofContent } from './proof.ts';
import { type Stopped, stoppedContent } from './stopped.ts';

export function loginContent({ name }: Institution, { formToken, errors, notice }: FormState): Html {
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<section class="warning">
<h2>インターネットバンキングの不正利用にご注意下さい</h2>
<p>${name}を装ったメールや、心当たりのない電子メールにご注意下さい。${name}ではメールでパスワードの入力を頂くような依頼をすることは絶対にありません。そのような不審なメールへの返信は行わないようお願いいたします。</p>
</section>
<section class="section"><h2>初めてご利用になる方</h2>
<p class="lead">お申し込み後、はじめてご利用になるお客様は、こちらで初回利用登録をおこなってください。</p>
<p class="section-action"><a href="/first-use">初回利用登録</a></p></section>
${section(
  '初回利用登録がお済みの方',
  form({
    action: '/login',
    formToken,
    content: html`${fieldRow(
      {
        name: 'login_id',
        label: 'ログインID',
        hint: '(半角英数字6～12桁)',
        type: 'text',
        autocomplete: 'username',
        maxlength: 64,
      },
      errors,
    )}${fieldRow(
      {
        name: 'password',
        label: 'ログインパスワード',
        hint: '(半角英数字6～12桁)',
        type: 'password',
        autocomplete: 'current-password',
        maxlength: 64,
        keyboard: 'lower',
      },
      errors,
    )}
<p class="note">安全性向上のためソフトウェアキーボードをご利用ください。</p>`,
    buttons: { primary: 'ログイン' },
  }),
)}
${section(
  'ワンタイムパスワードでお困りの方',
  html`<p class="section-action"><a href="/help">お困りのとき（紛失・故障・機種変更など）</a></p>`,
)}`;
}

export function loginOtpContent(institution: Institution, state: ProofState): Html {
  return html`${proofContent({ buttons: { primary: '次へ', cancel: { label: '中止する', action: '/login/cancel' } } }, state)}
${section(
  'ワンタイムパスワードを表示できないとき',
  html`<ul class="link-row">${
    suspendsByCustomer(institution)
      ? html`<li><a href="/login/suspend">端末を紛失したとき（利用停止）</a></li>`
      : nothing
  }<li><a href="/help">お困りのとき</a></li></ul>`,
)}`;
}

/**
 * `locked`: too many wrong codes · `suspended`: by staff, or after a transfer that the customer did not recognise ·
 * `expired`: the token is past its 有効期限
 */
export type LoginStop = 'locked' | 'suspended' | 'expired';

const STOPS: Record<LoginStop, (institution: Institution) => Stopped> = {
  locked: (institution) => ({
    reason:
      'ワンタイムパスワードが連続して一定回数以上間違えて入力されたため、ワンタイムパスワード認証が停止しています。不正ログインを防止するため、現在ログインができません。',
    todo:
      unlockAtCounter(institution) ??
      '状況を確認後、当組合にて停止状態の解除を実施いたしますので、下記までご連絡願います。',
  }),
  suspended: () => ({
    reason: 'トークンを利用停止にしています。現在ログインができません。',
    todo: '状況を確認後、当組合にてお手続きをご案内いたしますので、至急、下記までご連絡願います。',
  }),
  expired: () => ({
    reason:
      'トークンの有効期限が過ぎているため、ワンタイムパスワード認証ができません。現在ログインができません。',
    todo: '新しいトークンの発行をご案内いたしますので、下記までご連絡願います。',
  }),
};

export const loginStoppedContent = (institution: Institution, stop: LoginStop): Html =>
  stoppedContent(institution, STOPS[stop](institution));

export function loggedOutContent(): Html {
  return html`<p class="lead">ログアウトしました。ご利用ありがとうございました。</p>
${navigation([{ label: 'ログイン画面へ', path: '/' }])}`;
}

export function timedOutContent(institution: Institution): Html {
  const { idleMinutes, sessionHours } = policyOf(institution);
  return html`${banner('caution', `${idleMinutes}分以上操作がなかったか、ご利用の開始から${sessionHours}時間が経過したため、安全のためログアウトしました。`)}
<p class="lead">お手続きを続ける場合は、もう一度ログインしてください。トークン発行後に中断した場合も、「ワンタイムパスワード申請」のメニューから続けることができます。取引認証の途中だったお申込みは、有効期限内であれば「振込・振替」または「ご利用サービスの変更」の画面から続けることができます。</p>
${navigation([{ label: 'ログイン画面へ', path: '/', kind: 'primary' }])}`;
}
