import { h } from 'preact';
import { expect, test, vi } from 'vitest';
import { LockSettings } from '../../../../components/lock/lock-screens.tsx';
import type { Lock } from '../../../../core/vault/lock.ts';
import { draw, focused } from '../draw.ts';

const lock: Lock = {
  state: async () => ({
    method: 'none',
    locked: false,
    triesLeft: undefined,
    autoLock: 15,
    passkeys: 'ready',
    wiped: undefined,
  }),
  unlock: async () => ({ kind: 'done' }),
  change: async () => ({ kind: 'done' }),
  lock: async () => undefined,
  setAutoLock: async () => undefined,
  watch: () => undefined,
};

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
