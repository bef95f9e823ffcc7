import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface TickedActionProps {
  /** What the customer ticks first. */
  readonly tick: string;
  /** That it is to be ticked, said while it is not. */
  readonly first: string;
  readonly button: string;
  /** Whether it is being done: it is not begun again. */
  readonly busy: boolean;
  readonly act: () => unknown;
  /** Between the tick and the button: why it was not done. */
  readonly children?: ComponentChildren;
}

/** A button for what cannot be undone here: possible once something is ticked. */
export function TickedAction({ tick, first, button, busy, act, children }: TickedActionProps) {
  const [ticked, setTicked] = useState(false);
  return (
    <>
      <label class="tick">
        <input
          type="checkbox"
          checked={ticked}
          onChange={(event) => setTicked(event.currentTarget.checked)}
        />
        {tick}
      </label>
      {children}
      <div class="actions">
        <button
          type="button"
          class="button danger wide"
          disabled={!ticked}
          aria-disabled={busy}
          aria-describedby={ticked ? undefined : 'tick-first'}
          onClick={() => ticked && !busy && act()}
        >
          {button}
        </button>
        {!ticked && (
          <p class="hint" id="tick-first">
            {first}
          </p>
        )}
      </div>
    </>
  );
}
