import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInbox } from '../../../components/confirm/inbox.ts';
import { createPreferenceModel } from '../../../components/preference-model.ts';
import { TokenApp } from '../../../components/token-app.tsx';
import { createTokenModel } from '../../../components/token-model.ts';
import type { Shell } from '../../../core/shell.ts';
import type { UpdateState } from '../../../core/updates.ts';
import { VaultError } from '../../../core/vault/errors.ts';
import type { LockOutcome } from '../../../core/vault/lock.ts';
import { draw } from './draw.ts';
import { text } from './texts.ts';
import { World } from './token-world.ts';

const PIN = '295173';

let main: HTMLElement;

beforeEach(() => {
  main = draw(null);
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
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
  const confirmations = {
    latest: async () => ({ confirmations: [], failed: [] }),
    watch: () => undefined,
  };
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
  const props = {
    shell,
    loadTexts: async () => undefined,
    model: createTokenModel({ ...world.ports, vault }),
    inbox: createInbox(confirmations),
    preferences: createPreferenceModel(undefined),
    place: 'code',
    said: undefined,
  } as const;
  await act(() => render(h(TokenApp, props), main));
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

function send(to: Element, name: string): void {
  const event = to.ownerDocument.createEvent('Event');
  event.initEvent(name, true, true);
  to.dispatchEvent(event);
}
