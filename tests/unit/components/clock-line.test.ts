import { h } from 'preact';
import { expect, test } from 'vitest';
import type { ClockState } from '../../../components/clock-fault.ts';
import { ClockLine } from '../../../components/clock-line.tsx';
import { draw } from './draw.ts';
import { text } from './texts.ts';

const MEASURED_AT = Date.parse('2026-11-21T00:00:00Z');
const last = { offsetMs: 0, measuredAt: MEASURED_AT };

const drawn = (clock: ClockState, deviceMs: number) =>
  draw(h(ClockLine, { clock, deviceMs, onCheck: () => undefined }));

const HOUR = 3_600_000;

test.each([
  ['offline, hours later, its age as well', { kind: 'unreachable', last }, 3 * HOUR, 'に確認（3時間前）'],
  ['offline, at once, no age', { kind: 'unreachable', last }, 20_000, 'に確認'],
  ['offline, on a clock that was set back, no age', { kind: 'unreachable', last }, -HOUR, 'に確認'],
  ['online, no age', { kind: 'measured', last }, 3 * HOUR, 'に確認'],
] as const)('of the last measurement it says when: %s', (_name, clock, later, end) => {
  const line = drawn(clock, MEASURED_AT + later).querySelector('.quiet');
  expect(line?.textContent).toMatch(new RegExp(`^11月21日 09:00${end}$`));
});

test('a screen reader is not told of the age as it grows', () => {
  const line = drawn({ kind: 'unreachable', last }, MEASURED_AT + HOUR).querySelector('.quiet');
  expect(line?.closest('[aria-live]')).toBeNull();
});

test('a screen reader is told that the time is checked and what came of it, though that be the same as before', () => {
  const sentences = (['measured', 'measuring', 'measured'] as const).map((kind) => {
    const main = drawn({ kind, last }, MEASURED_AT);
    expect(main.querySelector('.clock-words')?.textContent).toContain(text('clockRight'));
    return main.querySelector('[aria-live]')?.textContent;
  });
  expect(sentences).toEqual([text('clockRight'), text('clockChecking'), text('clockRight')]);
});
