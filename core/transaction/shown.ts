import { type Comparison, type FieldOutcome, fieldsThatAre, type ShownField } from './comparison.ts';
import type { Transfer } from './details.ts';
import { comparePayee } from './payee.ts';
import { isMarkedYen, readYen } from './yen.ts';

/** What a bank's page says of the transfer on it, as far as it can be found. */
export interface ShownTransfer {
  /** What stands under each label of a payee's name; empty where nothing does. */
  readonly payees: readonly string[];
  /** What stands under each label of the amount. */
  readonly amounts: readonly string[];
  /** 確認番号. */
  readonly number: string | undefined;
}

type LabelKind = ShownField | 'any-amount' | 'other';

/** Labels, without spaces, the marks before them and the notes after them. */
const PAYEE =
  /^お?(?:(?:振込み?|送金)先(?:人名|氏名|(?:口座)?名義人?)|受取人(?:様|名|様名|氏名|名義|(?:口座)?名義人?)?|受取口座名義人?)$/;
const AMOUNT = /^[おご]?(?:振込み?|送金)金?額$/;
/** It may be that of anything. */
const ANY_AMOUNT = /^金額$/;
/** Other labels of such pages: they end what stands before them. */
const ITEM =
  /^(?=..)[おご]?(?:振込み?|受取|支払い?|引落し?|出金|入金|送金|依頼|取引|手続き?|申込み?|申請|受付|確認|認証|指定|予約|利用|登録|契約|消費税){0,2}(?:先|元|人|者)?(?:金融機関|銀行|支店|店|口座|預金)?(?:名義人?|名称|氏名|名|番号|コード|金額|額|手数料|日時|予定日|指定日|日|時刻|種目|種別|科目|種類|区分|方法|メッセージ|メモ|備考|摘要|内訳|合計|消費税|残高|上限額?|限度額|フリガナ|カナ)$/;

const LABELS: readonly (readonly [LabelKind, RegExp])[] = [
  ['payee', PAYEE],
  ['amount', AMOUNT],
  ['any-amount', ANY_AMOUNT],
  ['other', ITEM],
];

/** What stands before a label: a mark, or a number. */
const MARKS = /^[\s■●◆◇□◎○・※*▼▶【[(<「]*(?:\d{1,2}[.)])?/;
/** What stands after it: notes in brackets, what must be filled in, a footnote's sign. */
const NOTES = /(?:\([^()]*\)|\[[^[\]]*\]|【[^【】]*】|※\d*|\*\d*|必須|フリガナ|カナ|[】\])>」])*$/;
/** A note that makes it the label of something else. */
const ELSE = /手数料|合計|込|税|差引|上限|限度|千円|万円|ドル|外貨|漢字|英字|ローマ字/;

/** The end of a line, where the next says in brackets what fee is in the amount or beside it. */
const FEE_BELOW = /\n(?= *\([^\n]*(?:手数料|うち|込|含|差引))/g;

const NUMBER = /確認番号[ \t:】\]]*\n?[ \t]*(\d{2})(?!\d)/;

/** The most that is looked at of a label, of what stands under it, and of a line, in UTF-16 units. */
const MOST_LABEL = 40;
const MOST_VALUE = 200;
const MOST_LINE = 1_000;

interface Cell {
  readonly label: LabelKind | undefined;
  /** What stands in the cell after its label, or all of it. */
  readonly text: string;
}

/**
 * Finds the transfer in a page's visible text.
 * @param text lines and cells as `innerText` gives them: apart by line ends and tabs
 */
export function readShown(text: string): ShownTransfer {
  const flat = text
    .normalize('NFKC')
    .replace(/\r/g, '')
    .replace(/\n\s*\n/g, '\n')
    .replace(FEE_BELOW, ' ');
  const cells = flat
    .split(/[\n\t]/)
    .flatMap((line) => cellsIn(line.slice(0, MOST_LINE).trim()))
    .filter(({ label, text }) => label || text);
  return {
    payees: valuesUnder(cells, 'payee'),
    amounts: amountsIn(cells),
    number: NUMBER.exec(flat)?.[1],
  };
}

const valuesUnder = (cells: readonly Cell[], label: LabelKind): string[] =>
  cells.flatMap((cell, at) => (cell.label === label ? [valueAt(cells, at).slice(0, MOST_VALUE)] : []));

/** What stands under labels of the amount; else under the one 金額 that there is, if it is in yen. */
function amountsIn(cells: readonly Cell[]): readonly string[] {
  const amounts = valuesUnder(cells, 'amount');
  const others = valuesUnder(cells, 'any-amount').filter(isMarkedYen);
  return amounts.length > 0 || others.length > 1 ? amounts : others;
}

/** How pages show a transfer. What one shows otherwise counts, whatever else is shown; else what one shows. */
export function compareShown({ payee, amount }: Transfer, pages: readonly ShownTransfer[]): Comparison {
  const payees = pages.flatMap((page) => page.payees).map((name) => comparePayee(payee, name));
  const amounts = pages.flatMap((page) => page.amounts).map((text) => compareAmount(amount, text));
  return { payee: overall(payees), amount: overall(amounts) };
}

/** What a page shows otherwise than the signed details have it; what cannot be read is no difference. */
export const differences = (transfer: Transfer, shown: ShownTransfer): ShownField[] =>
  fieldsThatAre('different', compareShown(transfer, [shown]));

function compareAmount(signed: number, shown: string): FieldOutcome {
  const yen = readYen(shown);
  if (yen === undefined) return 'unread';
  return yen === signed ? 'same' : 'different';
}

const overall = (outcomes: readonly FieldOutcome[]): FieldOutcome =>
  (['different', 'same'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'unread';

/**
 * A line as the label and the text in it; where it begins with a label, others after a space begin cells of their own. What
 * stands in brackets, and a fee beside an amount, is left to whoever reads the text.
 */
function cellsIn(line: string): Cell[] {
  const cell = cellOf(line);
  if (!cell.label || !cell.text) return [cell];
  const words = cell.text.split(' ');
  const next = words.findIndex((word, at) => {
    const isNote = word.startsWith('(') || (cell.label === 'amount' && word.includes('手数料'));
    return !isNote && cellOf(words.slice(at).join(' ')).label;
  });
  if (next < 0) return [cell];
  return [{ ...cell, text: words.slice(0, next).join(' ') }, ...cellsIn(words.slice(next).join(' '))];
}

/** The ways to part a label from what follows: nothing follows, a colon, a bracket, a space, a figure. */
const PARTS = [
  /^(.*?)()$/,
  /^([^:=]*)[:=](.*)$/,
  /^([^】\]]*[】\]])(.*)$/,
  /^([^ ]*) (.*)$/,
  /^(.*?額(?:\([^()]*\))?)([¥\\金\d△▲-].*)$/,
];

function cellOf(line: string): Cell {
  for (const part of PARTS) {
    const [, head = '', rest = ''] = part.exec(line) ?? [];
    const label = kindOf(head.replace(/\s/g, ''));
    if (label) return { label, text: valueIn(rest) };
  }
  return { label: undefined, text: valueIn(line) };
}

function kindOf(head: string): LabelKind | undefined {
  if (head.length > MOST_LABEL) return undefined;
  const bare = head.replace(MARKS, '').replace(/:$/, '');
  const [notes = ''] = NOTES.exec(bare) ?? [];
  const name = bare.slice(0, bare.length - notes.length);
  const [kind] = LABELS.find(([, label]) => label.test(name)) ?? [];
  return kind && ELSE.test(notes) ? 'other' : kind;
}

/** What stands beside or below a label; nothing where another label does, as above columns. */
function valueAt(cells: readonly Cell[], at: number): string {
  const [before, own, after] = [cells[at - 1], cells[at], cells[at + 1]];
  const headed = before?.label && !before.text;
  if (own?.text) return headed && own.label === 'any-amount' ? '' : own.text;
  return headed || after?.label ? '' : (after?.text ?? '');
}

const valueIn = (text: string) => text.replace(/^[\s:=]+/, '').trimEnd();
