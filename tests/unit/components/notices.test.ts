import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { NoticesScreen } from '../../../components/notices.tsx';
import { TextContext } from '../../../components/text.ts';
import type { Notices } from '../../../core/notices.ts';
import { draw } from './draw.ts';
import { text } from './texts.ts';

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
