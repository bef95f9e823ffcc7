import { useState } from 'preact/hooks';
import { displayName, type TokenSummary } from '../core/vault/token.ts';
import { Icon } from './icon.tsx';
import { serialName } from './serial-words.ts';
import { useText } from './text.ts';
import { GLANCE, searchTokens } from './token-search.ts';

interface TokenListProps {
  readonly tokens: readonly TokenSummary[];
  /** Marked as 選択中. */
  readonly selectedId?: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** Tokens to choose from, by name and serial. */
export function TokenList({ tokens, selectedId, onChoose }: TokenListProps) {
  const text = useText();
  const [typed, setTyped] = useState('');
  const found = searchTokens(tokens, typed);
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
      <ul class="list">
        {found.map((token) => (
          <TokenRow key={token.id} token={token} selected={token.id === selectedId} onChoose={onChoose} />
        ))}
      </ul>
    </>
  );
}

interface TokenRowProps {
  readonly token: TokenSummary;
  readonly selected: boolean;
  readonly onChoose: (id: string) => void;
}

function TokenRow({ token, selected, onChoose }: TokenRowProps) {
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
            {selected && <span class="chip">{text('chosen')}</span>}
          </span>
        </span>
        <Icon name={selected ? 'done' : 'next'} />
      </button>
    </li>
  );
}
