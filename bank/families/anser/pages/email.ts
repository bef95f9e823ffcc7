import { japaneseSecond } from '../../../format.ts';
import { facts, fieldRow, form, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import { trouble } from '../../common/pages/request.ts';
import type { SubmissionState } from '../../common/pages/state.ts';
import { changeDoneContent, EMAIL_DONE_NOTE } from './change.ts';
import { confirmationPasswordRow } from './issue.ts';

export interface EmailState extends SubmissionState {
  /** Null if none is registered. */
  readonly current: string | null;
  readonly otpInUse: boolean;
  readonly email: string;
  readonly emailAgain: string;
}

const ROW = {
  hint: '(半角英数字記号)',
  type: 'email',
  inputmode: 'email',
  autocomplete: 'off',
  maxlength: 254,
  wide: true,
} as const;

export function emailContent(state: EmailState): Html {
  const { formToken, submission, errors, current, otpInUse, email, emailAgain } = state;
  const lead = otpInUse
    ? '新しいメールアドレスを入力し、「次へ」ボタンを押して下さい。トークンアプリで内容を確認したあと、確定します。'
    : '新しいメールアドレスと確認用パスワードを入力し、「変更する」ボタンを押して下さい。';
  return html`${trouble(state)}
<p class="lead">${lead}</p>
${section('現在のメールアドレス', facts([{ name: '現在のメールアドレス', value: html`<span class="address">${current ?? '（未登録）'}</span>` }]))}
${form({
  action: '/services/email',
  formToken,
  submission,
  content: html`${section(
    '新しいメールアドレス',
    html`${fieldRow({ ...ROW, name: 'email', label: '新しいメールアドレス', value: email }, errors)}${fieldRow(
      {
        ...ROW,
        name: 'email_again',
        label: '新しいメールアドレス（確認用）',
        value: emailAgain,
        note: '変更は受付後ただちに有効になります。変更前と変更後のメールアドレスに、お知らせをお送りします。',
      },
      errors,
    )}`,
  )}${otpInUse ? nothing : section('確認用パスワードの入力', confirmationPasswordRow({ errors }))}`,
  buttons: { primary: otpInUse ? '次へ' : '変更する', back: { label: '戻る', path: '/services' } },
})}`;
}

export function emailCompleteContent({
  address,
  at,
}: {
  readonly address: string;
  readonly at: number;
}): Html {
  return changeDoneContent({
    type: 'email-change',
    note: EMAIL_DONE_NOTE,
    facts: facts([
      { name: '受付日時', value: japaneseSecond(at) },
      { name: '新しいメールアドレス', value: html`<span class="address">${address}</span>` },
    ]),
  });
}
