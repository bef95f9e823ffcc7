import { h } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { History } from '../../../../components/confirm/history.tsx';
import { draw, focused } from '../draw.ts';
import { text } from '../texts.ts';

test('the focus goes on from 再試行, which is gone while the history is read again', async () => {
  const list = vi.fn(async () => []).mockRejectedValueOnce(new Error('of the test'));
  const main = draw(h(History, { history: { list }, tokens: [] }));
  const retry = await vi.waitUntil(() => main.querySelector('button'), 20_000);
  await vi.waitFor(() => expect(focused).toHaveLength(1), 20_000);
  await act(() => retry.click());
  await vi.waitFor(() => expect(main.textContent).toContain(text('historyEmpty')), 20_000);
  await vi.waitFor(() => expect(focused).toHaveLength(2), 20_000);
  expect(focused.at(-1)?.textContent).toBe(text('historyTitle'));
});
