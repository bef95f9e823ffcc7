import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInbox } from '../../../components/confirm/inbox.ts';
import { createPreferenceModel } from '../../../components/preference-model.ts';
import { TokenApp } from '../../../components/token-app.tsx';
import { createTokenModel, type TokenModel } from '../../../components/token-model.ts';
import type { Shell, TokenPlace } from '../../../core/shell.ts';
import type { UpdateState } from '../../../core/updates.ts';
import { VaultError } from '../../../core/vault/errors.ts';
import type { LockOutcome } from '../../../core/vault/lock.ts';
import { draw, send } from './draw.ts';
import { text } from './texts.ts';
import { World } from './token-world.ts';
import { aToken } from './tokens.ts';

const PIN = '295173';

const confirmations = {
  latest: async () => ({ confirmations: [], failed: [] }),
  watch: () => undefined,
};

let main: HTMLElement;

beforeEach(() => {
  main = draw(null);
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('history', { state: null, pushState: () => undefined });
  vi.stubGlobal('location', { hash: '', pathname: '/', search: '' });
});
afterEach(async () => {
  await act(() => render(null, main));
  vi.unstubAllGlobals();
});

test('an update stays on offer while a PIN is judged, and taken in another window it breaks none off, as that would count as wrong', async () => {
  const world = new World();
  const judged = Promise.withResolvers<LockOutcome>();
  let tellUpdate: (state: UpdateState) => void = () => undefined;
  const restart = vi.fn();
  const locked = new VaultError('locked');
  const vault = { ...world.ports.vault, list: () => Promise.reject(locked) };
  const shell = {
    ...world.ports,
    vault,
    text,
    confirmations,
    reminder: { remembered: () => [], remember: () => undefined },
    lock: {
      state: async () => ({ method: 'pin', locked: true }),
      unlock: () => judged.promise,
      watch: () => undefined,
    },
    updates: {
      watch: (tell: typeof tellUpdate) => {
        tellUpdate = tell;
      },
      restart,
    },
  } as unknown as Shell;
  await open(shell, createTokenModel({ ...world.ports, vault }), 'code');
  const input = await vi.waitUntil(() => main.querySelector<HTMLInputElement>('#pin'), 20_000);
  await act(() => {
    input.value = PIN;
    send(input, 'input');
  });
  await act(() => tellUpdate('offered'));
  const offer = main.querySelector('[role=status]');
  expect(offer?.textContent).toContain(text('updateTitle'));
  await act(() => send(input.closest('form') ?? input, 'submit'));
  expect(main.contains(offer)).toBe(true);
  await act(() => tellUpdate('taken'));
  expect(restart).not.toHaveBeenCalled();
  judged.resolve({ kind: 'refused', reason: 'wrong' });
  await vi.waitFor(() => expect(restart).toHaveBeenCalled(), 20_000);
});

test('a token that was set up in another tab is not said to be lost when this page is seen again', async () => {
  const world = new World();
  world.tokens = [];
  const model = createTokenModel(world.ports);
  const shell = {
    ...world.ports,
    text,
    confirmations,
    reminder: { remembered: () => ['senpoku'], remember: () => undefined },
    lock: { state: async () => ({ method: 'none', locked: false }), watch: () => undefined },
    guides: [],
  } as unknown as Shell;
  await open(shell, model, 'help');
  await vi.waitFor(() => expect(main.textContent).toContain(text('lostBody')), 20_000);
  await act(() => see(false));
  world.tokens = [aToken()];
  await act(() => see(true));
  await vi.waitFor(() => expect(model.state.value.tokens).toHaveLength(1), 20_000);
  expect(main.textContent).not.toContain(text('lostBody'));
});

async function open(shell: Shell, model: TokenModel, place: TokenPlace): Promise<void> {
  const props = {
    shell,
    loadTexts: async () => undefined,
    model,
    inbox: createInbox(confirmations),
    preferences: createPreferenceModel(undefined),
    place,
    said: undefined,
  } as const;
  await act(() => render(h(TokenApp, props), main));
}

/** The page is seen, or no longer. */
function see(visible: boolean): void {
  Object.defineProperty(document, 'hidden', { value: !visible, configurable: true });
  const event = document.createEvent('Event');
  event.initEvent('visibilitychange');
  document.dispatchEvent(event);
}
