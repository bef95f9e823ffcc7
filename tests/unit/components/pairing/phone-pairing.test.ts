import { h, render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { PairingScreen } from '../../../../components/pairing/pairing-screen.tsx';
import { TextContext } from '../../../../components/text.ts';
import type { TokenModel } from '../../../../components/token-model.ts';
import { initialState } from '../../../../components/token-state.ts';
import type { Shell } from '../../../../core/shell.ts';
import { draw } from '../draw.ts';
import { text } from '../texts.ts';
import { aToken } from '../tokens.ts';

const refused = async () => ({ kind: 'refused', reason: 'unreachable' }) as const;
const pairer = { take: refused, desktops: refused, remove: refused };
const shell = { pairing: { kind: 'phone', pairer } } as unknown as Shell;
const model = { state: { value: { ...initialState(0), tokens: [aToken()] } } } as unknown as TokenModel;

test('the code of a link is filled in, also of one that is opened while the screen is shown', async () => {
  const main = draw(null);
  const show = (code: string) => {
    const scanned = `${code}.${'h'.repeat(22)}`;
    const screen = h(PairingScreen, { shell, model, dispatch: () => undefined, at: 'pair', scanned });
    return act(() => render(h(TextContext.Provider, { value: text }, screen), main));
  };
  for (const code of ['12345678', '87654321']) {
    await show(code);
    await vi.waitFor(() => expect(main.querySelector('input')?.value).toBe(code), 20_000);
  }
  await act(() => render(null, main));
});
