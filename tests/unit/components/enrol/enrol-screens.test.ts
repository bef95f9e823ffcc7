import { h } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { EnrolScreen } from '../../../../components/enrol/enrol-screens.tsx';
import type { ScreenProps } from '../../../../components/screen-props.ts';
import { VaultError } from '../../../../core/vault/errors.ts';
import { draw, send } from '../draw.ts';
import { text } from '../texts.ts';
import { aToken } from '../tokens.ts';

test('a token that was removed in another tab before it has its name is left, and storage is not blamed', async () => {
  const went: unknown[] = [];
  const props = {
    shell: { vault: { rename: async () => Promise.reject(new VaultError('missing')) } },
    model: { reload: async () => void went.push('reloaded') },
    dispatch: (event: unknown) => void went.push(event),
  } as unknown as ScreenProps;
  const route = { at: 'name', purpose: 'first', token: aToken() } as const;
  const main = draw(h(EnrolScreen, { ...props, route }));
  const input = main.querySelector<HTMLInputElement>('#suffix');
  await act(() => {
    if (input) input.value = 'わが家';
    send(input, 'input');
  });
  await act(() => send(main.querySelector('form'), 'submit'));
  await vi.waitFor(() => expect(went).toEqual(['reloaded', { kind: 'go', to: 'code' }]), 20_000);
  expect(main.textContent).not.toContain(text('storageWriteFailed'));
});
