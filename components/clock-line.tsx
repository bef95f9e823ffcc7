import { correctedTime } from '../core/vault/clock.ts';
import { useUnreachable } from './access.ts';
import { type ClockState, clockFault, lastOffset } from './clock-words.ts';
import { formatMoment } from './dates.ts';
import { Icon } from './icon.tsx';
import { type Texts, useText } from './text.ts';

interface ClockLineProps {
  readonly clock: ClockState;
  readonly onCheck: () => void;
}

/** The state of the device's clock, the time of the check, and 時刻を確認する. */
export function ClockLine({ clock, onCheck }: ClockLineProps) {
  const text = useText();
  const unreachable = useUnreachable();
  const last = lastOffset(clock);
  const measuring = clock.kind === 'measuring';
  return (
    <section class="clock" data-tone={clockFault(last) ? 'warn' : 'info'} data-state={clock.kind}>
      <Icon name="clock" />
      <div class="clock-words" aria-live="polite">
        {clock.kind === 'unreachable' && <p>{text(unreachable('clockUnreachable'))}</p>}
        {(last || clock.kind !== 'unreachable') && <p>{clockSentence(text, clock)}</p>}
        {last && (
          <p class="quiet">
            {text('clockMeasuredAt', formatMoment(text, correctedTime(last.measuredAt, last)))}
          </p>
        )}
      </div>
      <button type="button" class="button small" aria-disabled={measuring} onClick={onCheck}>
        {text(measuring ? 'clockChecking' : 'clockCheck')}
      </button>
    </section>
  );
}

function clockSentence(text: Texts, clock: ClockState): string {
  const last = lastOffset(clock);
  const fault = clockFault(last);
  if (fault) return text(fault.direction, text(fault.span.unit, String(fault.span.count)));
  return text(last ? 'clockRight' : 'clockUnmeasured');
}
