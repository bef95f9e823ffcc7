import { describe, expect, test } from 'vitest';
import { HEADING, neighbourPage, type Parts } from './neighbours.ts';
import { useReading } from './reading.ts';

/** Read by anybody once the browser has put its own colours in place of the page's. */
const FILLED: Readonly<Record<string, Parts>> = {
  'a page without colours': {},
  'a white heading on a dark bar': { style: 'h1{color:#fff;background:#036}' },
  'white digits in a dark field': { style: '#o{color:#fff;background:#036}' },
  'a page in black and white': { style: 'body,#o{color:#000;background:#fff}' },
  'a page in white and black': { style: 'body,#o{color:#fff;background:#000}' },
  'a heading with another colour of its letters': {
    style: 'h1{-webkit-text-fill-color:#fff}h1,#o{background:#036}',
  },
};

/** Letters in the colours of the page, in both themes. */
const own = (style: string): Parts => ({
  heading: `<h1 style="forced-color-adjust:none;color:#fff;background:#000;${style}">${HEADING}</h1>`,
});

describe.each(['light', 'dark'])('a page in the colours of a person with a %s theme in chromium', (theme) => {
  const read = useReading('chromium', async (page) => {
    const session = await page.createCDPSession();
    const features = [
      { name: 'forced-colors', value: 'active' },
      { name: 'prefers-color-scheme', value: theme },
    ];
    await session.send('Emulation.setEmulatedMedia', { features });
  });

  test.each(Object.entries({ ...FILLED, 'a heading that keeps its colours': own('') }))(
    'is filled: %s',
    async (_what, parts) => {
      expect(await read(neighbourPage(parts))).toBe('BLI023');
    },
  );

  test.each(['color:#000', '-webkit-text-fill-color:#000'])(
    'stays empty: a heading that keeps its colours, which are the same, %s',
    async (style) => {
      expect(await read(neighbourPage(own(style)))).toBe('heading faded');
    },
  );
});
