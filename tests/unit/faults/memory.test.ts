import { expect, test } from 'vitest';
import { judge } from '../../service/faults/memory.ts';

const over = (heapMb: (minute: number) => number, residentMb: (minute: number) => number) =>
  judge(Array.from({ length: 30 }, (_, minute) => ({ heap: heapMb(minute), resident: residentMb(minute) })));

const swinging = (minute: number) => (minute % 2 === 0 ? 4 : -4);

test('memory that grows at first and swings is flat', () => {
  const { isFlat } = over(
    () => 40,
    (minute) => Math.min(130, 90 + 10 * minute) + swinging(minute),
  );
  expect(isFlat).toBe(true);
});

test.each([
  ['what is resident', () => 40, (minute: number) => 110 + minute + swinging(minute)],
  ['the heap', (minute: number) => 40 + 0.3 * minute, () => 120],
])('%s grows by a little each minute', (_, heap, resident) => {
  const { isFlat, grown } = over(heap, resident);
  expect(isFlat).toBe(false);
  expect(Math.max(grown.heap, grown.resident)).toBeGreaterThan(3);
});

test('nothing seen is not flat', () => {
  expect(judge([]).isFlat).toBe(false);
});
