import { signal } from '@preact/signals';
import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import type { ConfirmModel } from '../../../../components/confirm/confirm-model.ts';
import {
  type ConfirmState,
  initialConfirm,
  type Phase,
} from '../../../../components/confirm/confirm-state.ts';
import { Question } from '../../../../components/confirm/question.tsx';
import { TextContext } from '../../../../components/text.ts';
import { draw } from '../draw.ts';
import { text } from '../texts.ts';
import { aConfirmation, START } from './confirmations.ts';

/** The question as it stands at a time. */
async function drawn(phase: Phase, deviceMs = START, differs: readonly string[] = []): Promise<HTMLElement> {
  const confirmation = aConfirmation();
  const shown = {
    confirmation,
    differs,
    unread: [],
    agreed: false,
    agreeFirst: false,
    phase,
    since: START,
  };
  const offsets = { senpoku: { offsetMs: 0, measuredAt: START } };
  const state: ConfirmState = { ...initialConfirm(deviceMs), shown, offsets };
  const model: ConfirmModel = {
    state: signal(state),
    show: () => undefined,
    hide: () => undefined,
    open: () => undefined,
    want: () => undefined,
    close: () => undefined,
    agree: () => undefined,
    press: async () => undefined,
    keep: () => undefined,
    acknowledge: () => undefined,
    retry: () => undefined,
  };
  const screen = h(Question, { model, state, shown, name: undefined, face: undefined });
  const main = draw(null);
  await act(() => render(h(TextContext.Provider, { value: text }, screen), main));
  return main;
}

const buttons = (main: HTMLElement) =>
  [...main.querySelectorAll('button')].map(({ textContent }) => textContent);

test.each<[string, Phase, number]>([
  ['ran out', { kind: 'asking' }, START + 300_000],
  ['is gone', { kind: 'gone' }, START],
])('心当たりがない alone can be said of a transaction that %s', async (_what, phase, at) => {
  expect(buttons(await drawn(phase, at))).toEqual([text('confirmNotMe')]);
});

const LOST = { kind: 'refused', decision: 'confirmed', reason: 'unreachable' } as const;

test('after OK without an answer only OK can be sent again, and who regrets it is told whom to call', async () => {
  const main = await drawn(LOST);
  expect(buttons(main)).toEqual([text('confirmResend')]);
  expect(main.textContent).toContain(text('confirmRegret'));
});

test.each(['unreachable', 'clock', 'vault'] as const)(
  'after OK that was refused as %s, a page that differs is what counts: it is rejected, and the contact is told once',
  async (reason) => {
    const main = await drawn({ ...LOST, reason }, START, ['amount']);
    expect(buttons(main)).toEqual([text('confirmReject'), text('confirmNotMe')]);
    expect(main.querySelectorAll('.notice')).toHaveLength(1);
    expect(main.textContent).toContain(text('confirmDiffersBody'));
  },
);

test('心当たりがない that came too late is not offered again', async () => {
  expect(buttons(await drawn({ kind: 'gone', decision: 'not-me' }))).toEqual([]);
});
