import { signal } from '@preact/signals';
import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import type { ApprovalModel } from '../../../../components/approval/approval-model.ts';
import { ApprovalScreen } from '../../../../components/approval/approval-screen.tsx';
import type { ApprovalPhase } from '../../../../components/approval/approval-state.ts';
import { emptyInbox, type Inbox } from '../../../../components/confirm/inbox.ts';
import { TextContext } from '../../../../components/text.ts';
import { draw } from '../draw.ts';
import { text } from '../texts.ts';
import { aToken } from '../tokens.ts';
import { anApproval, NOW } from './approvals.ts';

/** The screen of one question, as it stands at a time. */
async function drawn(phase: ApprovalPhase, deviceMs = NOW): Promise<HTMLElement> {
  const approval = anApproval();
  const shown = { approval, agreed: false, phase, since: NOW };
  const model: ApprovalModel = {
    state: signal({ list: [approval], shown, over: [], deviceMs }),
    show: () => undefined,
    hide: () => undefined,
    agree: () => undefined,
    press: async () => undefined,
    keep: () => undefined,
    acknowledge: () => undefined,
  };
  const inbox: Inbox = {
    state: signal(emptyInbox),
    ask: async () => undefined,
    decided: () => undefined,
    open: () => undefined,
  };
  const screen = h(ApprovalScreen, {
    model,
    inbox,
    tokens: [aToken()],
    institution: () => undefined,
    onDone: () => undefined,
  });
  const main = draw(null);
  await act(() => render(h(TextContext.Provider, { value: text }, screen), main));
  return main;
}

const wordsOf = (main: HTMLElement, selector: string) => main.querySelector(selector)?.textContent;

test('what is read out does not change with every second', async () => {
  const phase = { kind: 'waiting', until: NOW + 30_000 } as const;
  for (const seconds of [30, 29]) {
    const main = await drawn(phase, NOW + (30 - seconds) * 1_000);
    expect(main.textContent).toContain(text('approvalWaitsSeconds', String(seconds)));
    expect(wordsOf(main, '[aria-live]')).toBe(text('approvalWaits'));
  }
});

test.each<[string, ApprovalPhase, number]>([
  ['ran out', { kind: 'asking' }, NOW + 60_000],
  ['is gone', { kind: 'gone' }, NOW],
])('心当たりがない can be said of a question that %s', async (_what, phase, at) => {
  expect((await drawn(phase, at)).textContent).toContain(text('confirmNotMe'));
});

test('心当たりがない that stopped nothing says so, and is not offered again', async () => {
  const main = await drawn({ kind: 'gone', decision: 'not-me' });
  expect(wordsOf(main, 'h1')).toBe(text('approvalUnstoppedTitle'));
  expect(main.textContent).not.toContain(text('confirmNotMe'));
});
