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
  const offline = clock.kind === 'unreachable';
  const sentence = (last || !offline) && <p>{clockSentence(text, last, offline)}</p>;
  return (
    <section class="clock" data-tone={clockFault(last) ? 'warn' : 'info'} data-state={clock.kind}>
      <Icon name="clock" />
      <div class="clock-words">
        <div aria-live="polite">
          {offline && <p>{text(unreachable('clockUnreachable'))}</p>}
          {measuring ? <p class="visually-hidden">{text('clockChecking')}</p> : sentence}
        </div>
        {measuring && sentence}
        {last && <p class="quiet">{measured(text, last, offline ? deviceMs - last.measuredAt : 0)}</p>}
      </div>
      <button type="button" class="button small" aria-disabled={measuring} onClick={onCheck}>
        {text(measuring ? 'clockChecking' : 'clockCheck')}
      </button>
    </section>
  );
}

/** When it was measured, and how long ago unless that is less than a minute. */
function measured(text: Texts, last: ClockOffset, ageMs: number): string {
  const at = formatMoment(text, correctedTime(last.measuredAt, last));
  if (ageMs < MINUTE_MS) return text('clockMeasuredAt', at);
  const { unit, count } = roughly(ageMs);
  return text('clockMeasuredAgo', at, text(unit, String(count)));
}

function clockSentence(text: Texts, last: ClockOffset | undefined, offline: boolean): string {
  const fault = clockFault(last);
  if (fault) return text(fault.direction, text(fault.span.unit, String(fault.span.count)));
  if (last === undefined) return text('clockUnmeasured');
  return text(offline ? 'clockWasRight' : 'clockRight');
}
