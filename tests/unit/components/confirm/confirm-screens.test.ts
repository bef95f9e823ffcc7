import { signal } from '@preact/signals';
import { h } from 'preact';
import { expect, test, vi } from 'vitest';
import { createConfirmModel } from '../../../../components/confirm/confirm-model.ts';
import { ConfirmScreens } from '../../../../components/confirm/confirm-screens.tsx';
import { emptyInbox, type Inbox, type InboxState } from '../../../../components/confirm/inbox.ts';
import { draw } from '../draw.ts';
import { text } from '../texts.ts';
import { aToken } from '../tokens.ts';
import { aConfirmation, START } from './confirmations.ts';

/** 取引認証 as it is drawn for an answer of the services. */
function drawn(answer: InboxState['answer']): HTMLElement {
  const inbox: Inbox = {
    state: signal({ ...emptyInbox, answer }),
    ask: async () => undefined,
    decided: () => undefined,
    open: () => undefined,
  };
  const model = createConfirmModel(
    {
      confirmations: {
        decide: async () => ({ kind: 'refused', reason: 'unreachable' }),
        code: async () => ({ kind: 'unreachable' }),
      },
      clock: () => START,
      clockKeeper: { offset: async () => undefined },
      schedule: () => () => undefined,
    },
    inbox,
  );
  const shell = { institution: () => undefined, copy: async () => undefined };
  const view = h(ConfirmScreens, { shell, model, inbox, tokens: [aToken()], onDone: () => undefined });
  return draw(view);
}

const nothing = { confirmations: [], failed: [] };

test('says that nothing waits once the services were asked, and not while they could not be', () => {
  expect(drawn(nothing).textContent).toContain(text('confirmNothing'));
  for (const unasked of [undefined, { ...nothing, concealed: 'perhaps' } as const])
    expect(drawn(unasked).textContent).toContain(text('confirmLoading'));
});

test('a code that no answer came for is not said to be over, and can be asked for again', async () => {
  const confirmed = aConfirmation({ mode: 'code', status: 'confirmed', useBy: START + 600_000 });
  const main = drawn({ ...nothing, confirmations: [confirmed] });
  await vi.waitFor(() => expect(main.textContent).toContain(text('confirmCodeFailed')), 20_000);
  expect(main.textContent).not.toContain(text('confirmCodeNone'));
  expect(main.querySelector('.notice button')?.textContent).toBe(text('retry'));
});
