import { describe, expect, test } from 'vitest';
import { COVERED, NAMED_DIFFERENTLY, pagesOf, REFUSED } from './neighbour-tables.ts';
import { neighbourPage } from './neighbours.ts';
import { useReading } from './reading.ts';

describe.each(['chromium', 'firefox'] as const)('neighbours that hide something in %s', (kind) => {
  const read = useReading(kind);

  test.each(pagesOf(REFUSED[kind], 'without scripts'))('stays empty: %s', async (_what, [check, parts]) => {
    expect(await read(neighbourPage(parts))).toMatch(RegExp(`^(screen|heading|field) ${check}$`));
  });

  test.each(pagesOf(COVERED[kind], 'without scripts'))(
    'stays empty, as it is covered: %s',
    async (_what, parts) => {
      expect(await read(neighbourPage(parts))).toMatch(/^(screen|heading|field) covered$/);
    },
  );

  test.each(pagesOf(NAMED_DIFFERENTLY, 'without scripts'))(
    'stays empty, as it is named otherwise: %s',
    async (_what, parts) => {
      expect(await read(neighbourPage(parts))).toMatch(/^(screen|heading|field)\b/);
    },
  );
});
