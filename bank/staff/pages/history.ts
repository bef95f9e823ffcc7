import { familyOf } from '../../../core/family/families.ts';
import type { Institution } from '../../../core/institution/directory.ts';
import type { Customer } from '../../store/customers.ts';
import { type Fact, facts } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { placeText } from '../audit-lines.ts';
import type { History } from '../history.ts';
import { customerPath, historyPath } from '../paths.ts';
import { timeline } from './timeline.ts';

/** The first of it, on the customer's page. */
export const historySection = (customer: Customer, page: History): Html =>
  html`<section><h2>トークンの経過</h2>${timeline(page)}${
    page.next
      ? html`<p class="more"><a href="${historyPath(customer.id)}">すべての経過を表示する</a></p>`
      : nothing
  }</section>`;

/** A page of it. @param isFirst whether it begins with the newest */
export function historyContent(
  institution: Institution,
  customer: Customer,
  page: History,
  isFirst: boolean,
): Html {
  const rows: Fact[] = [
    {
      name: familyOf(institution).words.loginId,
      value: html`<span class="number">${customer.login_id}</span>`,
    },
    {
      name: 'トークンのユーザID',
      value:
        customer.user_id === null
          ? html`<span class="soft">トークンはありません</span>`
          : html`<span class="number">${customer.user_id}</span>`,
    },
  ];
  return html`${facts(rows)}
<section><h2>経過（新しい順）</h2>${timeline(page)}</section>
<nav class="pages" aria-label="経過のページ">${isFirst ? nothing : html`<a href="${historyPath(customer.id)}">最新へ戻る</a>`}${
    page.next
      ? html`<a rel="next" href="${historyPath(customer.id)}?after=${placeText(page.next)}">さらに古い経過へ</a>`
      : nothing
  }<a href="${customerPath(customer.id)}">お客さまの画面へ</a></nav>`;
}
