import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { Desktops } from '../../../../components/pairing/desktops.tsx';
import { TextContext } from '../../../../components/text.ts';
import type { Desktop, PhonePairer } from '../../../../core/vault/pairing.ts';
import { draw, focused } from '../draw.ts';
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

/** Presses the button of these words, if there is one. */
async function press(main: HTMLElement, label: 'desktopRemove' | 'desktopRemoveDo' | 'cancel') {
  const words = text(label);
  const button = [...main.querySelectorAll('button')].find(({ textContent }) => textContent === words);
  await act(async () => button?.click());
}

const focusedWords = () => focused.map(({ textContent }) => textContent);

test('a desktop that could not be removed stays in the list, which says so', async () => {
  const main = await drawn({ remove: async () => ({ kind: 'refused', reason: 'clock' }) });
  for (const label of ['desktopRemove', 'desktopRemoveDo'] as const) await press(main, label);
  expect(noticeIn(main)).toBe(`${text('desktopUnremoved')}${text('pairClock')}`);
  expect(main.querySelector('li')?.textContent).toContain(DESKTOP.name);
  await vi.waitFor(
    () => expect(focusedWords()).toEqual([text('desktopRemoveAsk'), text('desktopRemove')]),
    20_000,
  );
});

test('where the list is gone with the button that was pressed, the focus goes to the heading above it', async () => {
  let known: Awaited<ReturnType<PhonePairer['desktops']>> = { kind: 'known', desktops: [DESKTOP] };
  const main = await drawn({
    desktops: async () => known,
    remove: async () => {
      known = { kind: 'refused', reason: 'unreachable' };
      return known;
    },
  });
  for (const label of ['desktopRemove', 'desktopRemoveDo'] as const) await press(main, label);
  expect(noticeIn(main)).toBe(`${text('desktopsUnlisted')}${text('pairUnreachable')}`);
  expect(focused.at(-1)?.localName).toBe('h2');
});

test('the focus goes to the question, and back to the button that asked it', async () => {
  const main = await drawn({});
  expect(focused).toEqual([]);
  await press(main, 'desktopRemove');
  await press(main, 'cancel');
  expect(focusedWords()).toEqual([text('desktopRemoveAsk'), text('desktopRemove')]);
});

test('of a desktop that was removed it is said that it was, where the focus goes on', async () => {
  const OTHER = { ...DESKTOP, id: 'E'.repeat(22), name: 'Chrome (macOS)' };
  let desktops = [DESKTOP, OTHER];
  const main = await drawn({
    desktops: async () => ({ kind: 'known', desktops }),
    remove: async (_token, { id }) => {
      desktops = desktops.filter((one) => one.id !== id);
      return { kind: 'removed' };
    },
  });
  const said = () => main.querySelector('[role=status]')?.textContent;
  expect(said()).toBe('');
  for (const { name } of [DESKTOP, OTHER]) {
    focused.length = 0;
    for (const label of ['desktopRemove', 'desktopRemoveDo'] as const) await press(main, label);
    expect(said()).toBe(text('desktopRemoved', name));
    expect(focusedWords()).toEqual([text('desktopRemoveAsk'), main.querySelector('h2')?.textContent]);
  }
  expect(main.querySelector('li')).toBeNull();
});
