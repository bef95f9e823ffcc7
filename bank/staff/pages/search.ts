import { familyOf } from '../../../core/family/families.ts';
import type { Institution } from '../../../core/institution/directory.ts';
import type { Customer } from '../../store/customers.ts';
import { banner, type FieldError, fieldRow, form } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { customerPath } from '../paths.ts';
import { FOUND_MOST } from '../search.ts';
import { table } from './table.ts';

interface SearchState {
  readonly institution: Institution;
  readonly formToken: string;
  readonly query: string;
  readonly errors: readonly FieldError[];
}

/** The one box that finds customers. */
export function searchForm({ institution, formToken, query, errors }: SearchState): Html {
  const { loginId, serial } = familyOf(institution).words;
  return form({
    action: '/search',
    formToken,
    content: html`<div class="panel">${fieldRow(
      {
        name: 'q',
        label: 'お客さまを検索',
        hint: `(${loginId}、お名前の一部、受付番号、${serial})`,
        type: 'text',
        autocomplete: 'off',
        maxlength: 64,
        value: query,
        focus: true,
      },
      errors,
    )}</div>`,
    buttons: { primary: '検索する' },
  });
}

/** Several customers that a search found. */
export function foundContent(search: SearchState, found: readonly Customer[]): Html {
  const shown = found.slice(0, FOUND_MOST);
  const { loginId } = familyOf(search.institution).words;
  return html`${searchForm(search)}
<section><h2>検索結果</h2>
${found.length > FOUND_MOST ? banner('caution', `${FOUND_MOST}件を超えるお客さまが見つかりました。条件を絞ってください。`) : nothing}
${table({
  label: '検索結果',
  columns: ['お客さま', loginId],
  rows: shown.map(
    ({ id, name, login_id }) =>
      html`<tr><td class="why"><a href="${customerPath(id)}">${name} 様</a></td><td>${login_id}</td></tr>`,
  ),
})}</section>`;
}
