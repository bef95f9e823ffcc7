import { yen } from '../../format.ts';
import { yenOf } from '../../transfer/amount.ts';
import { ownLimit } from '../../transfer/limits.ts';
import {
  banner,
  choiceRow,
  errorSummary,
  type Fact,
  type FieldError,
  facts,
  fieldRow,
  form,
  navigation,
} from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { type ActInput, questionField, questionsBefore } from '../act-input.ts';
import { ACTS, type ActName, effectOf, isProposed } from '../acts.ts';
import { countsText, limitText, mostOf } from '../limit.ts';
import { actPath, customerPath } from '../paths.ts';
import type { Standing } from '../standing.ts';
import { pairedDevices } from '../token-status.ts';
import { customerFacts, tokenFacts } from './customer.ts';
import { pairedText } from './devices.ts';
import { reasonRow } from './reason.ts';

interface ActState {
  readonly standing: Standing;
  readonly act: ActName;
  readonly input: ActInput;
  readonly formToken: string;
}

interface ConfirmState {
  readonly submission: string;
  readonly notice: string | undefined;
  /** Questions that were not ticked. */
  readonly errors: readonly FieldError[];
  /** The form that was sent, with the questions that were ticked. */
  readonly ticked: ReadonlyMap<string, string>;
}

export function actInputContent({
  standing,
  act,
  input,
  errors,
  notice,
  formToken,
}: ActState & Pick<ConfirmState, 'errors' | 'notice'>): Html {
  const { takes } = ACTS[act];
  const path = actPath(standing.customer.id, act);
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
${whoAndWhat(standing, act)}
${form({
  action: `${path}/confirm`,
  formToken,
  content: html`<div class="panel">${takes === 'email' ? emailRow(input, errors) : nothing}${takes === 'limit' ? limitRow(standing, input, errors) : nothing}${takes === 'device' ? deviceRow(standing, input, errors) : nothing}${reasonRow('理由', input.reason, errors, takes === undefined)}</div>`,
  buttons: {
    primary: '確認画面へ',
    back: { label: 'お客さまの画面へ戻る', path: customerPath(standing.customer.id) },
  },
})}`;
}

function emailRow({ email }: ActInput, errors: readonly FieldError[]): Html {
  return fieldRow(
    {
      name: 'email',
      label: 'メールアドレス',
      hint: '(半角英数字記号)',
      type: 'text',
      inputmode: 'email',
      autocomplete: 'off',
      maxlength: 254,
      value: email,
      note: '申込書に記載されているアドレスです。',
      wide: true,
    },
    errors,
  );
}

function limitRow(standing: Standing, { limit }: ActInput, errors: readonly FieldError[]): Html {
  return fieldRow(
    {
      name: 'limit',
      label: '変更後の限度額',
      hint: '(円)',
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'off',
      maxlength: 20,
      value: limit,
      note: `現在の限度額は${limitText(standing)}です。${yen(mostOf(standing))}まで設定できます。`,
      focus: true,
    },
    errors,
  );
}

function deviceRow({ state }: Standing, { device }: ActInput, errors: readonly FieldError[]): Html {
  const paired = pairedDevices(state).map((one) => ({ value: one.id, label: pairedText(one) }));
  const choices = [{ value: '', label: '選択してください' }, ...paired];
  return choiceRow({ name: 'device', label: '解除するパソコン', choices, chosen: device }, errors);
}

/** The device that was chosen, as it described itself. */
function deviceText({ state }: Standing, id: string): string {
  const device = pairedDevices(state).find((one) => one.id === id);
  return device === undefined ? 'すでに解除されています' : pairedText(device);
}

/** The present limit and the new one. */
function limitFacts(standing: Standing, typed: string): Fact[] {
  const { institution, customer, at } = standing;
  const change = { from: ownLimit(customer, institution, at), to: yenOf(typed) ?? 0 };
  return [
    { name: '現在の限度額', value: limitText(standing) },
    { name: '変更後の限度額', value: yen(change.to) },
    { name: '適用', value: countsText(change, institution) },
  ];
}

export function actConfirmContent({
  standing,
  act,
  input,
  formToken,
  submission,
  notice,
  errors,
  ticked,
}: ActState & ConfirmState): Html {
  const { button, isFinal, isEmergency, takes } = ACTS[act];
  const isDire = isFinal || isEmergency;
  const path = actPath(standing.customer.id, act);
  const typed = { ...input };
  const questions = questionsBefore(act, standing.institution);
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="lead">${isProposed(act) ? '次の内容で申請します。ほかの役席者が承認すると実行されます。' : '次の内容で実行します。'}まちがいがないか確認してください。</p>
${whoAndWhat(standing, act)}
<section><h2>入力内容</h2>${facts([
    ...(takes === 'email'
      ? [{ name: 'メールアドレス', value: html`<span class="number">${input.email}</span>` }]
      : []),
    ...(takes === 'limit' ? limitFacts(standing, input.limit) : []),
    ...(takes === 'device' ? [{ name: '解除するパソコン', value: deviceText(standing, input.device) }] : []),
    { name: '理由', value: input.reason },
  ])}</section>
${isFinal ? banner('caution', '承認されると、この操作は元に戻せません。') : nothing}
<form id="act" method="post" action="${path}">${hidden({ formToken, ...typed, submission, token: standing.customer.user_id ?? '' })}${
    questions.length === 0
      ? nothing
      : html`<fieldset class="panel asked"><legend>お客さまに確認したこと</legend>${questions.map((question, index) => tick(question, index, { ticked, focus: errors.length === 0 }))}</fieldset>`
  }</form>
<div class="buttons">
<form method="post" action="${path}/edit">${hidden({ formToken, ...typed })}<button class="button button-secondary">修正する</button></form>
<button form="act" class="button button-${isDire ? 'final' : 'primary'}"${isDire || questions.length > 0 || errors.length > 0 ? nothing : html` autofocus`}>${button}</button>
</div>
${navigation([{ label: '中止してお客さまの画面へ戻る', path: customerPath(standing.customer.id), kind: 'back' }])}`;
}

/** The customer and the token that the act is for, and what it leads to. */
function whoAndWhat(standing: Standing, act: ActName): Html {
  return html`<p class="effect">${effectOf(act, standing.institution)}</p>
<div class="columns">
<section><h2>お客さま</h2>${facts([
    { name: 'お名前', value: `${standing.customer.name} 様` },
    ...customerFacts(standing),
  ])}</section>
<section><h2>トークン</h2>${facts(tokenFacts(standing))}</section>
</div>`;
}

/** A question with its checkbox, which the browser wants ticked. */
const tick = (
  question: string,
  index: number,
  { ticked, focus }: { readonly ticked: ReadonlyMap<string, string>; readonly focus: boolean },
): Html =>
  html`<label class="tick"><input type="checkbox" id="${questionField(index)}" name="${questionField(index)}" value="yes" required${
    ticked.get(questionField(index)) === 'yes' ? html` checked` : nothing
  }${focus && index === 0 ? html` autofocus` : nothing}><span>${question}</span></label>`;

const hidden = ({
  formToken,
  ...fields
}: Readonly<Record<string, string>> & { readonly formToken: string }): Html =>
  html`<input type="hidden" name="form_token" value="${formToken}">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;
