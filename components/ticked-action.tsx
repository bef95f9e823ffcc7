import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface TickedActionProps {
  /** The statement that the customer ticks first. */
  readonly tick: string;
  /** Hint to tick it, shown until it is ticked. */
  readonly first: string;
  readonly button: string;
  /** Whether the action is running, so that it is not started again. */
  readonly busy: boolean;
  readonly act: () => unknown;
  /** Shown between the tick and the button: why the action failed. */
  readonly children?: ComponentChildren;
}

/** A button for an action that cannot be undone here, enabled by a tick. */
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
