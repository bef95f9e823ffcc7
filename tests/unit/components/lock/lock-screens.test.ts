import { h } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, test, vi } from 'vitest';
import { LockSettings, LockSetup } from '../../../../components/lock/lock-screens.tsx';
import { Unlock } from '../../../../components/lock/unlock.tsx';
import type { Lock, LockOutcome, LockState } from '../../../../core/vault/lock.ts';
import { draw, focused, send } from '../draw.ts';

let state: LockState;
let outcome: () => LockOutcome;

/** Another page has set a lock, or another one, in the meantime. */
const changedTo = (method: LockState['method']) => (): LockOutcome => {
  state = { ...state, method };
  return { kind: 'refused', reason: 'changed' };
};

const lock: Lock = {
  state: async () => state,
  unlock: async () => outcome(),
  change: async () => outcome(),
  lock: async () => undefined,
  setAutoLock: async () => undefined,
  watch: () => undefined,
};

async function press(drawn: HTMLElement, label: string): Promise<void> {
  const button = await vi.waitUntil(
    () => [...drawn.querySelectorAll('button')].find(({ textContent }) => textContent === label),
    20_000,
  );
  button.click();
}

beforeEach(() => {
  outcome = () => ({ kind: 'done' });
  state = {
    method: 'none',
    locked: false,
    triesLeft: undefined,
    autoLock: 15,
    usePlace: 'screen',
    passkeys: 'ready',
    wiped: undefined,
  };
});

test('ロックを変更 and what comes of it move the focus on from the button that is gone', async () => {
  const drawn = draw(h(LockSettings, { lock, tokens: [], onWiped: () => undefined }));
  const words = () => focused.map(({ textContent }) => textContent);
  await press(drawn, 'ロックの設定を変更する');
  await vi.waitFor(() => expect(words()).toEqual(['ロックの設定を変更する']), 20_000);
  await press(drawn, 'パスキー');
  await vi.waitFor(() => expect(words()).toEqual(['ロックの設定を変更する', 'ロック']), 20_000);
});

test.each([
  ['screen', '端末を操作しないままこの時間がたつか、画面がロックされると、自動でロックします。'],
  [
    'device',
    '端末を操作しないままこの時間がたつと、自動でロックします。画面をロックしても、トークンはロックされません。',
  ],
  ['page', 'この画面を操作しないままこの時間がたつと、自動でロックします。'],
] as const)('what locks by itself is said as it is: use of the %s counts', async (usePlace, hint) => {
  state = { ...state, method: 'pin', usePlace };
  const drawn = draw(h(LockSettings, { lock, tokens: [], onWiped: () => undefined }));
  await vi.waitFor(() => expect(drawn.querySelector('#auto-lock-hint')?.textContent).toBe(hint), 20_000);
});

test.each([
  ['screen', 'ブラウザを閉じるまで'],
  ['device', 'ブラウザを閉じるまで'],
  ['page', 'この画面を閉じるまで'],
] as const)('used on the %s, it can stay open %s, and not longer', async (usePlace, words) => {
  state = { ...state, method: 'pin', usePlace };
  const drawn = draw(h(LockSettings, { lock, tokens: [], onWiped: () => undefined }));
  const option = await vi.waitUntil(() => drawn.querySelector('option[value=browser]'), 20_000);
  expect(option.textContent).toBe(words);
});

test('a lock that another page has changed is asked for as it is now: to open the token, and to change the lock', async () => {
  const CHANGED = 'ロックの設定が別の画面で変更されました。もう一度お試しください。';
  state = { ...state, method: 'passkey' };
  outcome = changedTo('pin');
  const opened = vi.fn();
  const locked = draw(h(Unlock, { lock, waiting: undefined, onOpen: opened, onHelp: () => undefined }));
  const form = await vi.waitUntil(() => locked.querySelector('form'), 20_000);
  expect(locked.querySelector('#pin')).toBeNull();
  send(form, 'submit');
  await vi.waitFor(() => expect(locked.querySelector('#pin')).not.toBeNull(), 20_000);
  expect(locked.textContent).toContain(CHANGED);
  expect(opened).toHaveBeenCalledOnce();

  state = { ...state, method: 'none' };
  const settings = draw(h(LockSettings, { lock, tokens: [], onWiped: () => undefined }));
  await press(settings, 'ロックの設定を変更する');
  await press(settings, 'パスキー');
  await vi.waitFor(() => expect(settings.querySelector('#current-pin')).not.toBeNull(), 20_000);
  expect(settings.textContent).toContain(CHANGED);
});

test.each(['pin', 'passkey'] as const)('a vault that has a %s already needs none set up', async (method) => {
  state = { ...state, method };
  const onDone = vi.fn();
  const drawn = draw(h(LockSetup, { lock, tokens: [], onWiped: () => undefined, onDone }));
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce(), 20_000);
  expect(drawn.querySelector('#current-pin')).toBeNull();
});

test('a vault without a lock has one chosen', async () => {
  const onDone = vi.fn();
  const drawn = draw(h(LockSetup, { lock, tokens: [], onWiped: () => undefined, onDone }));
  await vi.waitUntil(() => drawn.querySelector('button'), 20_000);
  expect(onDone).not.toHaveBeenCalled();
  await press(drawn, '設定しない');
  await vi.waitFor(() => expect(onDone).toHaveBeenCalledOnce(), 20_000);
});

test('a vault wiped after too many wrong PINs is read again by who asks for help, and is locked no more', async () => {
  state = { ...state, method: 'pin', locked: true };
  outcome = () => {
    state = { ...state, method: 'none', locked: false };
    return { kind: 'wiped' };
  };
  const calls: string[] = [];
  const given = {
    lock,
    waiting: undefined,
    onOpen: () => calls.push('open'),
    onHelp: () => calls.push('help'),
  };
  const locked = draw(h(Unlock, given));
  const input = await vi.waitUntil(() => locked.querySelector<HTMLInputElement>('#pin'), 20_000);
  await act(() => {
    input.value = '806417';
    send(input, 'input');
  });
  await act(() => send(input.closest('form') ?? input, 'submit'));
  await vi.waitFor(() => expect(locked.querySelector('form')).toBeNull(), 20_000);
  await press(locked, 'お困りのとき');
  expect(calls).toEqual(['help', 'open']);
});

test('a vault without a lock is opened, and no passkey is asked for', async () => {
  const opened = vi.fn();
  const drawn = draw(h(Unlock, { lock, waiting: undefined, onOpen: opened, onHelp: () => undefined }));
  await vi.waitFor(() => expect(opened).toHaveBeenCalledOnce(), 20_000);
  expect(drawn.querySelector('form')).toBeNull();
});

test('設定→ロック: what could not be saved is said each time, and no more once it could', async () => {
  state = { ...state, method: 'pin' };
  let saves = false;
  const full: Lock = {
    ...lock,
    lock: async () => {
      if (!saves) throw new Error('full');
    },
  };
  const drawn = draw(h(LockSettings, { lock: full, tokens: [], onWiped: () => undefined }));
  const said = () => drawn.querySelector('[role=alert]');
  await press(drawn, '今すぐロックする');
  const first = await vi.waitUntil(said, 20_000);
  await press(drawn, '今すぐロックする');
  await vi.waitFor(() => expect([null, first]).not.toContain(said()), 20_000);
  saves = true;
  await press(drawn, '今すぐロックする');
  await vi.waitFor(() => expect(said()).toBeNull(), 20_000);
});
