import { japaneseDate, japaneseSecond, startOfIsoDay } from '../../format.ts';
import type { PaperOf } from '../../store/papers.ts';
import type { PaperKind } from '../../store/schema.ts';
import { banner, errorSummary, type FieldError, facts, fieldRow, form, navigation } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { ACTS } from '../acts.ts';
import type { SignedIn } from '../context.ts';
import { leadsTo, type PaperInput, paperName } from '../papers.ts';
import { actPath, customerPath, newPaperPath, paperPath } from '../paths.ts';
import { mayAct } from '../roles.ts';
import { type Standing, whyNot } from '../standing.ts';
import { customerFacts } from './customer.ts';

interface PaperInputState {
  readonly standing: Standing;
  readonly kind: PaperKind;
  readonly input: PaperInput;
  readonly errors: readonly FieldError[];
  readonly notice: string | undefined;
  readonly formToken: string;
  readonly submission: string;
}

export function paperInputContent(page: PaperInputState): Html {
  const { standing, kind, input, errors, notice, formToken, submission } = page;
  const { institution, customer } = standing;
  const { act } = leadsTo(kind, standing);
  const text = { type: 'text', autocomplete: 'off' } as const;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="effect">お客さまからお預かりした${paperName(kind, institution)}を登録します。登録だけでは、お手続きは行われません。${whyNot(act, standing) ?? `登録のあと、「${ACTS[act].name}」へ進みます。`}</p>
<section><h2>お客さま</h2>${facts([{ name: 'お名前', value: `${customer.name} 様` }, ...customerFacts(standing)])}</section>
${form({
  action: newPaperPath(customer.id, kind),
  formToken,
  submission,
  content: html`<div class="panel">${fieldRow(
    {
      ...text,
      name: 'received_on',
      label: '受付日',
      hint: '(例：2026-11-27)',
      inputmode: 'numeric',
      maxlength: 12,
      value: input.receivedOn,
    },
    errors,
  )}${fieldRow(
    {
      ...text,
      name: 'brought_by',
      label: 'お持ちになった方',
      hint: '(ご本人、代理の方のお名前、郵送など)',
      maxlength: 1_000,
      value: input.broughtBy,
      wide: true,
      focus: true,
    },
    errors,
  )}${fieldRow(
    {
      ...text,
      name: 'asked',
      label: 'ご依頼の内容',
      hint: '',
      maxlength: 1_000,
      value: input.asked,
      wide: true,
    },
    errors,
  )}</div>`,
  buttons: {
    primary: '登録する',
    back: { label: 'お客さまの画面へ戻る', path: customerPath(customer.id) },
  },
})}`;
}

interface PaperPage {
  readonly paper: PaperOf;
  readonly standing: Standing;
  readonly by: SignedIn;
}

/** A paper that was registered, and the way on. */
export function paperContent({ paper, standing, by }: PaperPage): Html {
  const { act } = leadsTo(paper.kind, standing);
  const obstacle = whyNot(act, standing);
  return html`${banner('info', 'この書類は登録されています。')}
${obstacle && mayAct(by.clerk) ? banner('caution', obstacle) : nothing}
<div class="columns">
<section><h2>書類</h2>${facts([
    { name: '番号', value: html`<span class="number">第${paper.id}号</span>` },
    { name: '受付日', value: japaneseDate(startOfIsoDay(paper.received_on)) },
    { name: 'お持ちになった方', value: paper.brought_by },
    { name: 'ご依頼の内容', value: paper.asked },
    { name: '登録した方', value: paper.registered_by },
    { name: '登録日時', value: japaneseSecond(paper.registered_at.getTime()) },
  ])}</section>
<section><h2>お客さま</h2>${facts([
    { name: 'お名前', value: html`<a href="${customerPath(paper.customer_id)}">${paper.name} 様</a>` },
    ...customerFacts(standing),
  ])}</section>
</div>
${
  mayAct(by.clerk) && obstacle === undefined
    ? html`<div class="buttons"><form method="get" action="${actPath(paper.customer_id, act)}"><input type="hidden" name="paper" value="${paper.id}"><button class="button button-primary">${ACTS[act].name}へ進む</button></form></div>`
    : nothing
}
${navigation([
  { label: '書類を印刷する', path: `${paperPath(paper.id)}/print` },
  { label: 'お客さまの画面へ', path: customerPath(paper.customer_id), kind: 'back' },
])}`;
}
