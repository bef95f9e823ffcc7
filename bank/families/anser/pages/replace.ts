import type { Token } from '../../../../core/api/bank.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { loginWaysOf } from '../../../../core/institution/login.ts';
import { policyOf } from '../../../../core/institution/policy.ts';
import type { NewDevice } from '../../../../core/transaction/types.ts';
import { japaneseMinute } from '../../../format.ts';
import { deviceWords } from '../../../mail/texts.ts';
import { type Fact, facts, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { otpRow } from '../../common/pages/otp-row.ts';
import { type RequestWords, trouble } from '../../common/pages/request.ts';
import type { SubmissionState } from '../../common/pages/state.ts';
import { activationPasswordRows, confirmationPasswordRow } from './issue.ts';
import { tokenFacts } from './otp-menu.ts';

/** 新しい端末でのトークン利用: a token on a new device replaces the one in use. */

const PATH = '/otp/replace';

/** A token that will replace another. */
export interface FreshState extends SubmissionState {
  readonly fresh: Token;
}

export function replaceInputContent(state: SubmissionState & { readonly institution: Institution }): Html {
  const { formToken, submission, errors, institution } = state;
  const { replaceWithinHours } = policyOf(institution);
  return html`${trouble(state)}
<p class="lead">新しい端末でトークンを利用するお手続きです。新しい端末の初期設定に使う利用開始パスワードと、確認用パスワードを入力し「次へ」ボタンを押して下さい。</p>
<div class="notes"><ul>${
    loginWaysOf(institution).includes('code')
      ? nothing
      : html`
<li>新しい端末では、ブラウザーの拡張機能のトークンをご利用ください。ほかのトークンではログインの確認ができないため、お手続きできません。</li>`
  }
<li>これまでの端末のトークンアプリで取引認証を行います。これまでの端末をお手元にご用意ください。</li>
<li>お手続きは${replaceWithinHours}時間以内に完了してください。完了するまでは、これまでの端末のトークンをそのままご利用いただけます。</li>
<li>これまでの端末を紛失された場合や、これまでの端末が使えない場合は、この画面ではお手続きできません。下記までご連絡ください。<br>電話 <a href="tel:${institution.contact.phone}">${institution.contact.phone}</a>（${institution.contact.hours}）</li>
</ul></div>
${form({
  action: PATH,
  formToken,
  submission,
  content: html`${section(
    '利用開始パスワードの指定',
    activationPasswordRows(errors),
    '新しい端末の初期設定で入力する利用開始パスワードを4～8桁の数字で登録して下さい。',
  )}${section('確認用パスワードの入力', confirmationPasswordRow({ errors }))}`,
  buttons: { primary: '次へ', back: { label: '戻る', path: '/otp' } },
})}`;
}

const cancelForm = (formToken: string) =>
  html`<div class="buttons"><form method="post" action="${PATH}/cancel"><input type="hidden" name="form_token" value="${formToken}"><button class="button button-secondary">申込を中止する</button></form></div>`;

const until = ({ takingOver, enrolBy }: Token) => japaneseMinute(Date.parse(takingOver?.by ?? enrolBy));

/** Shown until the new device is set up. */
export function replaceSetUpContent(state: FreshState): Html {
  const { fresh, formToken } = state;
  return html`${trouble(state)}
<p class="lead">新しい端末のトークンアプリに、次のサービスIDとユーザID、登録した利用開始パスワードを入力し、初期設定を行ってください。</p>
<div class="state state-waiting"><p role="status" data-announce>新しい端末での初期設定をお待ちしています。</p>
<p class="state-note">${until(fresh)} まで有効です。初期設定が完了したら、「最新の状況を表示」を押してください。</p><p><a href="${PATH}">最新の状況を表示</a></p></div>
${tokenFacts(fresh)}
${cancelForm(formToken)}`;
}

/** The new device under the token's labels, so that customers can compare word by word. */
export const deviceFacts = (device: NewDevice): readonly Fact[] => [
  { name: '新しい端末', value: deviceWords(device) },
  { name: '新しい端末のシリアルNo', value: html`<span class="number">${device.serial}</span>` },
  { name: '初期設定日時', value: japaneseMinute(Date.parse(device.setUpAt)) },
];

/** The new device is set up; the next step asks the old token. */
export function replaceAskContent(state: SubmissionState & { readonly device: NewDevice }): Html {
  const { device, formToken, submission } = state;
  return html`${trouble(state)}
<p class="lead">新しい端末での初期設定が完了しました。シリアルNoが新しい端末の表示と同じことをお確かめのうえ、「次へ」ボタンを押して下さい。これまでの端末のトークンアプリで取引認証を行います。</p>
${form({
  action: `${PATH}/ask`,
  formToken,
  submission,
  content: section('新しい端末', facts(deviceFacts(device))),
  buttons: {
    primary: '次へ',
    cancel: { label: '申込を中止する', action: `${PATH}/cancel` },
    back: { label: '戻る', path: '/otp' },
  },
})}`;
}

/** The old token has confirmed; the next step is the new token's first code. `device` is undefined where it is not known. */
export function replaceStartContent(
  state: SubmissionState & { readonly device: NewDevice | undefined },
): Html {
  const { device, formToken, submission, errors } = state;
  return html`${trouble(state)}
<p class="lead">これまでの端末で確認されました。<strong>新しい端末</strong>のトークンアプリに表示されているワンタイムパスワードを入力し、「利用開始する」ボタンを押して下さい。利用開始と同時に、これまでの端末のトークンは利用解除になります。</p>
${form({
  action: `${PATH}/start`,
  formToken,
  submission,
  content: html`${device ? section('新しい端末', facts(deviceFacts(device))) : nothing}${section(
    '新しい端末のワンタイムパスワードの入力',
    otpRow(errors),
  )}`,
  buttons: {
    primary: '利用開始する',
    cancel: { label: '申込を中止する', action: `${PATH}/cancel` },
    back: { label: '戻る', path: '/otp' },
  },
})}`;
}

/** The new token cannot take over; the notice says why. */
export const replaceHaltedContent = (state: FreshState): Html =>
  html`${trouble(state)}
${cancelForm(state.formToken)}`;

/** The old token has confirmed. */
export function replaceConfirmedContent(): Html {
  return html`<div class="state state-done"><p data-announce>これまでの端末で確認されました。お手続きはまだ完了していません。</p>
<p class="state-note">続けて、新しい端末のワンタイムパスワードで利用開始を行ってください。</p></div>
${navigation([{ label: '利用開始へ進む', path: PATH, kind: 'primary' }])}`;
}

export function replaceCompleteContent(institution: Institution): Html {
  const next =
    loginWaysOf(institution)[0] === 'signed'
      ? 'トークンアプリでご確認ください'
      : 'ワンタイムパスワードを入力してください';
  return html`<div class="state state-done"><p data-announce>新しい端末でトークンの利用を開始しました。</p>
<p class="state-note">これまでの端末のトークンは利用解除になりました。次回のログインからは、新しい端末の${next}。</p></div>
<p class="lead">これまでの端末のトークンアプリでは、「設定」の「トークン削除」でトークンを削除してください。</p>
${navigation([{ label: 'ワンタイムパスワード申請内容選択へ', path: '/otp', kind: 'primary' }])}`;
}

export const REPLACE_WORDS: RequestWords = {
  content: 'お申込内容',
  undone: 'トークンはこれまでの端末のままです。',
  wish: '新しい端末で利用される場合は',
  unfinished: 'お手続きはまだ完了していません。',
  home: { label: 'ワンタイムパスワード申請内容選択へ', path: '/otp', name: 'ワンタイムパスワード申請' },
  again: { label: '新しい端末でのトークン利用へ', path: PATH },
};
