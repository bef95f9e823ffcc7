import type { ExistingSerials, Import } from '../../../core/api/imports.ts';
import { japaneseMinute } from '../../format.ts';
import type { TokenImport } from '../../store/token-imports.ts';
import { banner, errorSummary, type FieldError, facts, fieldRow, navigation } from '../../web/form.ts';
import { type Html, html, nothing } from '../../web/html.ts';
import { ROW_WORDS } from '../import-words.ts';
import { FILE_MOST_MB, type RefusedRow, refusedRowsOf } from '../imports.ts';
import { IMPORTS_PATH, importPath } from '../paths.ts';
import { reasonRow } from './reason.ts';
import { table } from './table.ts';

const number = (count: number) => count.toLocaleString('ja-JP');

interface ImportForm {
  readonly reason: string;
  readonly errors: readonly FieldError[];
  readonly notice: string | undefined;
  /** Rows of a file of which nothing can be taken. */
  readonly refused: { readonly count: number; readonly rows: readonly RefusedRow[] } | undefined;
  /** Newest first. */
  readonly latest: readonly TokenImport[];
  readonly formToken: string;
  readonly submission: string;
}

/** トークンの取り込み: the form, and what was imported last. */
export function importContent(page: ImportForm): Html {
  const { reason, errors, notice, refused, latest, formToken, submission } = page;
  return html`${errorSummary(errors)}${notice ? banner('caution', notice) : nothing}
<p class="effect">ハードウェアトークンのファイルを取り込みます。ファイル全体を確認してから、1件ずつ登録します。ファイルが壊れているときや、パスワードや鍵が違うときは、何も登録しません。読み取れない行だけは、取り込まずに一覧でお知らせします。</p>
${refused ? refusedRows(refused.count, refused.rows) : nothing}
<form method="post" action="${IMPORTS_PATH}" enctype="multipart/form-data" novalidate autocomplete="off">
<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="submission" value="${submission}">
<div class="panel">${fileRow(errors)}
${fieldRow(
  {
    name: 'password',
    label: 'ファイルのパスワード',
    hint: '(パスワードで暗号化されているとき)',
    type: 'password',
    autocomplete: 'off',
    maxlength: 1_000,
    optional: true,
  },
  errors,
)}
${fieldRow(
  {
    name: 'key',
    label: '事前に取り決めた鍵',
    hint: '(鍵で暗号化されているとき。半角16進数、32・48・64桁)',
    type: 'password',
    autocomplete: 'off',
    maxlength: 1_000,
    optional: true,
    wide: true,
  },
  errors,
)}
${reasonRow('理由', reason, errors)}</div>
<div class="buttons"><button class="button button-primary">取り込む</button></div>
</form>
${latest.length === 0 ? nothing : html`<section><h2>最近の取り込み</h2>${latestTable(latest)}</section>`}
${navigation([{ label: '対応待ちへ', path: '/', kind: 'back' }])}`;
}

function fileRow(errors: readonly FieldError[]): Html {
  const error = errors.find(({ field }) => field === 'file');
  return html`<div class="row${error ? ' row-error' : ''}">
<div class="row-label"><label for="file">ファイル</label> <span class="hint" id="file-hint">(PSKCまたはCSV、${FILE_MOST_MB}MBまで)</span></div>
<div class="row-input">
${error ? html`<p class="error" id="file-error"><span class="visually-hidden">エラー：</span>${error.message}</p>` : nothing}
<input id="file" name="file" type="file" class="wide" aria-required="true" aria-describedby="${error ? 'file-error ' : ''}file-hint file-note"${error ? html` aria-invalid="true"` : nothing}>
<p class="note" id="file-note">種類は、拡張子ではなく中身で見分けます。${FILE_MOST_MB}MBを超えるファイルは、コマンド（warifu tokens import）で取り込んでください。</p>
</div>
</div>`;
}

const latestTable = (latest: readonly TokenImport[]): Html =>
  table({
    label: '最近の取り込み',
    columns: ['日時', 'ファイル', '職員ID'],
    rows: latest.map(
      ({ digest, file_name, staff_id, begun_at }) =>
        html`<tr><td>${japaneseMinute(begun_at.getTime())}</td><th scope="row"><a href="${importPath(digest)}">${file_name}</a></th><td>${staff_id}</td></tr>`,
    ),
  });

function refusedRows(count: number, rows: readonly RefusedRow[]): Html {
  if (count === 0) return nothing;
  return html`<section><h2>取り込まない行（${number(count)}件）</h2>
${table({
  label: '取り込まない行',
  columns: [{ name: '行', look: 'count' }, '理由'],
  rows: rows.map(
    ({ line, reason }) =>
      html`<tr><th scope="row" class="count">${number(line)}行目</th><td>${ROW_WORDS[reason]}</td></tr>`,
  ),
})}
${shownOf(count, rows.length)}</section>`;
}

const shownOf = (count: number, shown: number): Html =>
  count > shown ? html`<p class="note">はじめの${number(shown)}件を表示しています。</p>` : nothing;

interface ImportPage {
  readonly row: TokenImport;
  /** Undefined where the token service did not answer. */
  readonly standing: Import | undefined;
  /** The first tokens whose serials were there before, once it is over. */
  readonly existing: ExistingSerials['existing'];
}

/** One file: how far it is, and what of it was not taken. */
export function importStateContent({ row, standing, existing }: ImportPage): Html {
  return html`${standing === undefined ? banner('caution', UNANSWERED) : state(row, standing)}
${facts([
  { name: 'ファイル', value: row.file_name },
  { name: '始めた職員', value: row.staff_id },
  { name: '始めた日時', value: japaneseMinute(row.begun_at.getTime()) },
  ...(standing
    ? [
        { name: '登録した件数', value: `${number(standing.added)}件` },
        {
          name: '登録済みの件数',
          value: `${number(standing.taken - standing.added)}件（元のまま変更していません）`,
        },
      ]
    : []),
  { name: '取り込まない行', value: `${number(row.refused)}件` },
])}
${refusedRows(row.refused, refusedRowsOf(row.refused_rows))}
${standing ? existingTable(standing.taken - standing.added, existing) : nothing}
${navigation([{ label: 'トークンの取り込みへ', path: IMPORTS_PATH, kind: 'back' }])}`;
}

const UNANSWERED =
  'トークンサービスから応答がないため、取り込みの状況を表示できません。しばらくしてから、もう一度表示してください。';

function state({ digest, stopped_at }: TokenImport, { taken, tokens, endedAt }: Import): Html {
  const count = `${number(tokens)}件のうち${number(taken)}件`;
  if (endedAt !== undefined) {
    return html`<div class="banner banner-info"><p role="status" data-announce>取り込みが完了しました。</p></div>`;
  }
  if (stopped_at !== null) {
    return banner(
      'caution',
      html`<span data-announce>取り込みは${count}で止まりました。同じファイルをもう一度取り込むと、続きから進みます。</span>`,
    );
  }
  return html`<div class="import-state">
<p><label for="import-progress">取り込んでいます。</label>${count}</p>
<progress id="import-progress" max="${tokens}" value="${taken}">${count}</progress>
<p class="note">この画面を閉じても取り込みは続きます。件数が進まなくなったときは、同じファイルをもう一度取り込むと、続きから進みます。</p>
<p data-follow="${importPath(digest)}/status" data-follow-quietly><a href="${importPath(digest)}">最新の状況を表示</a></p>
</div>`;
}

function existingTable(count: number, existing: ExistingSerials['existing']): Html {
  if (existing.length === 0) return nothing;
  return html`<section><h2>すでに登録されていたシリアル番号（${number(count)}件）</h2>
${table({
  label: 'すでに登録されていたシリアル番号',
  columns: [{ name: '行', look: 'count' }, 'シリアル番号'],
  rows: existing.map(
    ({ line, serial }) =>
      html`<tr><th scope="row" class="count">${number(line)}行目</th><td>${serial}</td></tr>`,
  ),
})}
${shownOf(count, existing.length)}</section>`;
}
