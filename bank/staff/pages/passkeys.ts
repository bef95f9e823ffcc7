import { japaneseMinute } from '../../format.ts';
import type { Colleague, PasskeyRow } from '../../store/passkeys.ts';
import {
  banner,
  type Choice,
  choiceRow,
  errorSummary,
  type Field,
  type FieldError,
  fieldRow,
  form,
  navigation,
} from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import type { SignedIn } from '../context.ts';
import { mayApprove, ROLE_LABELS } from '../roles.ts';
import { reasonRow } from './reason.ts';
import { table } from './table.ts';

/** The form that asks the browser for a passkey; a script does it. */
interface Asking {
  readonly action: string;
  readonly formToken: string;
  /** What the browser is asked, as JSON. */
  readonly options: string;
  readonly purpose: 'register' | 'sign-in';
  readonly button: string;
  readonly content: Html;
}

const askingForm = ({ action, formToken, options, purpose, button, content }: Asking): Html =>
  html`<form method="post" action="${action}" novalidate autocomplete="off" data-passkey="${options}" data-passkey-for="${purpose}">
<input type="hidden" name="form_token" value="${formToken}"><input type="hidden" name="response" value="">
${content}
<div class="banner banner-caution" role="alert" tabindex="-1" data-passkey-trouble hidden><p>パスキーを確認できませんでした。もう一度操作してください。</p></div>
<div class="buttons"><button class="button button-primary"${purpose === 'sign-in' ? html` autofocus` : nothing}>${button}</button></div>
</form>`;

interface SecondStep {
  readonly formToken: string;
  readonly options: string;
  readonly errors: readonly FieldError[];
}

export function secondStepContent({ formToken, options, errors }: SecondStep): Html {
  return html`${errorSummary(errors)}
<p class="lead">パスワードを確認しました。登録してあるパスキーでサインインを完了してください。</p>
${askingForm({ action: '/sign-in/passkey', formToken, options, purpose: 'sign-in', button: 'パスキーでサインイン', content: nothing })}
<form method="post" action="/sign-out"><input type="hidden" name="form_token" value="${formToken}"><div class="buttons"><button class="button button-back">中止する</button></div></form>
<p class="note">パスキーを紛失した場合は、ほかの役席者に解除を依頼してください。</p>`;
}

interface PasskeysPage {
  readonly by: SignedIn;
  readonly passkeys: readonly PasskeyRow[];
  readonly name: string;
  /** Id of the passkey to remove; empty where none was chosen. */
  readonly chosen: string;
  /** Undefined where no further passkey may be added. */
  readonly options: string | undefined;
  readonly errors: readonly FieldError[];
  readonly notice: { readonly kind: 'info' | 'caution'; readonly text: string } | undefined;
  readonly formToken: string;
}

const passwordRow = (field: Pick<Field, 'name' | 'label'>, errors: readonly FieldError[]): Html =>
  fieldRow(
    {
      ...field,
      hint: '(サインインと同じもの)',
      type: 'password',
      autocomplete: 'current-password',
      maxlength: 64,
    },
    errors,
  );

/** One's own passkeys: to add, and to remove. */
export function passkeysContent(page: PasskeysPage): Html {
  const { by, passkeys, name, chosen, options, errors, notice, formToken } = page;
  return html`${errorSummary(errors)}${notice ? banner(notice.kind, notice.text) : nothing}
<p class="effect">パスキーを登録すると、次回のサインインから、パスワードのあとにパスキーの確認が必要になります。登録または削除すると、この画面のほかでのサインインは終了します。</p>
<section><h2>登録済みのパスキー</h2>${passkeyTable(passkeys)}</section>
${
  options === undefined
    ? nothing
    : html`<section><h2>パスキーの登録</h2>${askingForm({
        action: '/passkeys',
        formToken,
        options,
        purpose: 'register',
        button: 'パスキーを登録する',
        content: html`<div class="panel">${fieldRow(
          {
            name: 'name',
            label: 'パスキーの名称',
            hint: '(例：窓口3番のパソコン)',
            type: 'text',
            autocomplete: 'off',
            maxlength: 1_000,
            value: name,
          },
          errors,
        )}${passwordRow({ name: 'password', label: 'パスワード' }, errors)}</div>`,
      })}</section>`
}
${
  passkeys.length === 0
    ? nothing
    : html`<section><h2>パスキーの削除</h2>${form({
        action: '/passkeys/remove',
        formToken,
        content: html`<div class="panel">${choiceRow(
          { name: 'key', label: '削除するパスキー', choices: choicesOf(passkeys), chosen },
          errors,
        )}${passwordRow({ name: 'remove-password', label: 'パスワードの確認' }, errors)}</div>`,
        buttons: { primary: '削除する' },
      })}</section>`
}
${navigation([
  ...(mayApprove(by.clerk) ? [{ label: '職員のパスキーの解除へ', path: '/staff' }] : []),
  { label: '対応待ちへ', path: '/', kind: 'back' as const },
])}`;
}

const choicesOf = (passkeys: readonly PasskeyRow[]): readonly Choice[] => [
  { value: '', label: '選択してください' },
  ...passkeys.map(({ id, name }) => ({ value: id, label: name })),
];

function passkeyTable(passkeys: readonly PasskeyRow[]): Html {
  if (passkeys.length === 0) return html`<p class="empty">登録されたパスキーはありません。</p>`;
  return table({
    label: '登録済みのパスキー',
    columns: ['名称', '登録日時', '最後の利用'],
    rows: passkeys.map(
      ({ name, added_at, used_at }) =>
        html`<tr><td class="why">${name}</td><td class="when">${japaneseMinute(added_at.getTime())}</td><td>${used_at === null ? '—' : japaneseMinute(used_at.getTime())}</td></tr>`,
    ),
  });
}

interface ColleaguesPage {
  readonly by: SignedIn;
  readonly colleagues: readonly Colleague[];
  readonly chosen: string;
  readonly reason: string;
  readonly errors: readonly FieldError[];
  readonly notice: { readonly kind: 'info' | 'caution'; readonly text: string } | undefined;
  readonly formToken: string;
}

/** パスキーの解除, for a colleague who has lost theirs. */
export function colleaguesContent(page: ColleaguesPage): Html {
  const { by, colleagues, chosen, reason, errors, notice, formToken } = page;
  const others = colleagues.filter(({ id, passkeys }) => id !== by.clerk.id && Number(passkeys) > 0);
  const choices = [
    { value: '', label: '選択してください' },
    ...others.map(({ id, staff_id, name }) => ({ value: id, label: `${staff_id} ${name}` })),
  ];
  return html`${errorSummary(errors)}${notice ? banner(notice.kind, notice.text) : nothing}
<p class="effect">パスキーを紛失した職員の登録を、すべて解除し、その職員のサインインを終了します。本人であることを対面などで確認してください。ご自分の登録は、ほかの役席者が解除します。</p>
<section><h2>職員</h2>${table({
    label: '職員',
    columns: ['職員ID', 'お名前', '権限', 'パスキー'],
    rows: colleagues.map(
      ({ staff_id, name, role, passkeys }) =>
        html`<tr><td>${staff_id}</td><td class="why">${name}</td><td>${ROLE_LABELS[role]}</td><td>${Number(passkeys) === 0 ? '登録なし' : `${Number(passkeys)}件`}</td></tr>`,
    ),
  })}</section>
${
  others.length === 0
    ? html`<p class="empty">解除できる職員はいません。</p>`
    : form({
        action: '/staff/reset',
        formToken,
        content: html`<div class="panel">${choiceRow({ name: 'clerk', label: '職員', choices, chosen }, errors)}${reasonRow('理由', reason, errors)}</div>`,
        buttons: { primary: 'パスキーを解除する' },
      })
}
${navigation([{ label: '対応待ちへ', path: '/', kind: 'back' }])}`;
}
