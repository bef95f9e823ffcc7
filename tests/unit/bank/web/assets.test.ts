import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadAssets } from '../../../../bank/web/assets.ts';
import { paletteOf } from '../../../../bank/web/palette.ts';
import type { Directory } from '../../../../core/institution/directory.ts';
import { announcing, DEFAULT_DIRECTORY, SENPOKU } from '../../../institutions.ts';

const textOf = (directory: Directory, name: string) => loadAssets(directory).find(name)?.text;

describe('the assets of an institution', () => {
  test('are a sheet and an icon for each, also for those in preparation', () => {
    const directory = announcing('ehime');
    const { institutions, preparing = [] } = directory;
    for (const { key, accent } of [...institutions, ...preparing]) {
      const sheet = textOf(directory, `look-${key}.css`);
      const [light = '', dark = ''] = sheet?.split('@media (prefers-color-scheme: dark)') ?? [];
      expect(light).toContain(`--link: ${paletteOf(accent, 'light').link};`);
      expect(dark).toContain(`--link: ${paletteOf(accent, 'dark').link};`);
      expect(textOf(directory, `mark-${key}.svg`)).toMatch(/^<svg [^>]*>.*<\/svg>$/);
    }
  });

  test('replace no common asset, whatever the institution’s key', () => {
    const named = { institutions: [{ ...SENPOKU, key: 'bank' }] };
    expect(textOf(named, 'bank.css')).toContain(':root');
    expect(textOf(named, 'look-bank.css')).toContain('.look-bank {');
  });

  test('have another address when the colour changes', () => {
    const href = (accent: string) =>
      loadAssets({ institutions: [{ ...SENPOKU, accent }] }).href('look-senpoku.css');
    expect(href('#ffe600')).not.toBe(href('#00e6ff'));
    expect(href('#ffe600')).toBe(href('#ffe600'));
  });
});

test('no sheet has an endless animation: a waiting page paints nothing', () => {
  const assets = loadAssets(DEFAULT_DIRECTORY);
  const folder = join(import.meta.dirname, '../../../../bank/web/assets');
  const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));
  expect(sheets).toContain('transfer.css');
  for (const name of sheets) expect(assets.find(name)?.text, name).not.toMatch(/\binfinite\b/);
});
