import { BOX_END } from '../autofill/text.ts';
import { isAddress } from './address.ts';
import { type Comparison, type FieldOutcome, fieldsThatAre } from './comparison.ts';
import { comparePayee } from './payee.ts';
import {
  type Kind,
  type Row,
  rowsOf,
  TRANSACTIONS,
  type Transaction,
  type TransactionType,
} from './types.ts';
import { isMarkedYen, readYen } from './yen.ts';

/** What a bank's page shows of its transaction, as far as it can be found. */
export interface ShownTransaction {
  /** Texts at the labels of each field, by type of transaction and field; empty if there are none. */
  readonly values: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** 確認番号. */
  readonly number: string | undefined;
}

/** A label on a page, of a field or of something else. */
interface Label {
  readonly pattern: RegExp;
  readonly field?: string;
  readonly kind?: Kind;
  /** Whether the label may belong to another field. */
  readonly vague?: boolean;
}

/** Other labels of such pages, which end the text before them. */
const ITEM =
  /^(?=..)[おご]?(?:振込み?|受取|支払い?|引落し?|出金|入金|送金|依頼|取引|手続き?|申込み?|申請|受付|確認|認証|指定|予約|利用|登録|契約|消費税){0,2}(?:先|元|人|者)?(?:金融機関|銀行|支店|店|口座|預金)?(?:名義人?|名称|氏名|名|番号|コード|金額|額|手数料|日時|予定日|指定日|日|時刻|種目|種別|科目|種類|区分|方法|メッセージ|メモ|備考|摘要|内訳|合計|消費税|残高|上限額?|限度額|フリガナ|カナ)$/;

const OTHER: Label = { pattern: ITEM };

/** A mark or number before a label. */
const MARKS = /^[\s■●◆◇□◎○・※*▼▶【[(<「]*(?:\d{1,2}[.)])?/;
/** Notes after a label: in brackets, about required input, or a footnote's sign. */
const NOTES = /(?:\([^()]*\)|\[[^[\]]*\]|【[^【】]*】|※\d*|\*\d*|必須|フリガナ|カナ|[】\])>」])*$/;
/** A note by which the label is that of something else. */
const ELSE = /手数料|合計|込|税|差引|上限|限度|千円|万円|ドル|外貨|漢字|英字|ローマ字/;

/** The end of a line before one that states the fee in brackets. */
const FEE_BELOW = /\n(?= *\([^\n]*(?:手数料|うち|込|含|差引))/g;

const NUMBER = /確認番号[ \t:】\]]*\n?[ \t]*(\d{2})(?!\d)/;

/** Most UTF-16 units that are read of a label, of a value, and of a line. */
const MOST_LABEL = 40;
const MOST_VALUE = 300;
const MOST_LINE = 1_000;

interface Cell {
  readonly label: Label | undefined;
  /** The cell's text after its label, or all of it. */
  readonly text: string;
}

/** The fields of a type by which pages are compared. */
function fieldsOnPage(type: TransactionType) {
  return Object.entries(TRANSACTIONS[type].fields).flatMap(([name, field]) =>
    'onPage' in field && field.onPage ? [{ name, kind: field.kind, ...field.onPage }] : [],
  );
}

/** The labels of pages that show a transaction of a type; the first that fits counts. */
function labelsOf(type: TransactionType): readonly Label[] {
  const fields = fieldsOnPage(type);
  return [
    ...fields.map(({ name, kind, label }) => ({ pattern: label, field: name, kind })),
    ...fields.flatMap(({ name, kind, vague }) =>
      vague ? [{ pattern: vague, field: name, kind, vague: true }] : [],
    ),
    OTHER,
  ];
}

/**
 * Finds the transaction in a page's visible text. The page does not tell its type, so the text is read for each type.
 * @param text lines and cells as `innerText` returns them, separated by line ends and tabs; boxes in a line by vertical tabs
 */
export function readShown(text: string): ShownTransaction {
  const flat = text
    .normalize('NFKC')
    .replace(/\r/g, '')
    .replace(/\n\s*\n/g, '\n')
    .replace(FEE_BELOW, ' ');
  const types = Object.keys(TRANSACTIONS) as TransactionType[];
  return {
    values: Object.fromEntries(types.map((type) => [type, valuesIn(flat, type)])),
    number: NUMBER.exec(flat.replaceAll(BOX_END, '\n'))?.[1],
  };
}

function valuesIn(flat: string, type: TransactionType): Record<string, readonly string[]> {
  const labels = labelsOf(type);
  const cells = flat
    .split(/[\n\t]/)
    .flatMap((line) => partsOf(line, labels))
    .flatMap((part) => cellsIn(part.slice(0, MOST_LINE).trim(), labels))
    .filter(({ label, text }) => label || text);
  return Object.fromEntries(fieldsOnPage(type).map(({ name }) => [name, valuesOf(cells, name)]));
}

/** Values at the labels of a field; without any, the value at the only vague label, if it is in yen. */
function valuesOf(cells: readonly Cell[], field: string): readonly string[] {
  const values = valuesUnder(cells, (label) => label.field === field && !label.vague);
  const others = valuesUnder(cells, (label) => label.field === field && label.vague === true).filter(
    isMarkedYen,
  );
  return values.length > 0 || others.length > 1 ? values : others;
}

const valuesUnder = (cells: readonly Cell[], isIt: (label: Label) => boolean): string[] =>
  cells.flatMap((cell, at) =>
    cell.label && isIt(cell.label) ? [valueAt(cells, at).slice(0, MOST_VALUE)] : [],
  );

/** How pages show a transaction. For each field a difference on one page outweighs a match on others. */
export function compareShown(transaction: Transaction, pages: readonly ShownTransaction[]): Comparison {
  const compared = rowsOf(transaction).filter((row) => 'onPage' in row);
  return Object.fromEntries(
    compared.map((row) => {
      const values = pages.flatMap((page) => page.values[transaction.type]?.[row.name] ?? []);
      return [row.name, overall(values.map((shown) => compareValue(row, shown)))];
    }),
  );
}

/** Compares a page with the signed details. What cannot be read is no difference. */
export const differences = (transaction: Transaction, shown: ShownTransaction): string[] =>
  fieldsThatAre('different', compareShown(transaction, [shown]));

/** A value over several boxes is read as one, or without the last ones, as a mark behind it may be no part of it. */
function compareValue(row: Row, shown: string): FieldOutcome {
  const outcomes = startsOf(shown).map((start) => compareText(row, start));
  const first = outcomes.find((outcome) => outcome !== 'unread') ?? 'unread';
  // Nothing tells whether the rest is part of it.
  return first === 'different' && outcomes.includes('same') ? 'unread' : first;
}

/** A value's boxes as one text, then without the last, and so on. What is left out has no figure and is not about one. */
function startsOf(shown: string): string[] {
  const boxes = shown.split(BOX_END);
  const starts = boxes.flatMap((_box, at) => {
    const rest = boxes.slice(at + 1).join('');
    const isOptional = !/[\d万億千百]/.test(rest) && !ELSE.test(rest);
    return isOptional ? inOneBox(boxes.slice(0, at + 1).join(BOX_END)) : [];
  });
  return starts.reverse();
}

/** Figures in boxes beside each other are not one figure. */
const inOneBox = (text: string) => text.replace(/(?<=\d)\v(?=\d)/g, ' ').replaceAll(BOX_END, '');

function compareText(row: Row, shown: string): FieldOutcome {
  switch (row.kind) {
    case 'name':
      return comparePayee(row.value, shown);
    case 'yen':
      return compareAmount(row.value, shown);
    case 'date':
      return compareDate(row.value, shown);
    case 'address':
      return compareAddress(row.value, shown);
    case 'digits':
      return compareDigits(row.value, shown);
    default:
      return 'unread';
  }
}

function compareAmount(signed: number, shown: string): FieldOutcome {
  const yen = readYen(shown);
  if (yen === undefined) return 'unread';
  return yen === signed ? 'same' : 'different';
}

/** A day as pages write it, with or without the weekday. */
const DATE =
  /^(\d{4})(?:年|\/|-|\.)(\d{1,2})(?:月|\/|-|\.)(\d{1,2})日?(?: ?\([月火水木金土日]\))?(?:から|より|以降)?$/;

function compareDate(signed: string, shown: string): FieldOutcome {
  const [, year, month = '', day = ''] = DATE.exec(shown.trim()) ?? [];
  if (year === undefined) return 'unread';
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` === signed ? 'same' : 'different';
}

/** An address with masked parts or other letter case counts as unread. */
function compareAddress(signed: string, shown: string): FieldOutcome {
  const address = shown.trim();
  if (address === signed) return 'same';
  const isRead = isAddress(address) && !address.includes('*');
  return isRead && address.toLowerCase() !== signed.toLowerCase() ? 'different' : 'unread';
}

/** Digits may be in groups; a value with anything else counts as unread. */
function compareDigits(signed: string, shown: string): FieldOutcome {
  const digits = shown.trim().replace(/[ -]/g, '');
  if (digits === signed) return 'same';
  return /^\d+$/.test(digits) ? 'different' : 'unread';
}

const overall = (outcomes: readonly FieldOutcome[]): FieldOutcome =>
  (['different', 'same'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'unread';

/** Splits a line at its boxes where one begins with a label, or has nothing but a label before it. */
function partsOf(line: string, labels: readonly Label[]): string[] {
  const parts: string[] = [];
  let isBareLabel = true;
  for (const box of line.split(BOX_END)) {
    const { label, text } = cellOf(box.slice(0, MOST_LINE).trim(), labels);
    const before = isBareLabel || label ? undefined : parts.pop();
    parts.push(before === undefined ? box : before + BOX_END + box);
    isBareLabel = label !== undefined && !text;
  }
  return parts;
}

/**
 * Splits a line into label and text. If it begins with a label, further labels after a space begin cells of their own. Brackets
 * and a fee beside an amount stay in the text for its reader.
 */
function cellsIn(line: string, labels: readonly Label[]): Cell[] {
  const cell = cellOf(line, labels);
  if (!cell.label || !cell.text) return [cell];
  const isAmount = cell.label.kind === 'yen' && !cell.label.vague;
  const words = cell.text.split(' ');
  const next = words.findIndex((word, at) => {
    const isNote = word.startsWith('(') || (isAmount && word.includes('手数料'));
    return !isNote && cellOf(words.slice(at).join(' '), labels).label;
  });
  if (next < 0) return [cell];
  return [{ ...cell, text: words.slice(0, next).join(' ') }, ...cellsIn(words.slice(next).join(' '), labels)];
}

/** What may follow a label: nothing, a colon, a bracket, a space, or a figure. */
const PARTS = [
  /^(.*?)()$/,
  /^([^:=]*)[:=](.*)$/,
  /^([^】\]]*[】\]])(.*)$/,
  /^([^ ]*) (.*)$/,
  /^(.*?額(?:\([^()]*\))?)([¥\\金\d△▲-].*)$/,
];

function cellOf(line: string, labels: readonly Label[]): Cell {
  for (const part of PARTS) {
    const [, head = '', rest = ''] = part.exec(line) ?? [];
    const label = labelAt(head.replace(/\s/g, ''), labels);
    if (label) return { label, text: valueIn(rest) };
  }
  return { label: undefined, text: valueIn(line) };
}

function labelAt(head: string, labels: readonly Label[]): Label | undefined {
  if (head.length > MOST_LABEL) return undefined;
  const bare = head.replace(MARKS, '').replace(/:$/, '');
  const [notes = ''] = NOTES.exec(bare) ?? [];
  const name = bare.slice(0, bare.length - notes.length);
  const label = labels.find(({ pattern }) => pattern.test(name));
  return label && ELSE.test(notes) ? OTHER : label;
}

/** The text beside or below a label; undefined if another label is there, as in a row of column headings. */
function valueAt(cells: readonly Cell[], at: number): string {
  const [before, own, after] = [cells[at - 1], cells[at], cells[at + 1]];
  const headed = before?.label && !before.text;
  if (own?.text) return headed && own.label?.vague ? '' : own.text;
  return headed || after?.label ? '' : (after?.text ?? '');
}

const valueIn = (text: string) => text.replace(/^[\s:=]+/, '').trimEnd();
