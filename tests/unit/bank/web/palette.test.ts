import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CONTRAST,
  NEUTRAL,
  type Palette,
  paletteOf,
  SCHEMES,
  type Scheme,
} from '../../../../bank/web/palette.ts';
import { DEFAULT_DIRECTORY } from '../../../institutions.ts';

/** Relative luminance by WCAG 2.2, computed independently: the library must not judge itself. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Pairs of colours that must have enough contrast. */
function pairs(palette: Palette, scheme: Scheme): readonly (readonly [string, string, number])[] {
  const { paper, ground, ink, 'ink-soft': soft, vermilion, control } = NEUTRAL[scheme];
  const {
    solid,
    'solid-deep': deep,
    'solid-ink': solidInk,
    tint,
    'tint-deep': tintDeep,
    link,
    edge,
  } = palette;
  const grounds = [paper, ground, tint, tintDeep];
  return [
    ...grounds.flatMap((one) =>
      [ink, soft, vermilion, link].map((text) => [text, one, CONTRAST.text] as const),
    ),
    ...grounds.flatMap((one) => [control, edge].map((line) => [line, one, CONTRAST.edge] as const)),
    [solidInk, solid, CONTRAST.text],
    [solidInk, deep, CONTRAST.text],
  ];
}

const low = (accent: string) =>
  SCHEMES.flatMap((scheme) =>
    pairs(paletteOf(accent, scheme), scheme).filter(([one, other, least]) => contrast(one, other) < least),
  );

describe('the colours derived from an accent', () => {
  test('have the contrast that WCAG requires, whatever the accent', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (...channels) => {
        const accent = `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
        expect(low(accent)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    '#ffe600',
    '#ffffff',
    '#fefefe',
    '#000000',
    '#020202',
    '#00ff00',
    '#0000ff',
    '#767676',
    '#777777',
  ])('have it for %s as well', (accent) => {
    expect(low(accent)).toEqual([]);
  });

  test('are the accent itself if it is legible', () => {
    expect(paletteOf('#1f6b45', 'light')).toMatchObject({
      solid: '#1f6b45',
      link: '#1f6b45',
      edge: '#1f6b45',
    });
  });

  test('visibly change under the pointer', () => {
    for (const accent of ['#000000', '#ffffff', '#ffe600', '#a81e2b']) {
      for (const scheme of SCHEMES) {
        const palette = paletteOf(accent, scheme);
        expect(contrast(palette.solid, palette['solid-deep'])).toBeGreaterThan(1.1);
      }
    }
  });
});

test('the sheet has the neutral colours that the palettes are computed for', () => {
  const sheet = readFileSync(join(import.meta.dirname, '../../../../bank/web/assets/bank.css'), 'utf8');
  const [light = '', dark = ''] = [...sheet.matchAll(/:root \{([^}]*)\}/g)].map(([, rules]) => rules);
  for (const [name, color] of Object.entries(NEUTRAL.light)) expect(light).toContain(`--${name}: ${color};`);
  for (const [name, color] of Object.entries(NEUTRAL.dark)) expect(dark).toContain(`--${name}: ${color};`);
});

test('no two institutions of the default directory look alike, and no two of a family are drawn alike', () => {
  const { institutions } = DEFAULT_DIRECTORY;
  for (const values of [
    institutions.map(({ look }) => look?.mark),
    institutions.map(({ accent }) => accent),
    institutions.map(({ family, look }) => look?.style && `${family} ${look.style}`),
  ]) {
    expect(values).not.toContain(undefined);
    expect(new Set(values).size).toBe(values.length);
  }
});
