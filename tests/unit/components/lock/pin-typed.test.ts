import { type ComponentChild, h } from 'preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { LockChooser } from '../../../../components/lock/lock-chooser.tsx';
import { Unlock } from '../../../../components/lock/unlock.tsx';
import type { Lock, LockState } from '../../../../core/vault/lock.ts';
import { draw, focused, send } from '../draw.ts';

const STATE: LockState = {
  method: 'pin',
  locked: true,
  triesLeft: undefined,
  autoLock: 15,
  usePlace: 'page',
  passkeys: 'missing',
  wiped: undefined,
};

let tried: unknown[];
const WRONG = { kind: 'refused', reason: 'wrong' } as const;
const lock: Lock = {
  state: async () => STATE,
  unlock: async (proof) => {
    tried.push(proof);
    return WRONG;
  },
  change: async (proof) => {
    tried.push(proof);
    return WRONG;
  },
  lock: async () => undefined,
  setAutoLock: async () => undefined,
  watch: () => undefined,
};
const nothing = () => undefined;

beforeEach(() => {
  tried = [];
});

const PLACES: Record<
  string,
  { view: () => ComponentChild; field: string; press: (drawn: HTMLElement) => void }
> = {
  'opens the token': {
    view: () => h(Unlock, { lock, waiting: undefined, onOpen: nothing, onHelp: nothing }),
    field: 'pin',
    press: (drawn) => send(drawn.querySelector('form'), 'submit'),
  },
  'is there already': {
    view: () =>
      h(LockChooser, {
        lock,
        state: STATE,
        tokens: [],
        onDone: nothing,
        onWiped: nothing,
        onChanged: nothing,
      }),
    field: 'current-pin',
    press: (drawn) => send([...drawn.querySelectorAll('button')].at(-1), 'click'),
  },
};

test.each(
  Object.entries(PLACES).flatMap(([what, place]) =>
    [
      ['12345', 'PINは6文字以上で入力してください。'],
      ['295-173', 'PINに使えるのは半角の英字と数字だけです。'],
      ['1'.repeat(65), 'PINは64文字までで入力してください。'],
    ].map(([typed = '', problem = '']) => ({ what, typed, problem, ...place })),
  ),
)(
  'the PIN that $what is not tried where it cannot be $typed',
  async ({ view, field, press, typed, problem }) => {
    const drawn = draw(view());
    const type = async (value: string) => {
      const input = await vi.waitUntil(() => drawn.querySelector<HTMLInputElement>(`#${field}`), 20_000);
      input.value = value;
      send(input, 'input');
      await new Promise((resolve) => setTimeout(resolve));
      press(drawn);
    };
    await type(typed);
    await vi.waitFor(() => expect(drawn.querySelector('.problem')?.textContent).toBe(problem), 20_000);
    expect(tried).toEqual([]);
    expect(focused.at(-1)?.id).toBe(field);
    await type('111111');
    await vi.waitFor(() => expect(tried).toEqual([{ kind: 'pin', pin: '111111' }]), 20_000);
    await vi.waitFor(() => expect(drawn.querySelector('.problem')).toBeNull(), 20_000);
  },
);
