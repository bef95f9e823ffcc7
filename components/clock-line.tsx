import { type ClockOffset, correctedTime } from '../core/vault/clock.ts';
import { useUnreachable } from './access.ts';
import { type ClockState, clockFault, lastOffset, roughly } from './clock-fault.ts';
import { formatMoment } from './dates.ts';
import { Icon } from './icon.tsx';
import { type Texts, useText } from './text.ts';

const MINUTE_MS = 60_000;

interface ClockLineProps {
  readonly clock: ClockState;
  /** Device time in milliseconds. */
  readonly deviceMs: number;
  readonly onCheck: () => void;
}

/** The state of the device's clock, the time of the check, and 時刻を確認する. */
export function ClockLine({ clock, deviceMs, onCheck }: ClockLineProps) {
  const text = useText();
  const unreachable = useUnreachable();
  const last = lastOffset(clock);
  const measuring = clock.kind === 'measuring';
  return (
    <section class="clock" data-tone={clockFault(last) ? 'warn' : 'info'} data-state={clock.kind}>
      <Icon name="clock" />
      <div class="clock-words">
        <div aria-live="polite">
          {clock.kind === 'unreachable' && <p>{text(unreachable('clockUnreachable'))}</p>}
          {(last || clock.kind !== 'unreachable') && <p>{clockSentence(text, clock)}</p>}
        </div>
        {last && (
          <p class="quiet">{measured(text, last, clock.kind === 'unreachable' ? deviceMs : undefined)}</p>
        )}
      </div>
      <button type="button" class="button small" aria-disabled={measuring} onClick={onCheck}>
        {text(measuring ? 'clockChecking' : 'clockCheck')}
      </button>
    </section>
  );
}

/** When it was measured, and how long that is ago where `now`, in device time, is given. */
function measured(text: Texts, last: ClockOffset, now = last.measuredAt): string {
  const at = formatMoment(text, correctedTime(last.measuredAt, last));
  const age = now - last.measuredAt;
  if (age < MINUTE_MS) return text('clockMeasuredAt', at);
  const { unit, count } = roughly(age);
  return text('clockMeasuredAgo', at, text(unit, String(count)));
}

function clockSentence(text: Texts, clock: ClockState): string {
  const last = lastOffset(clock);
  const fault = clockFault(last);
  if (fault) return text(fault.direction, text(fault.span.unit, String(fault.span.count)));
  if (last === undefined) return text('clockUnmeasured');
  return text(clock.kind === 'unreachable' ? 'clockWasRight' : 'clockRight');
}
