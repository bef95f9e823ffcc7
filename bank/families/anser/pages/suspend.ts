import { ANSER } from '../../../../core/family/anser.ts';
import type { Institution } from '../../../../core/institution/directory.ts';
import { japaneseMinute } from '../../../format.ts';
import { banner, errorSummary, facts, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { contactSection } from '../../common/pages/contact.ts';
import type { SubmissionState } from '../../common/pages/state.ts';
import { confirmationPasswordRow } from './issue.ts';

export interface SuspendState extends SubmissionState {
  readonly institution: Institution;
  /** Where the form is sent, and where 戻る leads. */
  readonly action: string;
  readonly back: string;
}

/** What 利用停止 does and who can lift it, with the field for the 確認用パスワード. */
export function suspendConfirmContent(state: SuspendState): Html {
  const { formToken, submission, errors, notice, action, back } = state;
  const { us } = ANSER.words;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">トークンを設定した端末の紛失・盗難などの場合に、トークンをただちに利用停止にします。内容を確認し、確認用パスワードを入力して、「利用停止にする」ボタンを押して下さい。</p>
${form({
  action,
  formToken,
  submission,
  content: html`${section(
    '利用停止にすると',
    html`<div class="notes"><ul>
<li>ワンタイムパスワードが使えなくなり、インターネットバンキングへのログインとお振込ができなくなります。ほかの端末でログイン中の場合も、ログアウトします。</li>
<li>取引認証を待っているお取引は取り消されます。</li>
<li>お客さまご自身では解除できません。利用停止の解除、または新しい端末でのご利用の再開は、${us}でご本人さまであることを確認のうえ承ります。</li>
<li>ご登録のメールアドレスに、利用停止のお知らせをお送りします。</li>
</ul></div>`,
  )}${section('確認用パスワードの入力', confirmationPasswordRow(state))}`,
  buttons: { primary: '利用停止にする', back: { label: '戻る', path: back } },
})}
${contactSection(state.institution, '確認用パスワードがお分かりにならない場合は、お電話ください。')}`;
}

/** @param at when it was done, in Unix milliseconds */
export function suspendCompleteContent(institution: Institution, at: number): Html {
  const { us } = ANSER.words;
  return html`<p class="lead">トークンを利用停止にし、ログアウトしました。</p>
${section('トークンの利用停止', facts([{ name: '受付日時', value: japaneseMinute(at) }]))}
${banner('info', `利用停止中は、ログインとお振込ができません。利用停止の解除、または新しい端末でのご利用の再開は、${us}でご本人さまであることを確認のうえ承ります。下記までご連絡ください。`)}
${contactSection(institution)}
${navigation([
  { label: 'お困りのとき', path: '/help' },
  { label: 'ログイン画面へ', path: '/' },
])}`;
}

/** For institutions where only staff suspend. @param sentence whom to call */
export function suspendElsewhereContent(institution: Institution, sentence: string): Html {
  return html`${banner('caution', sentence)}
${contactSection(institution)}
${navigation([
  { label: 'お困りのとき', path: '/help' },
  { label: 'ログイン画面へ', path: '/' },
])}`;
}
