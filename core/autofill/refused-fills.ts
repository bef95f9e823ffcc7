import { REFUSED_FILLS, type RefusedFillReason } from '../api/refused-fills.ts';

const HOUR_MS = 60 * 60_000;

/** How long after its end an hour is reported: nothing is added to it any more. */
const SETTLED_MS = 5 * 60_000;

/** Hours that began before this moment are let go: it is not sure that the service still takes them. */
export const oldestKept = (nowMs: number): number => nowMs - (REFUSED_FILLS.hours - 1) * HOUR_MS;

/** How often a token's fills were refused in an hour, by reason. */
export interface RefusedHour {
  /** When it began, Unix milliseconds of the service's time. */
  readonly since: number;
  readonly counts: Readonly<Partial<Record<RefusedFillReason, number>>>;
}

/** One more, at a moment of the service's time. What is kept is bounded: hours, reasons, and how often. */
export function countedWith(
  hours: readonly RefusedHour[],
  reason: RefusedFillReason,
  atMs: number,
): RefusedHour[] {
  const since = Math.floor(atMs / HOUR_MS) * HOUR_MS;
  const counts = hours.find((hour) => hour.since === since)?.counts ?? {};
  const count = Math.min((counts[reason] ?? 0) + 1, REFUSED_FILLS.ofOne);
  // Hours of the future are of a clock that was wrong.
  const others = hours.filter((hour) => hour.since < since && hour.since >= oldestKept(atMs));
  return [...others, { since, counts: { ...counts, [reason]: count } }];
}

/** What a report says of an hour and a reason. */
export interface RefusedFill {
  readonly since: number;
  readonly reason: RefusedFillReason;
  readonly count: number;
}

/** The hours that can be reported now, oldest first, as many whole ones as a report takes. */
export function toReport(hours: readonly RefusedHour[], nowMs: number): RefusedFill[] {
  const fills: RefusedFill[] = [];
  for (const { since, counts } of hours.toSorted((one, other) => one.since - other.since)) {
    const isOver = since + HOUR_MS + SETTLED_MS <= nowMs;
    if (!isOver || since < oldestKept(nowMs)) continue;
    const own = Object.entries(counts).map(([reason, count]) => ({
      since,
      reason: reason as RefusedFillReason,
      count,
    }));
    if (fills.length + own.length > REFUSED_FILLS.inReport) break;
    fills.push(...own);
  }
  return fills;
}
