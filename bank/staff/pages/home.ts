import type { ActAtInstitution } from '../../store/staff.ts';
import { errorSummary, type FieldError, fieldRow, form } from '../../web/form.ts';
import { type Html, html } from '../../web/html.ts';
import { actRow, actTable } from './records.ts';

export interface HomeState {
  readonly formToken: string;
  readonly errors: readonly FieldError[];
  readonly loginId: string;
  readonly acts: readonly ActAtInstitution[];
}

export function homeContent({ formToken, errors, loginId, acts }: HomeState): Html {
  return html`${errorSummary(errors)}
${form({
  action: '/search',
  formToken,
  content: html`<div class="panel">${fieldRow(
    {
      name: 'login_id',
      label: 'ログインID',
      hint: '(完全一致)',
      type: 'text',
      autocomplete: 'off',
      maxlength: 64,
      value: loginId,
      focus: true,
    },
    errors,
  )}</div>`,
  buttons: { primary: '検索する' },
})}
<section><h2>最近のお手続き</h2>
${actTable(
  acts.map((act) =>
    actRow(
      act,
      html`<td><a href="/customers/${act.customer_id}">${act.name} 様</a> <span class="soft">${act.login_id}</span></td>`,
    ),
  ),
  'お客さま',
)}
</section>`;
}
