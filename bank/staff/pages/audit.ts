import { familyOf } from '../../../core/family/families.ts';
import type { Institution } from '../../../core/institution/directory.ts';
import { japaneseSecond } from '../../format.ts';
import { banner, errorSummary, type FieldError } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { type AuditFilter, FILTER_FIELDS, HOURS, queryOf } from '../audit-filter.ts';
import { type AuditLine, type LinePage, placeText } from '../audit-lines.ts';
import { EVENT_CHOICES, OUTCOME_CHOICES, WHO_LABELS } from '../audit-words.ts';
import { customerPath, proposalPath } from '../paths.ts';
import { table } from './table.ts';
import { PARTIAL } from './timeline.ts';

interface AuditPage {
  readonly institution: Institution;
  readonly filter: AuditFilter;
  readonly errors: readonly FieldError[];
  /** Nothing where the filter has errors. */
  readonly page: LinePage | undefined;
  readonly isFirst: boolean;
  readonly formToken: string;
  /** Lines that are exported at most. */
  readonly exportMost: number;
}

/** 監査: the lines of both audits, narrowed. */
export function auditContent({
  institution,
  filter,
  errors,
  page,
  isFirst,
  formToken,
  exportMost,
}: AuditPage): Html {
  return html`${errorSummary(errors)}
${filterForm(institution, filter, errors)}
${
  page === undefined
    ? nothing
    : html`${page.isPartial ? banner('caution', PARTIAL) : nothing}
<section><h2>記録（新しい順）</h2>${lineTable(page.lines)}
<nav class="pages" aria-label="監査のページ">${
        isFirst ? nothing : html`<a href="/audit${queryOf(filter)}">最新へ戻る</a>`
      }${
        page.next
          ? html`<a rel="next" href="/audit${queryOf(filter, { after: placeText(page.next) })}">さらに古い記録へ</a>`
          : nothing
      }</nav></section>
${exportForm(filter, formToken, exportMost)}`
}`;
}

interface Option {
  readonly value: string;
  readonly label: string;
}

function filterForm(institution: Institution, filter: AuditFilter, errors: readonly FieldError[]): Html {
  const hours = HOURS.map((hour) => ({ value: hour, label: `${hour}時台` }));
  const choice = (name: 'event' | 'outcome' | 'hour', label: string, choices: readonly Option[]) =>
    labelled(
      name,
      label,
      errors,
      (more) =>
        html`<select id="${name}" name="${name}"${more}>${[{ value: '', label: 'すべて' }, ...choices].map(
          ({ value, label: text }) =>
            html`<option value="${value}"${value === filter[name] ? html` selected` : nothing}>${text}</option>`,
        )}</select>`,
    );
  const text = (name: 'actor' | 'id' | 'from' | 'to', label: string, type: 'text' | 'date') =>
    labelled(
      name,
      label,
      errors,
      (more) =>
        html`<input id="${name}" name="${name}" type="${type}" value="${filter[name]}" maxlength="64" autocomplete="off" spellcheck="false" autocapitalize="off"${more}>`,
    );
  return html`<form method="get" action="/audit" class="filter panel" novalidate role="search" aria-label="監査の絞り込み">
${choice('event', '内容', EVENT_CHOICES)}
${choice('outcome', '結果', OUTCOME_CHOICES)}
${text('actor', '職員ID', 'text')}
${text('id', `${familyOf(institution).words.loginId}またはユーザID`, 'text')}
${text('from', '開始日', 'date')}
${text('to', '終了日', 'date')}
${choice('hour', '時間帯（1日だけのとき）', hours)}
<div class="filter-buttons"><button class="button button-primary">絞り込む</button><a href="/audit">条件を消す</a></div>
</form>`;
}

function labelled(
  name: string,
  label: string,
  errors: readonly FieldError[],
  control: (more: Html) => Html,
): Html {
  const error = errors.find(({ field }) => field === name);
  const more = error ? html` aria-invalid="true" aria-describedby="${name}-error"` : nothing;
  return html`<div class="filter-field"><label for="${name}">${label}</label>${control(more)}${
    error ? html`<p class="error" id="${name}-error">${error.message}</p>` : nothing
  }</div>`;
}

function lineTable(lines: readonly AuditLine[]): Html {
  if (lines.length === 0) return html`<p class="empty">条件に合う記録はありません。</p>`;
  return table({
    label: '監査の記録',
    columns: ['日時', 'だれ', '内容', '記録元', 'お客さま・トークン', '理由'],
    rows: lines.map(lineRow),
    look: 'audit',
  });
}

/** Which audit has the line. What staff do to a token is in both. */
const SOURCES = { token: 'トークン', staff: 'コンソール' } as const satisfies Record<
  AuditLine['source'],
  string
>;

function lineRow({ at, source, who, actor, words, customer, userId, reason, proposal }: AuditLine): Html {
  const of =
    customer === undefined
      ? userId && html`<a href="/audit${queryOf({ id: userId })}" class="number">${userId}</a>`
      : html`<a href="${customerPath(customer.id)}">${customer.loginId}</a>`;
  return html`<tr><td><time datetime="${new Date(at).toISOString()}">${japaneseSecond(at)}</time></td><td><span class="who who-${who}">${WHO_LABELS[who]}</span>${
    actor ? html` <a href="/audit${queryOf({ actor })}">${actor}</a>` : nothing
  }</td><td class="what">${words}${
    proposal ? html` <a href="${proposalPath(proposal)}">申請番号 ${proposal}</a>` : nothing
  }</td><td>${SOURCES[source]}</td><td>${of ?? nothing}</td><td class="why">${reason ?? nothing}</td></tr>`;
}

const exportForm = (filter: AuditFilter, formToken: string, most: number): Html =>
  html`<section><h2>書き出し</h2>
<form method="post" action="/audit/export">
<input type="hidden" name="form_token" value="${formToken}">${FILTER_FIELDS.map(
    (name) => html`<input type="hidden" name="${name}" value="${filter[name]}">`,
  )}
<p class="lead">上の条件に合う記録を、新しい順に${most.toLocaleString('ja-JP')}件まで、CSVファイルに書き出します。書き出したことも、監査の記録に残ります。</p>
<button class="button button-secondary">CSVを書き出す</button>
</form></section>`;
