import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { AUDIT_PAGE } from '../../core/api/audit.ts';
import { familyOf } from '../../core/family/families.ts';
import type { Institution } from '../../core/institution/directory.ts';
import type { BankDependencies } from '../context.ts';
import { japaneseSecond } from '../format.ts';
import { type AuditLine, type Place, type Reading, readLines } from './audit-lines.ts';
import { WHO_LABELS } from './audit-words.ts';
import type { SignedIn } from './context.ts';

/** Lines that are exported at most. */
export const EXPORT_MOST = 50_000;

const columnsOf = (institution: Institution) => [
  '日時',
  '時刻（UTC）',
  '記録元',
  '番号',
  'だれ',
  '職員ID',
  '内容',
  '結果',
  '説明',
  familyOf(institution).words.loginId,
  'ユーザID',
  '申請番号',
  '理由',
];

/**
 * Lines of both audits as CSV for Excel (RFC 4180, UTF-8 with a byte order mark), newest first, a page in memory at a time. A
 * value that a spreadsheet would take for a formula gets an apostrophe in front.
 * @throws Error while it is read, where the service does not answer: the download breaks off
 */
export function auditCsv(
  dependencies: Pick<BankDependencies, 'db' | 'staff' | 'logger'>,
  by: SignedIn,
  reading: Reading,
  most = EXPORT_MOST,
): ReadableStream<Uint8Array> {
  const csv = stringify({
    header: true,
    columns: columnsOf(by.institution),
    escape_formulas: true,
    record_delimiter: 'windows',
    // A line break within a value is quoted also where it is not the one between records.
    quoted_match: /[\r\n]/,
    bom: true,
  });
  const rows = Readable.from(linesOf(dependencies, by, reading, most));
  rows.on('error', (error) => csv.destroy(error));
  rows.pipe(csv);
  return Readable.toWeb(csv) as ReadableStream<Uint8Array>;
}

async function* linesOf(
  dependencies: Pick<BankDependencies, 'db' | 'staff' | 'logger'>,
  by: SignedIn,
  reading: Reading,
  most: number,
): AsyncGenerator<readonly string[]> {
  let place: Place | undefined;
  for (let left = most; left > 0; ) {
    const page = await readLines(dependencies, by, reading, place, Math.min(left, AUDIT_PAGE.most - 1));
    if (page.isPartial) throw new Error('the token service did not answer an export');
    yield* page.lines.map(rowOf);
    if (page.next === undefined) return;
    left -= page.lines.length;
    place = page.next;
  }
  yield [`ここまでで${most}件です。これより古い記録は書き出していません。期間などの条件を絞ってください。`];
}

function rowOf(line: AuditLine): readonly string[] {
  const { source, id, at, who, actor, event, outcome, words, customer, userId, proposal, reason } = line;
  return [
    japaneseSecond(at),
    new Date(at).toISOString(),
    source === 'token' ? 'トークン' : '職員コンソール',
    id,
    WHO_LABELS[who],
    actor ?? '',
    event,
    outcome,
    words,
    customer?.loginId ?? '',
    userId ?? '',
    proposal ?? '',
    reason ?? '',
  ];
}
