import { type Institution, mailAddressOf } from '../../../../core/institution/directory.ts';
import type { Policy } from '../../../../core/institution/policy.ts';
import { japaneseSecond } from '../../../format.ts';
import { banner, errorSummary, facts, fieldRow, form, navigation, section } from '../../../web/form.ts';
import { type Html, html, nothing } from '../../../web/html.ts';
import type { FormState, SubmissionState } from '../../common/pages/state.ts';
import { tokenFacts } from './otp-menu.ts';

export interface IssueInputState extends FormState {
  readonly institution: Institution;
  readonly email: string;
  readonly emailAgain: string;
}

const ADDRESS = {
  hint: '(半角英数字記号)',
  type: 'text',
  inputmode: 'email',
  autocomplete: 'off',
  maxlength: 254,
  wide: true,
} as const;

const ACTIVATION_PASSWORD = {
  hint: '(半角数字4～8桁)',
  type: 'password',
  inputmode: 'numeric',
  autocomplete: 'off',
  maxlength: 20,
  keyboard: 'digits',
} as const;

const TWICE = '確認のため2回入力して下さい';

export function issueInputContent(state: IssueInputState): Html {
  const { institution, formToken, errors, notice, email, emailAgain } = state;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">ソフトウェアトークンを発行します。<br>送信先メールアドレス、利用開始パスワードを入力し「次へ」ボタンを押して下さい。</p>
${form({
  action: '/otp/issue',
  formToken,
  content: html`${section(
    '送信先メールアドレスの指定',
    html`${fieldRow({ ...ADDRESS, name: 'email', label: '送信先メールアドレス', value: email }, errors)}${fieldRow(
      {
        ...ADDRESS,
        name: 'email_again',
        label: '送信先メールアドレス（確認用）',
        value: emailAgain,
        note: TWICE,
      },
      errors,
    )}<p class="note">${letThrough(institution)}</p>`,
    'トークンを発行する携帯電話のメールアドレスを入力して下さい。',
  )}${section(
    '利用開始パスワードの指定',
    activationPasswordRows(errors),
    'トークン発行時に必要となる利用開始パスワードを4～8桁の数字で登録して下さい。利用開始パスワードは、お控えいただくかお忘れにならないようご注意ください。',
  )}`,
  buttons: { primary: '次へ', back: { label: '戻る', path: '/otp' } },
})}`;
}

/** 利用開始パスワード, twice. */
export const activationPasswordRows = (errors: FormState['errors']): Html =>
  html`${fieldRow({ ...ACTIVATION_PASSWORD, name: 'activation_password', label: '利用開始パスワード' }, errors)}${fieldRow(
    {
      ...ACTIVATION_PASSWORD,
      name: 'activation_password_again',
      label: '利用開始パスワード（確認用）',
      note: TWICE,
    },
    errors,
  )}`;

/** The sender of the mails, for customers whose mail filter blocks unknown senders. */
function letThrough(institution: Institution): string {
  const address = mailAddressOf(institution);
  const domain = address.slice(address.lastIndexOf('@'));
  return `スマートフォンや携帯電話に迷惑メールの設定をされている場合は、お申し込みの前に「${domain}」のドメインを受信可能にしてください（送信元「${address}」）。`;
}

export interface IssueConfirmState extends SubmissionState {
  /** Which input it confirms. */
  readonly draft: string;
  readonly email: string;
  /** When the メール通知パスワード was sent; undefined if the institution asks for none. */
  readonly mailSentAt: number | undefined;
  readonly policy: Policy;
}

export function issueConfirmContent(state: IssueConfirmState): Html {
  const { formToken, submission, errors, notice, draft, email, mailSentAt } = state;
  const passwords = mailSentAt === undefined ? '確認用パスワード' : '確認用パスワード・メール通知パスワード';
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">${passwords}を入力し、「確定する」ボタンを押して下さい。</p>
${section('送付先メールアドレス', facts([{ name: '携帯電話メールアドレス', value: html`<span class="address">${email}</span>` }]))}
${form({
  action: '/otp/issue/confirm',
  formToken,
  submission,
  content: html`<input type="hidden" name="draft" value="${draft}">${mailSentAt === undefined ? nothing : mailPasswordSection(mailSentAt, state)}${section(
    '確認用パスワードの入力',
    confirmationPasswordRow(state),
  )}`,
  buttons: {
    primary: '確定する',
    cancel: { label: '申込を中止する', action: '/otp/issue/cancel' },
    back: { label: '戻る', path: '/otp/issue' },
  },
})}`;
}

function mailPasswordSection(sentAt: number, { email, errors, policy }: IssueConfirmState): Html {
  return section(
    'メール通知パスワード送信先',
    html`${facts([
      { name: '送信日時', value: html`<span class="number">${japaneseSecond(sentAt)}</span>` },
      { name: '送信先メールアドレス', value: html`<span class="address">${email}</span>` },
    ])}${fieldRow(
      {
        name: 'mail_password',
        label: 'メール通知パスワード',
        hint: '(半角数字8桁)',
        type: 'text',
        inputmode: 'numeric',
        autocomplete: 'off',
        maxlength: 20,
        note: `送信から${policy.mailPasswordMinutes}分間有効です。メールが届かない場合は「戻る」を押し、送信先メールアドレスをご確認のうえ、もう一度「次へ」を押して下さい。`,
      },
      errors,
    )}`,
    'メール通知パスワードは、お客様へ送信されたメールの本文に以下の送信日時を記載したメールをご確認下さい。',
  );
}

export function confirmationPasswordRow({ errors }: Pick<FormState, 'errors'>): Html {
  return fieldRow(
    {
      name: 'confirmation_password',
      label: '確認用パスワード',
      hint: '(半角英数字6～12桁)',
      type: 'password',
      autocomplete: 'off',
      maxlength: 64,
      keyboard: 'lower',
    },
    errors,
  );
}

interface Issued {
  readonly email: string;
  readonly serviceId: string;
  readonly userId: string;
}

export function issueCompleteContent({ enrolWithinDays }: Policy, done: Issued): Html {
  return html`<p class="lead">トークン発行を受け付けました。<br>携帯電話メールアドレスにトークン発行用のメールが送信されます。<br>トークン情報に従い、ワンタイムパスワードの設定のお手続きをお願いします。</p>
${banner('info', `この時点では初期設定は完了しておりません。「トークン発行のご案内」のメールをご確認のうえ、お申込みから${enrolWithinDays}日以内に、トークンアプリの初期設定を続けてください。`)}
<div class="buttons buttons-print"><button type="button" class="button button-secondary" data-print hidden>ページを印刷する</button></div>
${section('送付先メールアドレス', facts([{ name: '携帯電話メールアドレス', value: html`<span class="address">${done.email}</span>` }]))}
${tokenFacts(done)}
${navigation([{ label: 'ワンタイムパスワード申請内容選択へ', path: '/otp', kind: 'primary' }])}`;
}
