import { describe, expect, test } from 'vitest';
import {
  REFUSED_FILL_REASONS,
  REFUSED_FILLS,
  refusedFillsRequestSchema,
} from '../../../../core/api/refused-fills.ts';
import { CHECKS } from '../../../../core/autofill/checks.ts';
import { countedWith, type RefusedHour, toReport } from '../../../../core/autofill/refused-fills.ts';
import { fillRefusals } from '../../../../core/messages/fill.ts';

const HOUR_MS = 60 * 60_000;
const START = Date.parse('2026-11-21T09:00:00.000Z');
const minutes = (count: number) => count * 60_000;

const counted = (...moments: readonly number[]) =>
  moments.reduce<RefusedHour[]>((hours, at) => countedWith(hours, 'covered', at), []);

test('the reasons are names that the checks and the gate have', () => {
  const known: readonly string[] = [...CHECKS, ...fillRefusals];
  expect(REFUSED_FILL_REASONS.filter((reason) => !known.includes(reason))).toEqual([]);
  expect(new Set(REFUSED_FILL_REASONS).size).toBe(REFUSED_FILL_REASONS.length);
});

describe('what is kept', () => {
  test('is how often in an hour, by reason', () => {
    const hours = countedWith(counted(START, START + HOUR_MS - 1), 'clock', START + HOUR_MS);
    expect(hours).toEqual([
      { since: START, counts: { covered: 2 } },
      { since: START + HOUR_MS, counts: { clock: 1 } },
    ]);
  });

  test('is bounded, however often a page is refused and however long nothing is reported', () => {
    const often = counted(...Array.from({ length: 500 }, () => START));
    expect(often).toEqual([{ since: START, counts: { covered: REFUSED_FILLS.ofOne } }]);
    const long = counted(...Array.from({ length: 500 }, (_, hour) => START + hour * HOUR_MS));
    expect(long.length).toBeLessThanOrEqual(REFUSED_FILLS.hours);
    expect(long.at(-1)?.since).toBe(START + 499 * HOUR_MS);
  });

  test('is nothing of the future once the clock is right again', () => {
    expect(counted(START + 1_000 * HOUR_MS, START)).toEqual([{ since: START, counts: { covered: 1 } }]);
  });
});

describe('what can be reported', () => {
  test('is of an hour that is over, and has been for a while', () => {
    const hours = counted(START);
    expect(toReport(hours, START + HOUR_MS)).toEqual([]);
    expect(toReport(hours, START + HOUR_MS + minutes(5))).toEqual([
      { since: START, reason: 'covered', count: 1 },
    ]);
  });

  test('is nothing that the service may not take any more', () => {
    expect(toReport(counted(START), START + REFUSED_FILLS.hours * HOUR_MS)).toEqual([]);
  });

  test('is as much as a report takes, oldest hours first and whole ones', () => {
    const every = (at: number) =>
      REFUSED_FILL_REASONS.map((reason) => (hours: RefusedHour[]) => countedWith(hours, reason, at));
    const now = START + 40 * HOUR_MS;
    const hours = Array.from({ length: 39 }, (_, hour) => every(START + hour * HOUR_MS))
      .flat()
      .reduce<RefusedHour[]>((before, add) => add(before), []);
    const fills = toReport(hours, now);
    expect(fills[0]?.since).toBe(START);
    expect(fills.length % REFUSED_FILL_REASONS.length).toBe(0);
    const body = { fills: fills.map((fill) => ({ ...fill, since: new Date(fill.since).toISOString() })) };
    expect(refusedFillsRequestSchema.safeParse(body).success).toBe(true);
    expect(fills.length + REFUSED_FILL_REASONS.length).toBeGreaterThan(REFUSED_FILLS.inReport);
  });
});
