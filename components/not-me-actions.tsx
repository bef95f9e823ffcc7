import { useText } from './text.ts';

interface NotMeActionsProps {
  readonly phase: { readonly kind: string };
  /** Whether it can still be stopped. */
  readonly canStop: boolean;
  readonly onStop: () => void;
  readonly onKeep: () => void;
}

/** The second step of 心当たりがない: stop the token, or go back. */
export function NotMeActions({ phase, canStop, onStop, onKeep }: NotMeActionsProps) {
  const text = useText();
  const sending = phase.kind === 'sending';
  const words = sending ? 'sending' : phase.kind === 'refused' ? 'confirmResend' : 'notMeStop';
  return (
    <div class="actions">
      {(sending || canStop) && (
        <button type="button" class="button danger wide" aria-disabled={sending} onClick={onStop}>
          {text(words)}
        </button>
      )}
      {!sending && (
        <button type="button" class="button wide" onClick={onKeep}>
          {text('notMeKeep')}
        </button>
      )}
    </div>
  );
}
