import { h } from 'preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { LockSettings } from '../../../../components/lock/lock-screens.tsx';
import type { Lock, LockState } from '../../../../core/vault/lock.ts';
import { draw, focused } from '../draw.ts';

let state: LockState;

const lock: Lock = {
  state: async () => state,
  unlock: async () => ({ kind: 'done' }),
  change: async () => ({ kind: 'done' }),
  lock: async () => undefined,
  setAutoLock: async () => undefined,
  watch: () => undefined,
};

beforeEach(() => {
  state = {
    method: 'none',
    locked: false,
    triesLeft: undefined,
    autoLock: 15,
    locksWithScreen: true,
    passkeys: 'ready',
    wiped: undefined,
  };
});

test('ロックを変更 and what comes of it move the focus on from the button that is gone', async () => {
  const drawn = draw(h(LockSettings, { lock, tokens: [], onWiped: () => undefined }));
  const words = () => focused.map(({ textContent }) => textContent);
  const press = async (label: string) => {
    const button = await vi.waitUntil(() =>
      [...drawn.querySelectorAll('button')].find(({ textContent }) => textContent === label),
    );
    button.click();
  };
  await press('ロックの設定を変更する');
  await vi.waitFor(() => expect(words()).toEqual(['ロックの設定を変更する']));
  await press('パスキー');
  await vi.waitFor(() => expect(words()).toEqual(['ロックの設定を変更する', 'ロック']));
});

test.each([
  [true, '端末を操作しないままこの時間がたつか、画面がロックされると、自動でロックします。'],
  [false, 'この画面を操作しないままこの時間がたつと、自動でロックします。'],
])('what locks by itself is said as it is: the screen counts, %s', async (locksWithScreen, hint) => {
  state = { ...state, method: 'pin', locksWithScreen };
  const drawn = draw(h(LockSettings, { lock, tokens: [], onWiped: () => undefined }));
  await vi.waitFor(() => expect(drawn.querySelector('#auto-lock-hint')?.textContent).toBe(hint));
});
