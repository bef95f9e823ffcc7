import { type Html, html } from '../../web/html.ts';

/** A heading. count: of numbers, which stand at the right */
type Column = string | { readonly name: string; readonly look: 'count' };

interface Table {
  /** What a screen reader calls it. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Html[];
  readonly look?: 'audit';
}

/** A table that is scrolled sideways where it is wider than the page, by the keyboard as well. */
export const table = ({ label, columns, rows, look }: Table): Html =>
  html`<div class="table-frame" tabindex="0" role="region" aria-label="${label}"><table class="acts${look ? ` ${look}` : ''}">
<thead><tr>${columns.map(heading)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;

const heading = (column: Column): Html =>
  typeof column === 'string'
    ? html`<th scope="col">${column}</th>`
    : html`<th scope="col" class="${column.look}">${column.name}</th>`;
