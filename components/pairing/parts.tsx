import type { PairingSymbol } from '../../core/pairing/symbols.ts';
import type { PairingRefusal } from '../../core/vault/pairing.ts';
import { useUnreachable } from '../access.ts';
import { Notice } from '../notice.tsx';
import { useText } from '../text.ts';
import { END_TEXTS, namesOf } from './pairing-state.ts';

/** The six symbols, each with its name: they are compared with those on the other device. */
export function Symbols({ symbols }: { symbols: readonly PairingSymbol[] }) {
  const text = useText();
  const names = namesOf(symbols, text('languageTag'));
  return (
    <ol class="symbols" aria-label={text('pairSymbols')}>
      {symbols.map(({ drawing }, at) => (
        <li key={at}>
          <span class="symbol" aria-hidden="true">
            {drawing}
          </span>
          <span class="symbol-name">{names[at]}</span>
        </li>
      ))}
    </ol>
  );
}

interface EndedProps {
  readonly reason: PairingRefusal;
  readonly onAgain: () => void;
}

/** Why it came to nothing, and another go. */
export function Ended({ reason, onAgain }: EndedProps) {
  const text = useText();
  const unreachable = useUnreachable();
  const { title, body } = END_TEXTS[reason];
  return (
    <>
      <Notice tone={reason === 'refused' ? 'info' : 'danger'} title={text(title)} role="status">
        <p>{text(body === 'pairUnreachable' ? unreachable(body) : body)}</p>
      </Notice>
      <button type="button" class="button primary wide" onClick={onAgain}>
        {text('pairAgain')}
      </button>
    </>
  );
}
