import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { act } from 'preact/test-utils';
import { afterEach, expect, test, vi } from 'vitest';
import { LockSettings, LockSetup } from '../../../components/lock/lock-screens.tsx';
import { Unlock } from '../../../components/lock/unlock.tsx';
import { PairingScreen } from '../../../components/pairing/pairing-screen.tsx';
import { useScreen } from '../../../components/screen.ts';
import type { TokenModel } from '../../../components/token-model.ts';
import { initialState } from '../../../components/token-state.ts';
import type { Shell } from '../../../core/shell.ts';
import type { Lock } from '../../../core/vault/lock.ts';
import { draw, focused } from './draw.ts';
import { aToken } from './tokens.ts';

const nothing = () => undefined;

// Transformed now, so that loading it takes the moment that it takes in a browser.
await import('../../../components/pairing/screens.tsx');

/** Knows its state a moment later, as storage does. */
const lock: Lock = {
  state: async () => ({
    method: 'none',
    locked: false,
    triesLeft: undefined,
    autoLock: 15,
    usePlace: 'screen',
    passkeys: 'ready',
    wiped: undefined,
  }),
  unlock: async () => ({ kind: 'done' }),
  change: async () => ({ kind: 'done' }),
  lock: async () => undefined,
  setAutoLock: async () => undefined,
  watch: nothing,
};

const locked: Lock = {
  ...lock,
  state: async () => ({ ...(await lock.state()), method: 'passkey', locked: true }),
};

const model = { state: { value: { ...initialState(0), tokens: [aToken()] } } } as unknown as TokenModel;
const refused = async () => ({ kind: 'refused', reason: 'unreachable' }) as const;

function pairing(kind: Shell['pairing']['kind'], at: 'pair' | 'desktops'): ComponentChild {
  const pairer = { offer: refused, take: refused, desktops: refused, remove: refused };
  const services = [{ institution: 'senpoku', names: ['仙北信用組合'] }];
  const shell = { pairing: { kind, pairer, services } } as unknown as Shell;
  return h(PairingScreen, { shell, model, dispatch: nothing, at, scanned: undefined });
}

// Nothing drawn outlives its test.
afterEach(() => void draw(null));

const common = { lock, tokens: [], onWiped: nothing };

test.each<[string, ComponentChild]>([
  ['ロック', h(LockSettings, common)],
  ['ロックの設定', h(LockSetup, { ...common, onDone: nothing })],
  ['ロックされています', h(Unlock, { lock: locked, waiting: undefined, onOpen: nothing, onHelp: nothing })],
  ['スマートフォンと連携する', pairing('desktop', 'pair')],
  ['パソコンと連携する', pairing('phone', 'pair')],
  ['パソコンとの連携', pairing('phone', 'desktops')],
])('%s names the page and takes the focus before it has loaded, and keeps it', async (title, view) => {
  let go = nothing as (name: string) => void;
  const Page = () => {
    const [name, setName] = useState('settings');
    go = setName;
    useScreen(name);
    return name === 'settings' ? h('h1', null, '設定') : view;
  };
  const drawn = draw(h(Page, {}));
  await act(nothing);
  expect(focused).toEqual([]);
  await act(() => go('next'));
  const [heading] = focused;
  expect(heading?.textContent).toBe(title);
  expect(document.title).toBe(`${title} | 割符`);
  await vi.waitFor(() => expect(drawn.querySelector('.loading')).toBeNull(), 20_000);
  expect(drawn.querySelector('h1')).toBe(heading);
});
