import { signal } from '@preact/signals';
import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { describe, expect, test } from 'vitest';
import type { ApprovalModel } from '../../../../components/approval/approval-model.ts';
import { ApprovalScreen } from '../../../../components/approval/approval-screen.tsx';
import {
  type ApprovalPhase,
  type ApprovalState,
  reduceApproval,
} from '../../../../components/approval/approval-state.ts';
import { GUARD_MS } from '../../../../components/confirm/confirm-state.ts';
import { emptyInbox, type Inbox } from '../../../../components/confirm/inbox.ts';
import { TextContext } from '../../../../components/text.ts';
import type { PendingApproval } from '../../../../core/transaction/approvals.ts';
import type { PendingConfirmation } from '../../../../core/transaction/confirmations.ts';
import { aConfirmation } from '../confirm/confirmations.ts';
import { draw, focused } from '../draw.ts';
import { text } from '../texts.ts';
import { aToken } from '../tokens.ts';
import { anApproval, NOW } from './approvals.ts';

interface Asked {
  readonly approval?: PendingApproval;
  /** What the services told of. */
  readonly confirmations?: readonly PendingConfirmation[];
}

/** The screen of one question, as it stands at a time. */
async function drawn(phase: ApprovalPhase, deviceMs = NOW, asked: Asked = {}): Promise<HTMLElement> {
  const { approval = anApproval(), confirmations = [] } = asked;
  const shown = { approval, agreed: false, agreeFirst: false, phase, since: NOW };
  const state = signal<ApprovalState>({ list: [approval], shown, over: [], deviceMs });
  const model: ApprovalModel = {
    state,
    show: () => undefined,
    hide: () => undefined,
    agree: () => undefined,
    press: async (decision) => {
      state.value = reduceApproval(state.value, { kind: 'pressed', decision, at: NOW + GUARD_MS });
    },
    keep: () => undefined,
    acknowledge: () => undefined,
  };
  const inbox: Inbox = {
    state: signal({ ...emptyInbox, answer: { confirmations, failed: [] } }),
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

test.each([
  ['approved', 'approvalUnheardBody'],
  ['refused', 'approvalLateBody'],
] as const)(
  'a decision (%s) that may have arrived says no more than is known of it',
  async (decision, body) => {
    const phase = { kind: 'refused', decision, reason: 'unreachable' } as const;
    const main = await drawn(phase, NOW + 60_000);
    expect(wordsOf(main, '.lead')).toBe(text(body));
  },
);

describe('the code of a transaction', () => {
  const transfer = aConfirmation();
  const { tokenId, details } = transfer;
  const approval = anApproval({ tokenId, confirmation: details.confirmation });
  const button = (main: HTMLElement, name: string) =>
    [...main.querySelectorAll('button')].find(({ textContent }) => textContent === name);

  test('whose details are not there cannot be approved: why is said, and the way to them', async () => {
    const main = await drawn({ kind: 'asking' }, NOW, { approval });
    expect(main.textContent).toContain(text('approvalNoDetailsTitle'));
    expect(button(main, text('ok'))).toBeUndefined();
    expect(button(main, text('confirmCheck'))).toBeDefined();
    expect(button(main, text('confirmReject'))).toBeDefined();
  });

  test('is approved by OK after its box: pressed before, it says so and leads there', async () => {
    const main = await drawn({ kind: 'asking' }, NOW, { approval, confirmations: [transfer] });
    expect(main.textContent).not.toContain(text('approvalNoDetailsTitle'));
    expect(button(main, text('confirmCheck'))).toBeUndefined();
    await act(() => button(main, text('ok'))?.click());
    const box = main.querySelector('input');
    expect(focused).toEqual([box]);
    const described = box?.getAttribute('aria-describedby');
    expect(main.querySelector(`#${described}`)?.textContent).toBe(text('confirmAgreeFirst'));
  });
});
