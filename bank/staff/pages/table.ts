import { type Html, html } from '../../web/html.ts';

/** A heading. count: the column holds numbers, aligned right */
type Column = string | { readonly name: string; readonly look: 'count' };

interface Table {
  /** What a screen reader calls it. */
  readonly label: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Html[];
  readonly look?: 'audit';
}

/** A table that scrolls sideways, by the keyboard as well, where it is wider than the page. */
export const table = ({ label, columns, rows, look }: Table): Html =>
  html`<div class="table-frame" tabindex="0" role="region" aria-label="${label}"><table class="acts${look ? ` ${look}` : ''}">
<thead><tr>${columns.map(heading)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;

const heading = (column: Column): Html =>
  typeof column === 'string'
    ? html`<th scope="col">${column}</th>`
    : html`<th scope="col" class="${column.look}">${column.name}</th>`;
