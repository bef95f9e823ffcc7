import { describe, expect, test } from 'vitest';
import { pagesOf, SEEN } from './neighbour-tables.ts';
import { neighbourPage } from './neighbours.ts';
import { useReading } from './reading.ts';

describe.each(['chromium', 'firefox'] as const)('neighbours that a person sees as a whole in %s', (kind) => {
  const read = useReading(kind);

  test.each(pagesOf(SEEN[kind], 'without scripts'))('is filled: %s', async (_what, parts) => {
    expect(await read(neighbourPage(parts))).toBe('BLI023');
  });
});
