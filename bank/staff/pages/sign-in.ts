import type { Institution } from '../../../core/institution/directory.ts';
import {
  banner,
  choiceRow,
  errorSummary,
  type FieldError,
  fieldRow,
  form,
  navigation,
} from '../../web/form.ts';
import { type Html, html } from '../../web/html.ts';

interface SignInState {
  readonly institutions: readonly Institution[];
  readonly formToken: string;
  readonly errors: readonly FieldError[];
  /** Key of the institution chosen before. */
  readonly chosen: string;
}

export function signInContent({ institutions, formToken, errors, chosen }: SignInState): Html {
  const choices = [
    { value: '', label: '選択してください' },
    ...institutions.map(({ key, name }) => ({ value: key, label: name })),
  ];
  const text = { type: 'text', maxlength: 64 } as const;
  return html`${errorSummary(errors)}
<p class="lead">担当する金融機関を選び、職員IDとパスワードを入力してください。</p>
${form({
  action: '/sign-in',
  formToken,
  content: html`<div class="panel">${choiceRow({ name: 'institution', label: '金融機関', choices, chosen }, errors)}${fieldRow(
    { ...text, name: 'staff_id', label: '職員ID', hint: '(半角英数字)', autocomplete: 'username' },
    errors,
  )}${fieldRow(
    {
      ...text,
      type: 'password',
      name: 'password',
      label: 'パスワード',
      hint: '',
      autocomplete: 'current-password',
    },
    errors,
  )}</div>`,
  buttons: { primary: 'サインイン' },
})}`;
}

export function signedOutContent(): Html {
  return html`<p class="lead">サインアウトしました。</p>
${navigation([{ label: 'サインインへ', path: '/sign-in' }])}`;
}

export function timedOutContent(): Html {
  return html`${banner('caution', '一定の時間操作がなかったか、サインインから長い時間が経過したため、安全のためサインアウトしました。')}
<p class="lead">確認画面で実行していないお手続きは、行われていません。送信しようとした理由などの入力内容は、しばらくのあいだ保管しています。同じ職員IDでサインインすると、その画面に戻ります。検索、トークンの取り込み、ご自分のパスキーの登録と削除の入力内容は、保管していません。</p>
${navigation([{ label: 'サインインへ', path: '/sign-in', kind: 'primary' }])}`;
}
