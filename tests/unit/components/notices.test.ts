import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { NoticesOffer, NoticesScreen } from '../../../components/notices.tsx';
import { TextContext } from '../../../components/text.ts';
import type { TokenStatus } from '../../../core/api/bank.ts';
import type { Notices } from '../../../core/notices.ts';
import type { TokenSummary } from '../../../core/vault/token.ts';
import { draw, focused } from './draw.ts';
import { text } from './texts.ts';

const token = (status: TokenStatus) => ({ status }) as TokenSummary;

test('the button that turns notices on stays where it is, with the focus, and turns them off', async () => {
  const notices = { state: async () => 'off', turnOn: async () => 'on' } as unknown as Notices;
  const main = draw(null);
  await act(() =>
    render(h(TextContext.Provider, { value: text }, h(NoticesScreen, { notices, tokens: [] })), main),
  );
  const button = await vi.waitUntil(() => main.querySelector('button'), 20_000);
  expect(button.textContent).toBe(text('noticesTurnOn'));
  await act(() => button.click());
  await vi.waitFor(() => expect(main.textContent).toContain(text('noticesTurnOff')), 20_000);
  expect(main.contains(button)).toBe(true);
});

test.each([
  ['noticesTurnOn', 'on'],
  ['noticesTurnOn', 'blocked'],
  ['noticesDecline', 'off'],
] as const)(
  'after %s (%s) the focus goes on to the heading: the pressed button is gone with the offer',
  async (pressed, then) => {
    const notices = {
      answered: () => false,
      state: async () => 'off',
      turnOn: async () => then,
      turnOff: async () => 'off',
    } as unknown as Notices;
    const main = draw(null);
    const offer = [h('h1', null, '確認コード'), h(NoticesOffer, { notices, tokens: [token('active')] })];
    await act(() => render(h(TextContext.Provider, { value: text }, offer), main));
    const button = await vi.waitUntil(
      () => [...main.querySelectorAll('button')].find(({ textContent }) => textContent === text(pressed)),
      20_000,
    );
    await act(() => button.click());
    await vi.waitFor(() => expect(focused).toEqual([main.querySelector('h1')]), 20_000);
    expect(main.contains(button)).toBe(false);
  },
);

test('notices are offered only while a token can be asked something', async () => {
  const notices = { answered: () => false, state: async () => 'off' } as unknown as Notices;
  const main = draw(null);
  const show = (...tokens: TokenSummary[]) =>
    act(() => render(h(TextContext.Provider, { value: text }, h(NoticesOffer, { notices, tokens })), main));
  await show(token('suspended'), token('active'));
  await vi.waitFor(() => expect(main.textContent).toContain(text('noticesOffer')), 20_000);
  await show(token('suspended'), token('locked'));
  expect(main.textContent).toBe('');
});
