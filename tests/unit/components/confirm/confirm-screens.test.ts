import { signal } from '@preact/signals';
import { h } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createConfirmModel } from '../../../../components/confirm/confirm-model.ts';
import { ConfirmScreens } from '../../../../components/confirm/confirm-screens.tsx';
import { emptyInbox, type Inbox, type InboxState } from '../../../../components/confirm/inbox.ts';
import type { CodeOutcome } from '../../../../core/transaction/confirmations.ts';
import { draw, focused } from '../draw.ts';
import { text } from '../texts.ts';
import { aToken } from '../tokens.ts';
import { aConfirmation, START } from './confirmations.ts';

let page: EventTarget;
/** Whether it is the app of a phone, of which a picture may be taken. */
let installed: boolean;
const copied: string[] = [];

beforeEach(() => {
  page = new EventTarget();
  installed = false;
  copied.length = 0;
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('matchMedia', () => ({ matches: installed }));
});
afterEach(async () => {
  await act(() => void draw(null));
  vi.unstubAllGlobals();
});

/** 取引認証 as it is drawn for an answer of the services. */
function drawn(answer: InboxState['answer'], code: CodeOutcome = { kind: 'unreachable' }): HTMLElement {
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
        code: async () => code,
      },
      clock: () => START,
      clockKeeper: { offset: async () => undefined },
      schedule: () => () => undefined,
    },
    inbox,
  );
  const shell = { institution: () => undefined, copy: async (code: string) => void copied.push(code) };
  const view = h(ConfirmScreens, { shell, model, inbox, tokens: [aToken()], onDone: () => undefined });
  return draw(view);
}

const nothing = { confirmations: [], failed: [] };
const CONFIRMED = aConfirmation({ mode: 'code', status: 'confirmed', useBy: START + 600_000 });

test('says that nothing waits once the services were asked, and not while they could not be', () => {
  expect(drawn(nothing).textContent).toContain(text('confirmNothing'));
  for (const unasked of [undefined, { ...nothing, concealed: 'perhaps' } as const])
    expect(drawn(unasked).textContent).toContain(text('confirmLoading'));
});

test('a code that no answer came for is not said to be over, and can be asked for again', async () => {
  const main = drawn({ ...nothing, confirmations: [CONFIRMED] });
  await vi.waitFor(() => expect(main.textContent).toContain(text('confirmCodeFailed')), 20_000);
  expect(main.textContent).not.toContain(text('confirmCodeNone'));
  expect(main.querySelector('.notice button')?.textContent).toBe(text('retry'));
});

test('the focus goes on from 再試行, which is gone while the code is asked for again', async () => {
  const main = drawn({ ...nothing, confirmations: [CONFIRMED] });
  const retry = await vi.waitUntil(() => main.querySelector<HTMLElement>('.notice button'), 20_000);
  await act(() => undefined);
  const times = focused.length;
  await act(() => retry.click());
  expect(focused.slice(times).map(({ textContent }) => textContent)).toEqual([text('confirmCode')]);
});

describe('the code of a transfer, while the customer leaves the app', () => {
  const codeIn = (main: HTMLElement) => main.querySelector('output.code')?.textContent ?? '';
  const tell = (what: 'blur' | 'focus') => act(() => void page.dispatchEvent(new Event(what)));

  async function shown(): Promise<HTMLElement> {
    const made = { kind: 'made', code: '48290517' } as const;
    const main = drawn({ ...nothing, confirmations: [CONFIRMED] }, made);
    await vi.waitFor(() => expect(codeIn(main)).toContain('4829'), 20_000);
    await act(() => undefined);
    return main;
  }

  test('is not in the picture that a phone takes of an installed app, nor copied, and is there again', async () => {
    installed = true;
    const main = await shown();
    await tell('blur');
    expect(main.textContent).not.toMatch(/4829|4 8 2 9/);
    main.querySelector<HTMLElement>('.button.primary')?.click();
    expect(copied).toEqual([]);
    await tell('focus');
    expect(codeIn(main)).toContain('4829');
  });

  test('stays beside the bank where nothing takes a picture', async () => {
    const main = await shown();
    await tell('blur');
    expect(codeIn(main)).toContain('4829');
  });
});
