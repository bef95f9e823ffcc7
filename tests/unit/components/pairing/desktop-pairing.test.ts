import { h } from 'preact';
import { afterEach, expect, test, vi } from 'vitest';
import { DesktopPairing } from '../../../../components/pairing/desktop-pairing.tsx';
import type { DesktopPairing as Pairing } from '../../../../core/shell.ts';
import { draw } from '../draw.ts';

// Nothing drawn outlives its test.
afterEach(() => void draw(null));

test('もう一度行う asks the service that was chosen, of several', async () => {
  const asked: string[] = [];
  const pairing: Pairing = {
    kind: 'desktop',
    services: [
      { institution: 'senpoku', names: ['仙北信用組合'] },
      { institution: 'akita', names: ['秋田県信用組合'] },
    ],
    pairer: {
      offer: async (institution) => {
        asked.push(institution);
        return { kind: 'refused', reason: 'unreachable' };
      },
      leave: async () => undefined,
    },
  };
  const drawn = draw(h(DesktopPairing, { pairing, onPaired: () => undefined }));
  const press = async (label: string) => {
    const found = await vi.waitUntil(
      () => [...drawn.querySelectorAll('button')].find(({ textContent }) => textContent === label),
      20_000,
    );
    found.click();
  };
  await press('秋田県信用組合');
  await press('もう一度行う');
  await vi.waitFor(() => expect(asked).toEqual(['akita', 'akita']), 20_000);
});
