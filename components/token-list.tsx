import { useState } from 'preact/hooks';
import { LIST_ORDERS, type ListOrder } from '../core/preferences.ts';
import { displayName, type TokenSummary } from '../core/vault/token.ts';
import { formatMoment } from './dates.ts';
import { Icon } from './icon.tsx';
import { serialName } from './serial-words.ts';
import { type TextKey, useText } from './text.ts';
import { orderTokens } from './token-order.ts';
import { GLANCE, searchTokens } from './token-search.ts';

/** The order of the list, and what it goes by. */
export interface Ordering {
  readonly order: ListOrder;
  /** Device time in milliseconds, by token. */
  readonly lastUsed: ReadonlyMap<string, number>;
  readonly onOrder: (order: ListOrder) => void;
}

const NEVER: ReadonlyMap<string, number> = new Map();

const ORDER_TEXTS: Record<ListOrder, TextKey> = {
  added: 'orderAdded',
  name: 'orderName',
  used: 'orderUsed',
};

interface TokenListProps {
  readonly tokens: readonly TokenSummary[];
  /** Marked as 選択中. */
  readonly selectedId?: string | undefined;
  /** Absent where the customer has no say in it. */
  readonly ordering?: Ordering | undefined;
  readonly onChoose: (id: string) => void;
}

/** Tokens to choose from, by name and serial. */
export function TokenList({ tokens, selectedId, ordering, onChoose }: TokenListProps) {
  const text = useText();
  const [typed, setTyped] = useState('');
  const { order = 'added', lastUsed = NEVER } = ordering ?? {};
  const found = orderTokens(searchTokens(tokens, typed), order, lastUsed);
  return (
    <>
      {tokens.length > GLANCE && (
        <div class="field">
          <label for="token-search">{text('searchLabel')}</label>
          <p class="hint" id="token-search-hint">
            {text('searchHint')}
          </p>
          <input
            id="token-search"
            type="search"
            aria-describedby="token-search-hint"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          <p class="hint" role="status">
            {typed &&
              (found.length > 0 ? text('searchCount', String(found.length)) : text('searchNone', typed))}
          </p>
        </div>
      )}
      {ordering && tokens.length > 2 && <OrderField {...ordering} />}
      <ul class="list">
        {found.map((token) => (
          <TokenRow
            key={token.id}
            token={token}
            selected={token.id === selectedId}
            usedAt={lastUsed.get(token.id)}
            onChoose={onChoose}
          />
        ))}
      </ul>
    </>
  );
}

function OrderField({ order, onOrder }: Ordering) {
  const text = useText();
  return (
    <div class="field">
      <label for="token-order">{text('orderLabel')}</label>
      <select
        id="token-order"
        value={order}
        onChange={({ currentTarget: { value } }) => {
          const wanted = LIST_ORDERS.find((one) => one === value);
          if (wanted) onOrder(wanted);
        }}
      >
        {LIST_ORDERS.map((one) => (
          <option key={one} value={one}>
            {text(ORDER_TEXTS[one])}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TokenRowProps {
  readonly token: TokenSummary;
  readonly selected: boolean;
  readonly usedAt: number | undefined;
  readonly onChoose: (id: string) => void;
}

function TokenRow({ token, selected, usedAt, onChoose }: TokenRowProps) {
  const text = useText();
  return (
    <li class="list-item">
      <button
        type="button"
        class="row"
        aria-current={selected ? 'true' : undefined}
        onClick={() => onChoose(token.id)}
      >
        <span class="row-words">
          <span class="row-title">{displayName(token)}</span>
          <span class="row-meta">
            <span class="quiet">
              {text(serialName(token))}: {token.serial}
            </span>
            {token.decider !== undefined && <span class="chip">{text('decidedBy', token.decider)}</span>}
            {usedAt !== undefined && (
              <span class="quiet">{text('lastUsed', formatMoment(text, usedAt))}</span>
            )}
            {selected && <span class="chip">{text('chosen')}</span>}
          </span>
        </span>
        <Icon name={selected ? 'done' : 'next'} />
      </button>
    </li>
  );
}
