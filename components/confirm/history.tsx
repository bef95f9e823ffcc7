import { useEffect, useState } from 'preact/hooks';
import type { DecisionKind } from '../../core/api/confirmation.ts';
import type { DecisionHistory, PastDecision } from '../../core/vault/decisions.ts';
import type { TokenSummary } from '../../core/vault/token.ts';
import { formatMinute } from '../dates.ts';
import { Loading } from '../loading.tsx';
import { Notice } from '../notice.tsx';
import { usePart } from '../part.ts';
import { type TextKey, useText } from '../text.ts';
import { briefRows, tokenName } from './confirm-words.ts';
import { TransactionName, Value } from './transaction.tsx';

const DECISION_TEXTS: Record<DecisionKind, TextKey> = {
  confirmed: 'decisionConfirmed',
  rejected: 'decisionRejected',
  'not-me': 'decisionNotMe',
};

type Read = 'reading' | 'failed' | readonly PastDecision[];

interface HistoryProps {
  readonly history: DecisionHistory;
  readonly tokens: readonly TokenSummary[];
}

/** 取引認証の履歴: the decisions made on this device, latest first. */
export function History({ history, tokens }: HistoryProps) {
  const text = useText();
  const [read, setRead] = useState<Read>('reading');
  const again = () => {
    setRead('reading');
    history.list().then(setRead, () => setRead('failed'));
  };
  useEffect(again, [history]);
  usePart(read === 'failed' ? 'failed' : 'read', 'main h1');
  return (
    <>
      <section class="card">
        <h1 tabIndex={-1}>{text('historyTitle')}</h1>
        {read === 'failed' && (
          <>
            <Notice tone="danger" role="alert">
              <p>{text('historyFailed')}</p>
            </Notice>
            <button type="button" class="button primary wide" onClick={again}>
              {text('retry')}
            </button>
          </>
        )}
        {typeof read === 'object' &&
          (read.length === 0 ? (
            <p>{text('historyEmpty')}</p>
          ) : (
            <ul class="list">
              {read.map((past) => (
                <PastRow
                  key={`${past.details.confirmation}${past.decidedAt}`}
                  past={past}
                  name={tokenName(tokens, past)}
                />
              ))}
            </ul>
          ))}
      </section>
      {read === 'reading' && <Loading />}
    </>
  );
}

function PastRow({ past, name }: { past: PastDecision; name: string | undefined }) {
  const text = useText();
  const { details, decision, decidedAt } = past;
  return (
    <li class="list-item past">
      <span class="row-meta past-head">
        <span class="chip" data-decision={decision}>
          {text(DECISION_TEXTS[decision])}
        </span>
        <span class="quiet">{formatMinute(text, decidedAt)}</span>
      </span>
      {briefRows(details).map((row) => (
        <span key={row.name} class={`row-title ${row.kind}`}>
          <Value row={row} />
        </span>
      ))}
      <span class="row-meta past-foot quiet">
        <TransactionName details={details} />
        <span>
          {text('confirmNumber')} {details.number}
        </span>
        <span>{name}</span>
      </span>
    </li>
  );
}
