import { type FieldError, fieldRow, form } from '../../web/form.ts';
import type { Html } from '../../web/html.ts';
import { html } from '../../web/html.ts';

export interface SearchState {
  readonly formToken: string;
  readonly query: string;
  readonly errors: readonly FieldError[];
}

/** The one box that finds customers. */
export function searchForm({ formToken, query, errors }: SearchState): Html {
  return form({
    action: '/search',
    formToken,
    content: html`<div class="panel">${fieldRow(
      {
        name: 'q',
        label: 'お客さまを検索',
        hint: '(ログインID)',
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
