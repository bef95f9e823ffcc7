import { signal } from '@preact/signals';
import { h } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, describe, expect, test } from 'vitest';
import { emptyInbox, type InboxState } from '../../../../components/confirm/inbox.ts';
import { Elsewhere } from '../../../../components/elsewhere/elsewhere.tsx';
import { createElsewhereModel } from '../../../../components/elsewhere/elsewhere-model.ts';
import type { DecisionRefusal } from '../../../../core/transaction/decision-refusal.ts';
import type { NotMeOutcome, WaitingLogin } from '../../../../core/transaction/logins.ts';
import { draw, focused, itemsIn } from '../draw.ts';
import { aToken } from '../tokens.ts';

const NOW = Date.parse('2026-11-21T00:05:00.000Z');
const TOKEN = aToken();
const aLogin = (changes: Partial<WaitingLogin> = {}): WaitingLogin => ({
  id: 'C'.repeat(22),
  tokenId: TOKEN.id,
  institution: TOKEN.institution,
  use: 'verify',
  number: '47',
  since: NOW,
  until: NOW + 100_000,
  ...changes,
});

let now: number;
let outcome: NotMeOutcome;
let sent: string[];
let asked: number;
let state = signal<InboxState>(emptyInbox);
let timer: { readonly run: () => void; readonly ms: number } | undefined;

function start() {
  return createElsewhereModel(
    {
      schedule: (run, ms) => {
        const set = { run, ms };
        timer = set;
        return () => {
          if (timer === set) timer = undefined;
        };
      },
      confirmations: {
        notMe: async ({ id }) => {
          sent.push(id);
          return outcome;
        },
      },
      clock: () => now,
    },
    {
      state,
      ask: async () => {
        asked += 1;
      },
    },
  );
}

function hear(...logins: WaitingLogin[]) {
  state.value = { ...emptyInbox, answer: { confirmations: [], failed: [], logins } };
}

const drawn = (model: ReturnType<typeof start>) =>
  draw(h(Elsewhere, { model, tokens: [TOKEN], institution: () => undefined }));
const buttonsOf = (model: ReturnType<typeof start>) =>
  [...drawn(model).querySelectorAll('button')].map(({ textContent }) => textContent);

beforeEach(() => {
  now = NOW;
  outcome = { kind: 'stopped' };
  sent = [];
  asked = 0;
  state = signal<InboxState>(emptyInbox);
  timer = undefined;
});

describe('a login elsewhere', () => {
  test('is told of with institution, use, number and time, and nothing there can sign', () => {
    const model = start();
    hear(aLogin());
    const view = drawn(model);
    expect(view.textContent).toContain('ほかの場所でログインしようとしています');
    expect(itemsIn(view)).toEqual([
      ['トークン', TOKEN.institutionName],
      ['手続き', 'ログイン'],
      ['確認番号', '47'],
      ['時刻', '09:05'],
    ]);
    expect(buttonsOf(model)).toEqual(['心当たりがない']);
  });

  test.each([
    ['activate', '利用を始め'],
    ['release', '利用をやめ'],
  ] as const)('to %s the token is told of as such', (use, name) => {
    const model = start();
    hear(aLogin({ use }));
    expect(drawn(model).querySelector('.notice-title')?.textContent).toContain(name);
  });

  test('is told of no more once it is answered, or its time is over', () => {
    const model = start();
    hear(aLogin());
    hear();
    expect(drawn(model).textContent).toBe('');
    expect(timer).toBeUndefined();
    hear(aLogin());
    expect(timer?.ms).toBe(100_000);
    now += 100_000;
    timer?.run();
    expect(drawn(model).textContent).toBe('');
    expect(timer?.ms).toBeUndefined();
  });

  test('is told of for as long as its own time lasts, whatever else is over', () => {
    const model = start();
    hear(aLogin(), aLogin({ id: 'D'.repeat(22), number: '12', until: NOW + 150_000 }));
    now += 100_000;
    timer?.run();
    expect(itemsIn(drawn(model))).toContainEqual(['確認番号', '12']);
    expect(drawn(model).querySelectorAll('.notice-title')).toHaveLength(1);
    expect(timer?.ms).toBe(50_000);
  });
});

describe('心当たりがない', () => {
  test('asks once more, and then is sent once, however often it is pressed', async () => {
    const model = start();
    hear(aLogin());
    model.disown(aLogin());
    expect(sent).toEqual([]);
    expect(buttonsOf(model)).toEqual(['トークンの利用を停止する', '停止しないで戻る']);
    await model.stop();
    // Where the first press was meant for what stood there before.
    expect(sent).toEqual([]);
    now += 500;
    await Promise.all([model.stop(), model.stop()]);
    expect(sent).toEqual([aLogin().id]);
    hear();
    expect(drawn(model).textContent).toContain('トークンの利用を停止しました');
    expect(asked).toBe(1);
    now += 500;
    model.acknowledge();
    expect(drawn(model).textContent).toBe('');
  });

  test('moves the focus on from each button that is gone', async () => {
    const model = start();
    hear(aLogin());
    drawn(model);
    const movedBy = async (press: () => void | Promise<void>) => {
      const times = focused.length;
      now += 500;
      await act(press);
      expect(focused).toHaveLength(times + 1);
      return focused.at(-1)?.textContent;
    };
    expect(await movedBy(() => model.disown(aLogin()))).toContain('利用を停止');
    expect(await movedBy(model.keep)).toContain('ほかの場所でログイン');
    expect(await movedBy(() => model.disown(aLogin()))).toContain('利用を停止');
    expect(await movedBy(model.stop)).toContain('利用を停止しました');
  });

  test('can be left without stopping anything', () => {
    const model = start();
    hear(aLogin());
    model.disown(aLogin());
    model.keep();
    expect(buttonsOf(model)).toEqual(['心当たりがない']);
  });

  test.each<[DecisionRefusal, boolean]>([
    ['unreachable', true],
    ['clock', true],
    ['vault', true],
    ['untrusted', false],
    ['gone', false],
  ])('that is refused as %s says so, and can be sent again: %s', async (reason, again) => {
    outcome = { kind: 'refused', reason };
    const model = start();
    hear(aLogin());
    model.disown(aLogin());
    now += 500;
    await model.stop();
    expect(drawn(model).querySelector('.outcome')?.textContent).toMatch(/。$/);
    expect(buttonsOf(model)).toEqual([...(again ? ['もう一度送る'] : []), '停止しないで戻る']);
    outcome = { kind: 'stopped' };
    now += 500;
    await model.stop();
    expect(sent).toHaveLength(again ? 2 : 1);
  });
});
