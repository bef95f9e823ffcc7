import type { PendingConfirmation } from '../../core/transaction/confirmations.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { formatTime } from '../dates.ts';
import { Icon } from '../icon.tsx';
import { useText } from '../text.ts';
import { briefRows, tokenName } from './confirm-words.ts';
import { TransactionName, Value } from './transaction.tsx';

interface ConfirmListProps {
  readonly list: readonly PendingConfirmation[];
  readonly tokens: readonly TokenSummary[];
  readonly onOpen: (confirmation: PendingConfirmation) => void;
}

/** Several confirmations, with number and time, by which they differ even if everything else is the same. */
export function ConfirmList({ list, tokens, onOpen }: ConfirmListProps) {
  const text = useText();
  return (
    <section class="card">
      <h1 tabIndex={-1}>{text('confirmTitle')}</h1>
      <p>{text('confirmChooseLead')}</p>
      <ul class="list">
        {list.map((one) => (
          <li key={one.details.confirmation} class="list-item">
            <button type="button" class="row" onClick={() => onOpen(one)}>
              <strong class="row-number">
                <span class="visually-hidden">{text('confirmNumber')} </span>
                {one.details.number}
              </strong>
              <span class="row-words asked">
                {briefRows(one.details).map((row) => (
                  <span key={row.name} class={`row-title ${row.kind}`}>
                    <Value row={row} />
                  </span>
                ))}
                <span class="row-meta quiet">
                  <TransactionName details={one.details} />
                  <span>{formatTime(text, Date.parse(one.details.requestedAt))}</span>
                  <span>{tokenName(tokens, one)}</span>
                  {one.status === 'confirmed' && <span class="chip">{text('confirmDone')}</span>}
                </span>
              </span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
