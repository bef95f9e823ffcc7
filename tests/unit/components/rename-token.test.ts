import { h } from 'preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { RenameToken } from '../../../components/rename-token.tsx';
import { VaultError, type VaultFailure } from '../../../core/vault/errors.ts';
import { draw } from './draw.ts';
import { text } from './texts.ts';
import { aToken } from './tokens.ts';

let failure: VaultFailure | undefined;
let went: string[];

beforeEach(() => {
  failure = undefined;
  went = [];
});

/** Presses 登録 on the form as it is drawn. */
function register(): HTMLElement {
  const rename = async () => {
    if (failure) throw new VaultError(failure);
  };
  const main = draw(
    h(RenameToken, {
      token: aToken({ suffix: 'わが家' }),
      vault: { rename },
      onRenamed: async (suffix: string) => void went.push(`renamed ${suffix}`),
      onMissing: async () => void went.push('missing'),
    }),
  );
  const form = main.querySelector('form');
  const event = main.ownerDocument.createEvent('Event');
  event.initEvent('submit', true, true);
  form?.dispatchEvent(event);
  return main;
}

test('a token is renamed', async () => {
  register();
  await vi.waitFor(() => expect(went).toEqual(['renamed わが家']), 20_000);
});

test('a name that could not be stored is said', async () => {
  failure = 'full';
  const main = register();
  await vi.waitFor(() => expect(main.textContent).toContain(text('storageWriteFailed')), 20_000);
  expect(went).toEqual([]);
});

test('a token that was removed in another tab is left, and storage is not blamed', async () => {
  failure = 'missing';
  const main = register();
  await vi.waitFor(() => expect(went).toEqual(['missing']), 20_000);
  expect(main.textContent).not.toContain(text('storageWriteFailed'));
});
