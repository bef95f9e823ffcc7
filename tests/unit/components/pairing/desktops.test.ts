import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { Desktops } from '../../../../components/pairing/desktops.tsx';
import { TextContext } from '../../../../components/text.ts';
import type { Desktop, PhonePairer } from '../../../../core/vault/pairing.ts';
import { draw } from '../draw.ts';
import { text } from '../texts.ts';
import { aToken } from '../tokens.ts';

const DESKTOP: Desktop = {
  id: 'D'.repeat(22),
  jkt: 'd'.repeat(43),
  name: 'Firefox (Windows)',
  addedAt: 1_795_249_200_000,
  lastSeenAt: undefined,
  isKnown: true,
};

async function listOf(desktop: Desktop): Promise<string> {
  const pairer: PhonePairer = {
    take: async () => ({ kind: 'refused', reason: 'unreachable' }),
    desktops: async () => ({ kind: 'known', desktops: [desktop] }),
    remove: async () => ({ kind: 'removed' }),
  };
  const main = draw(null);
  const list = h(Desktops, { pairer, tokens: [aToken()], onPair: () => undefined });
  await act(() => render(h(TextContext.Provider, { value: text }, list), main));
  await act(async () => undefined);
  return main.querySelector('li')?.textContent ?? '';
}

test('a desktop whose key is not kept here has to be paired again, and its row says so', async () => {
  const words = text('desktopUnknown');
  expect(await listOf(DESKTOP)).not.toContain(words);
  expect(await listOf({ ...DESKTOP, isKnown: false })).toContain(words);
});
