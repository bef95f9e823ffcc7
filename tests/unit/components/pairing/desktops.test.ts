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

async function drawn(changes: Partial<PhonePairer>): Promise<HTMLElement> {
  const pairer: PhonePairer = {
    take: async () => ({ kind: 'refused', reason: 'unreachable' }),
    desktops: async () => ({ kind: 'known', desktops: [DESKTOP] }),
    remove: async () => ({ kind: 'removed' }),
    ...changes,
  };
  const main = draw(null);
  const list = h(Desktops, { pairer, tokens: [aToken()] });
  await act(() => render(h(TextContext.Provider, { value: text }, list), main));
  await act(async () => undefined);
  return main;
}

async function listOf(desktop: Desktop): Promise<string> {
  const main = await drawn({ desktops: async () => ({ kind: 'known', desktops: [desktop] }) });
  return main.querySelector('li')?.textContent ?? '';
}

test('a desktop whose key is not kept here has to be paired again, and its row says so', async () => {
  const words = text('desktopUnknown');
  expect(await listOf(DESKTOP)).not.toContain(words);
  expect(await listOf({ ...DESKTOP, isKnown: false })).toContain(words);
});

const noticeIn = (main: HTMLElement) => main.querySelector('[role=alert]')?.textContent;

test.each([
  ['unknown', 'desktopsForgotten'],
  ['token', 'desktopsLater'],
  ['untrusted', 'desktopsLater'],
  ['storage', 'desktopsLater'],
  ['too-often', 'desktopsLater'],
  ['unreachable', 'pairUnreachable'],
] as const)('a list that is not there says why, and nothing of a pairing: %s', async (reason, body) => {
  const main = await drawn({ desktops: async () => ({ kind: 'refused', reason }) });
  expect(noticeIn(main)).toBe(`${text('desktopsUnlisted')}${text(body)}`);
});

test('a desktop that could not be removed stays in the list, which says so', async () => {
  const main = await drawn({ remove: async () => ({ kind: 'refused', reason: 'clock' }) });
  for (const label of ['desktopRemove', 'desktopRemoveDo'] as const) {
    const words = text(label);
    const button = [...main.querySelectorAll('button')].find(({ textContent }) => textContent === words);
    await act(async () => button?.click());
  }
  expect(noticeIn(main)).toBe(`${text('desktopUnremoved')}${text('pairClock')}`);
  expect(main.querySelector('li')?.textContent).toContain(DESKTOP.name);
});
