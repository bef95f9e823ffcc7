import { type Institution, lookOf } from '../../core/institution/directory.ts';
import { sheet } from './document.ts';
import { type Html, html, nothing } from './html.ts';

/** What a page in an institution's colours needs to know of it. */
export type Dressed = Pick<Institution, 'key' | 'name' | 'look' | 'contact'>;

/** The classes of an element in an institution's colours and style. */
export const dress = (institution: Pick<Institution, 'key' | 'look'>): string =>
  `look-${institution.key} style-${lookOf(institution).style}`;

/** Icon and sheets of an institution's pages; the institution's own sheet comes last. */
export function sheets({ key }: Pick<Institution, 'key'>, href: (asset: string) => string): Html {
  const names = ['bank.css', 'forms.css', 'transfer.css', 'styles.css', `look-${key}.css`];
  return html`<link rel="icon" href="${href(`mark-${key}.svg`)}" type="image/svg+xml">
${names.map((name) => sheet(href(name)))}`;
}

/** The mark, drawn in the colour of the text around it. */
export function mark(institution: Pick<Institution, 'look'>): Html {
  return html`<svg class="mark" width="32" height="32" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><path fill-rule="evenodd" d="${lookOf(institution).mark}"/></svg>`;
}

/**
 * Mark and name, at the top of every page of an institution.
 * @param code 金融機関コード, if institutions share the origin
 */
export function brand(institution: Pick<Institution, 'name' | 'look'>, code?: string): Html {
  const told = code === undefined ? nothing : html` <span class="brand-code">金融機関コード：${code}</span>`;
  return html`<p class="brand">${mark(institution)}<span class="brand-words"><span class="brand-name">${institution.name}</span> <span class="brand-service">インターネットバンキング</span>${told}</span></p>`;
}
