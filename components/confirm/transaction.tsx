import type { Details } from '../../core/transaction/details.ts';
import { type Row, rowsOf, TRANSACTIONS } from '../../core/transaction/types.ts';
import { formatDate, formatMinute } from '../dates.ts';
import { useText } from '../text.ts';
import { briefRows, formatYen } from './confirm-words.ts';

/** Every field of the transaction, in the order of its table, and the time of the request. */
export function TransactionItems({ details }: { details: Details }) {
  const text = useText();
  const { transaction, requestedAt } = details;
  return (
    <dl class="transaction">
      <Items rows={rowsOf(transaction)} />
      <div class="requested">
        <dt>{text(TRANSACTIONS[transaction.type].requestedAt)}</dt>
        <dd>{formatMinute(text, Date.parse(requestedAt))}</dd>
      </div>
    </dl>
  );
}

/** The fields that identify a transaction. */
export function TransactionBrief({ details }: { details: Details }) {
  return (
    <dl class="transaction">
      <Items rows={briefRows(details)} />
    </dl>
  );
}

function Items({ rows }: { rows: readonly Row[] }) {
  const text = useText();
  return itemsOf(rows).map(({ label, kind, brief, lines }) => (
    <div key={label} class={classOf(kind, brief)}>
      <dt>{text(label)}</dt>
      <dd>
        {lines.map((line) => (
          <span key={line[0]?.name} class="line">
            {line.map((row, at) => [at > 0 && ' ', <Value key={row.name} row={row} />])}
          </span>
        ))}
      </dd>
    </div>
  ));
}

/** `choice` is the class of elements for choosing. */
const classOf = (kind: Row['kind'], brief: boolean) =>
  `${kind === 'choice' ? 'word' : kind}${brief ? '' : ' minor'}`;

/** The type of a transaction, for lists. */
export function TransactionName({ details }: { details: Details }) {
  const text = useText();
  return <span>{text(TRANSACTIONS[details.transaction.type].name)}</span>;
}

/** A field's value. Names are Japanese in every language of the page. */
export function Value({ row }: { row: Row }) {
  const text = useText();
  switch (row.kind) {
    case 'yen': {
      const yen = formatYen(row.value);
      return <span style={{ '--characters': yen.length }}>{yen}</span>;
    }
    case 'name':
      return <bdi lang="ja">{row.value}</bdi>;
    case 'coded-name':
      return (
        <span lang="ja">
          {row.value.name} ({row.value.code})
        </span>
      );
    case 'choice': {
      const label = row.of[row.value];
      return <span>{label ? text(label) : row.value}</span>;
    }
    case 'date':
      return <span>{formatDate(text, Date.parse(`${row.value}T00:00:00+09:00`))}</span>;
    case 'time':
      return <span>{formatMinute(text, Date.parse(row.value))}</span>;
    case 'address':
      return <bdi lang="en">{row.value}</bdi>;
    case 'digits':
      return <span>{row.value}</span>;
  }
}

interface Item extends Pick<Row, 'label' | 'kind'> {
  readonly brief: boolean;
  readonly lines: Row[][];
}

/** Items of the screen; consecutive rows with the same label make one. */
function itemsOf(rows: readonly Row[]): readonly Item[] {
  const items: Item[] = [];
  for (const row of rows) {
    const item = items.at(-1);
    if (item?.label !== row.label)
      items.push({ label: row.label, kind: row.kind, brief: row.brief === true, lines: [[row]] });
    else if (row.beside) item.lines.at(-1)?.push(row);
    else item.lines.push([row]);
  }
  return items;
}

/** 確認番号, by which similar requests differ. */
export function RequestNumber({ details }: { details: Details }) {
  const text = useText();
  return (
    <p class="request-number">
      <span>{text('confirmNumber')}</span> <strong>{details.number}</strong>
    </p>
  );
}
