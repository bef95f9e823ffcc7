import { type ClockOffset, NOTABLE_OFFSET_MS } from '../core/vault/clock.ts';
import type { TextKey } from './text.ts';

/** The state of the device's clock. `unreachable` keeps the last measurement, if any. */
export type ClockState =
  | { readonly kind: 'unmeasured' }
  | { readonly kind: 'measuring'; readonly last: ClockOffset | undefined }
  | { readonly kind: 'measured'; readonly last: ClockOffset }
  | { readonly kind: 'unreachable'; readonly last: ClockOffset | undefined };

/** The measurement in use, old or new. */
export function lastOffset(clock: ClockState): ClockOffset | undefined {
  return clock.kind === 'unmeasured' ? undefined : clock.last;
}

export interface Span {
  readonly unit: Extract<TextKey, 'spanDays' | 'spanHours' | 'spanMinutes' | 'spanSeconds'>;
  readonly count: number;
}

const UNITS = [
  { unit: 'spanDays', ms: 86_400_000 },
  { unit: 'spanHours', ms: 3_600_000 },
  { unit: 'spanMinutes', ms: 60_000 },
] as const;

/** A duration in the largest unit of which it has at least one: 2 hours, 5 minutes. */
export function roughly(spanMs: number): Span {
  const size = Math.abs(spanMs);
  for (const { unit, ms } of UNITS) {
    // 59 minutes 40 seconds is shown as an hour, not as 60 minutes
    if (size >= ms - ms / 120) return { unit, count: Math.round(size / ms) };
  }
  return { unit: 'spanSeconds', count: Math.round(size / 1000) };
}

export interface ClockFault {
  readonly direction: Extract<TextKey, 'clockAhead' | 'clockBehind'>;
  readonly span: Span;
}

/** By how much the device's clock is wrong; undefined if it is right enough or was not measured. */
export function clockFault(offset: ClockOffset | undefined): ClockFault | undefined {
  if (offset === undefined || Math.abs(offset.offsetMs) < NOTABLE_OFFSET_MS) return undefined;
  return {
    direction: offset.offsetMs < 0 ? 'clockAhead' : 'clockBehind',
    span: roughly(offset.offsetMs),
  };
}
