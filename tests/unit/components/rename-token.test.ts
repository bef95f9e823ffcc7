import { h } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, test, vi } from 'vitest';
import { RenameToken } from '../../../components/rename-token.tsx';
import { VaultError, type VaultFailure } from '../../../core/vault/errors.ts';
import { draw, send } from './draw.ts';
import { text } from './texts.ts';
import { aToken } from './tokens.ts';

let failure: VaultFailure | undefined;
let went: string[];

beforeEach(() => {
  failure = undefined;
  went = [];
});

/** Registers a name. */
async function register(suffix = 'わが家'): Promise<HTMLElement> {
  const rename = async () => {
    if (failure) throw new VaultError(failure);
  };
  const main = draw(
    h(RenameToken, {
      title: text('renameTitle'),
      token: aToken({ suffix: '会社' }),
      vault: { rename },
      onRenamed: async (suffix: string) => void went.push(`renamed ${suffix}`),
      onMissing: async () => void went.push('missing'),
    }),
  );
  const input = main.querySelector<HTMLInputElement>('#suffix');
  await act(() => {
    if (input) input.value = suffix;
    send(input, 'input');
  });
  await act(() => send(main.querySelector('form'), 'submit'));
  return main;
}

test('a token is renamed', async () => {
  await register();
  await vi.waitFor(() => expect(went).toEqual(['renamed わが家']), 20_000);
});

test('a name that could not be stored is said', async () => {
  failure = 'full';
  const main = await register();
  await vi.waitFor(() => expect(main.textContent).toContain(text('storageWriteFailed')), 20_000);
  expect(went).toEqual([]);
});

test('a token that was removed in another tab is left, and storage is not blamed', async () => {
  failure = 'missing';
  const main = await register();
  await vi.waitFor(() => expect(went).toEqual(['missing']), 20_000);
  expect(main.textContent).not.toContain(text('storageWriteFailed'));
});

test('a name that stays as it was is registered though storage has no room', async () => {
  failure = 'full';
  await register('会社');
  await vi.waitFor(() => expect(went).toEqual(['renamed 会社']), 20_000);
});
