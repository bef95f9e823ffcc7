import { NEXT_CODE_SECONDS } from '../core/preferences.ts';
import { CodeDigits } from './code-digits.tsx';
import { useText } from './text.ts';
import type { CodeView } from './token-state.ts';

/** How the customer wants a code shown. */
export interface CodeDisplay {
  /** Whether it can be hidden, and whether it is. */
  readonly conceals: boolean;
  readonly concealed: boolean;
  readonly onToggle: () => void;
  readonly nextCode: boolean;
}

interface DisplayedProps extends CodeDisplay {
  readonly view: CodeView;
}

/** What that puts into the code's card. */
export function displayOf(view: CodeView, display: CodeDisplay) {
  return {
    ...(display.concealed && { instead: <HiddenDigits view={view} /> }),
    below: <BelowDigits {...display} view={view} />,
  };
}

function HiddenDigits({ view }: { view: CodeView }) {
  const text = useText();
  return <CodeDigits name={text('otp')} code={undefined} digits={view.token.parameters.digits} />;
}

/** The button stays where it is, so that the focus does. */
function BelowDigits({ view, conceals, concealed, onToggle, nextCode }: DisplayedProps) {
  const text = useText();
  return (
    <>
      {nextCode && <NextCode view={view} concealed={concealed} />}
      {conceals && (
        <button type="button" class="button wide" onClick={onToggle}>
          {text(concealed ? 'reveal' : 'conceal')}
        </button>
      )}
    </>
  );
}

/** The code that comes next, shortly before it does. Its place is kept, so that nothing moves. */
function NextCode({ view: { next, seconds }, concealed }: { view: CodeView; concealed: boolean }) {
  const text = useText();
  const isDue = seconds <= NEXT_CODE_SECONDS && !concealed && next !== undefined;
  const half = (next?.length ?? 0) / 2;
  return (
    <p class="next-code" data-due={isDue}>
      <span class="quiet">{text('nextCode')}</span>
      <output class="next-digits" aria-label={text('nextCodeName')} aria-live="off">
        {isDue ? `${next.slice(0, half)} ${next.slice(half)}` : ''}
      </output>
    </p>
  );
}
