import { h } from 'preact';
import { describe, expect, test } from 'vitest';
import { InstallGuide } from '../../../../components/install/install-guide.tsx';
import type { Installer, InstallWay } from '../../../../core/install.ts';
import { draw } from '../draw.ts';
import { text } from '../texts.ts';

const installerOf = (way: InstallWay): Installer => ({
  way,
  installed: false,
  watch: () => undefined,
  ask: async () => true,
});

const drawn = (way: InstallWay) => draw(h(InstallGuide, { installer: installerOf(way) }));

describe('how to make an app of the companion', () => {
  test.each(['ios', 'android', 'desktop', 'dock'] as const)(
    '%s: three steps, each with its picture',
    (way) => {
      const steps = [...drawn(way).querySelectorAll('li')];
      expect(steps).toHaveLength(3);
      for (const step of steps) {
        expect(step.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
        expect(step.textContent).toMatch(/。$/);
      }
    },
  );

  test('a browser that cannot says what to do instead', () => {
    const main = drawn('none');
    expect(main.querySelector('li')).toBeNull();
    expect(main.textContent).toBe(text('installNone'));
  });
});
